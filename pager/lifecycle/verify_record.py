"""Check that the record is what was written: each timeline, the certificates of purges, and what belongs to neither."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pager.domain import retention, timeline
from pager.domain.encounter import Encounter
from pager.domain.retention import Certificate, PurgedEncounter
from pager.lifecycle.ports import Store, Work

BATCH = 200


@dataclass
class Verified:
    """What was checked. `first` is the first finding in words, None where there is none; `findings` counts them."""

    encounters: int = 0
    events: int = 0
    purged_encounters: int = 0
    purged_events: int = 0
    last: Certificate | None = None
    first: str | None = None
    findings: int = 0

    def note(self, finding: str) -> None:
        self.first = self.first or finding
        self.findings += 1


def verify_record(store: Store) -> Verified:
    """Check everything, oldest first, a batch in memory at a time; what is written meanwhile is no finding.

    Raises StoreUnavailableError.
    """
    verified = Verified()
    for work, encounter in _encounters(store):
        length, finding = _check(work, encounter)
        # It may just have been written to, between the reading of its head and of its events.
        if finding and (finding := _check_locked(store, encounter.reference)):
            verified.note(f"{encounter.reference}: {finding}")
        verified.encounters, verified.events = verified.encounters + 1, verified.events + length
    _verify_certificates(store, verified)
    _verify_strays(store, verified)
    return verified


def _encounters(store: Store) -> Iterator[tuple[Work, Encounter]]:
    after = 0
    while True:
        with store.reading() as work:
            batch = work.encounters.oldest(after=after, limit=BATCH)
            for encounter in batch:
                yield work, encounter
        if not batch:
            return
        after = batch[-1].id


def _check(work: Work, encounter: Encounter) -> tuple[int, str | None]:
    """Return how many events the encounter has, and what is wrong with them."""
    try:
        events = work.timeline.of(encounter.id)
        broken = timeline.verify(events, encounter.timeline_length, encounter.timeline_head)
    except (ValueError, TypeError):
        return 0, "an event cannot be read, so it was changed"
    return len(events), f"event {broken.seq} {broken.what}" if broken else None


def _check_locked(store: Store, reference: str) -> str | None:
    """Check again while nobody writes; what was purged meanwhile is checked by its certificate."""
    with store.writing() as work:
        encounter = work.encounters.lock_reference(reference)
        return None if encounter is None else _check(work, encounter)[1]


def _verify_certificates(store: Store, verified: Verified) -> None:
    """Certificates are chained, so what comes after the first that is broken says nothing."""
    while True:
        try:
            batch = _certificates(store, verified.last.number if verified.last else 0)
        except (ValueError, TypeError):
            verified.note("a certificate cannot be read, so it was changed")
            return
        if not batch:
            return
        broken = retention.verify(batch, verified.last)
        if broken is not None:
            verified.note(f"certificate {broken.number} {broken.what}")
            return
        for certificate, purged in batch:
            verified.last = certificate
            verified.purged_encounters += len(purged)
            verified.purged_events += sum(one.timeline_length for one in purged)


def _certificates(store: Store, after: int) -> Sequence[tuple[Certificate, Sequence[PurgedEncounter]]]:
    with store.reading() as work:
        return work.retention.certificates(after=after, limit=BATCH)


def _verify_strays(store: Store, verified: Verified) -> None:
    with store.reading() as work:
        strays = work.retention.strays()
    if strays.without_encounter is not None:
        verified.note(f"the encounter with the id {strays.without_encounter} is missing, and its events are there")
    if strays.without_certificate is not None:
        verified.note(f"the certificate of the purged encounter with the id {strays.without_certificate} is missing")
    if strays.still_there is not None:
        verified.note(f"{strays.still_there}: is said to be purged, and is there")

"""Remove encounters that ended long ago, the carrier's copies first; of each batch a certificate stays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pager.domain.encounter import Encounter
from pager.domain.retention import CarrierCopy, Certificate, PurgedEncounter
from pager.lifecycle.erase import Eraser
from pager.lifecycle.turn import Context, Turn, reading, writing

BY = "pager purge"
# What one transaction removes: on SQLite everybody else waits for it.
BATCH = 25

Copies = Mapping[int, frozenset[CarrierCopy]]


@dataclass(frozen=True)
class Batch:
    """What became of some encounters that were due.

    `certificate` is None where nothing was purged. `refused` are the references of those that stay because the
    carrier keeps its copies, `held` of those that a legal hold kept when the carrier's copies were gone already.
    """

    certificate: Certificate | None = None
    purged: tuple[PurgedEncounter, ...] = ()
    refused: tuple[str, ...] = ()
    held: tuple[str, ...] = ()


def purge(context: Context, eraser: Eraser, ended_before: datetime) -> Iterator[Batch]:
    """Remove every encounter that ended by then and is under no legal hold, and yield what was done, batch by batch.

    The network is never waited for within a transaction. Another purge at the same time takes other encounters, or
    finds them gone. Raises StoreUnavailableError; what was yielded is done.
    """
    for encounters, copies in due(context, ended_before):
        erased: dict[int, frozenset[CarrierCopy]] = {}
        refused: list[str] = []
        for one in encounters:
            if _is_held(context, one):
                continue
            if eraser.erase(copies[one.id]):
                erased[one.id] = copies[one.id]
            else:
                refused.append(one.reference)
        yield _remove(context, erased, refused, ended_before) if erased else Batch(refused=tuple(refused))


def due(context: Context, ended_before: datetime) -> Iterator[tuple[Sequence[Encounter], Copies]]:
    """Yield the encounters that are due, batch by batch, and what the carrier keeps of each."""
    after = 0
    while True:
        with reading(context) as turn:
            encounters = turn.work.retention.due(ended_before, after=after, limit=BATCH)
            copies = turn.work.retention.copies([one.id for one in encounters])
        if not encounters:
            return
        yield encounters, copies
        after = encounters[-1].id


def _is_held(context: Context, encounter: Encounter) -> bool:
    """Look again right before the carrier is asked: that cannot be undone."""
    with reading(context) as turn:
        return turn.work.retention.hold(encounter.id) is not None


def _remove(context: Context, erased: Copies, refused: Sequence[str], ended_before: datetime) -> Batch:
    """Remove encounters of which the carrier keeps nothing any more, all in one transaction."""
    with writing(context) as turn:
        retention = turn.work.retention
        locked = retention.lock_ended(erased, ended_before)
        held, copies = retention.held(erased), retention.copies(erased)
        free = [one for one in locked if one.id not in held]
        going = [one for one in free if copies[one.id] <= erased[one.id]]
        purged = tuple(PurgedEncounter(one.id, one.timeline_length, one.timeline_head) for one in going)
        certificate = _certify(turn, purged, ended_before) if purged else None
    return Batch(
        certificate=certificate,
        purged=purged,
        refused=(*refused, *(one.reference for one in free if one not in going)),
        held=tuple(one.reference for one in locked if one.id in held),
    )


def _certify(turn: Turn, purged: Sequence[PurgedEncounter], ended_before: datetime) -> Certificate:
    last = turn.work.retention.last_certificate()
    certificate = Certificate(
        number=last.number + 1 if last else 1,
        at=turn.now,
        by=BY,
        ended_before=ended_before,
        encounters=len(purged),
        previous=last.hash if last else "",
    ).sealed(purged)
    turn.work.retention.purge(certificate, purged)
    return certificate

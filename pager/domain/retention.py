"""How long an encounter is kept, what keeps it longer, and what stays of one that was purged."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from pager.domain.directory import Channel


@dataclass(eq=False)
class LegalHold:
    """An encounter that may not be purged until `lifted_at` is set."""

    encounter_id: int
    placed_at: datetime
    placed_by: str
    lifted_at: datetime | None = None
    lifted_by: str | None = None
    id: int = field(init=False)


@dataclass(frozen=True)
class CarrierCopy:
    """A message or a call that the carrier keeps a record of, by the carrier's id."""

    channel: Channel
    sid: str


@dataclass(frozen=True)
class PurgedEncounter:
    """What stays of a purged encounter: how long its timeline was, and its last hash. Nothing says whose it was."""

    encounter_id: int
    timeline_length: int
    timeline_head: str


@dataclass(frozen=True)
class Certificate:
    """Says that encounters were purged: when, by whom, and those that ended before which day.

    `hash` is over this and the purged encounters, and chained to the certificate before it.
    """

    number: int
    at: datetime
    by: str
    ended_before: datetime
    encounters: int
    previous: str
    hash: str = ""

    def sealed(self, purged: Sequence[PurgedEncounter]) -> Certificate:
        """Return the certificate with its hash."""
        return replace(self, hash=self.digest(purged))

    def digest(self, purged: Iterable[PurgedEncounter]) -> str:
        """Return the SHA-256 of the certificate, its purged encounters in the order of their ids, and `previous`."""
        content = [
            self.number,
            self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            self.by,
            self.ended_before.astimezone(UTC).isoformat(timespec="microseconds"),
            self.encounters,
            [[one.encounter_id, one.timeline_length, one.timeline_head] for one in purged],
            self.previous,
        ]
        return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()

    def document(self, purged: Sequence[PurgedEncounter]) -> dict[str, Any]:
        """Return all that the hash is over, and the hash, as plain JSON types."""
        times = {name: getattr(self, name).astimezone(UTC).isoformat() for name in ("at", "ended_before")}
        return asdict(self) | times | {"purged": [asdict(one) for one in purged]}


@dataclass(frozen=True)
class BrokenCertificate:
    """The first certificate that is not what was written."""

    number: int
    what: str


def verify(
    certificates: Iterable[tuple[Certificate, Sequence[PurgedEncounter]]], previous: Certificate | None = None
) -> BrokenCertificate | None:
    """Check certificates, each with what it names, against each other and the one before the first of them."""
    number, hash_ = (previous.number, previous.hash) if previous else (0, "")
    for certificate, purged in certificates:
        number += 1
        if certificate.number != number:
            return BrokenCertificate(number, "is missing")
        is_whole = certificate.hash == certificate.digest(purged) and certificate.encounters == len(purged)
        if certificate.previous != hash_ or not is_whole:
            return BrokenCertificate(number, "was changed")
        hash_ = certificate.hash
    return None

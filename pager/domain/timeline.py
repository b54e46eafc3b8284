"""The timeline: all that happened on an encounter, in order, each event chained to the one before by its hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any


class EventKind(StrEnum):
    OPENED = "opened"
    PAGED = "paged"
    ACKNOWLEDGED = "acknowledged"
    DECLINED = "declined"
    REPLY = "reply"
    STANDBY = "standby"
    RELEASED = "released"
    LAPSED = "lapsed"
    ASKED = "asked"
    SHORT = "short"
    UNDONE = "undone"
    TOLD = "told"
    ADDED = "added"
    ARRIVED = "arrived"
    LATE = "late"
    STOOD_DOWN = "stood_down"
    GAP = "gap"
    UNREACHABLE = "unreachable"
    ALERTED = "alerted"
    CORRECTED = "corrected"
    FOLLOW_UP = "follow_up"
    VIEWED = "viewed"
    CLOSED = "closed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Event:
    """One entry. `text` is for people and never holds anybody's free words; `data` holds plain JSON types."""

    encounter_id: int
    seq: int
    at: datetime
    kind: EventKind
    agency: str | None
    responder: str | None
    text: str
    data: Mapping[str, Any] = field(default_factory=dict)
    previous: str = ""
    hash: str = ""

    def digest(self) -> str:
        """Return the SHA-256 of this event and of the hash before it, over a canonical JSON text."""
        content = [
            self.encounter_id,
            self.seq,
            self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            self.kind.value,
            self.agency,
            self.responder,
            self.text,
            dict(self.data),
            self.previous,
        ]
        canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True)
class BrokenChain:
    """The first place where a timeline is not what was written."""

    encounter_id: int
    seq: int
    what: str


def verify(events: Iterable[Event], length: int, head: str) -> BrokenChain | None:
    """Check one encounter's events, in order, against each other and the length and head that the encounter keeps."""
    previous, seq, encounter_id = "", 0, 0
    for event in events:
        encounter_id, seq = event.encounter_id, seq + 1
        if event.seq != seq:
            return BrokenChain(encounter_id, seq, "is missing")
        if event.previous != previous or event.hash != event.digest():
            return BrokenChain(encounter_id, seq, "was changed")
        previous = event.hash
    if (seq, previous) != (length, head) or seq == 0:  # each begins by being opened
        return BrokenChain(encounter_id, seq + 1, "is missing")
    return None

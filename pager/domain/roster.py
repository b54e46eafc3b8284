"""Who is on call, tier by tier, for a station at an instant; and the rules that a set of shifts must keep.

A roster is made of shifts, overrides, and the turns of rotations (see `rotation`). All three have the shape of a shift.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Tier(StrEnum):
    """The order in which an agency's people are called."""

    PRIMARY = "primary"
    BACKUP = "backup"
    SUPERVISOR = "supervisor"


class EntryKind(StrEnum):
    """What an entry of the roster is; among equals a later one of these wins over an earlier."""

    ROTATION = "rotation"
    SHIFT = "shift"
    OVERRIDE = "override"


_STRENGTH = {kind: strength for strength, kind in enumerate(EntryKind)}


@dataclass
class Shift:
    """One person on one tier from `start_at` up to, not including, `end_at`: a shift, an override, a rotation's turn.

    `starts` and `ends` are the agency's local time without a zone, as people wrote it; the instants follow from
    them. No `stations` means all of them.
    """

    agency: str
    tier: Tier
    responder: str
    stations: frozenset[str]
    starts: datetime
    ends: datetime
    start_at: datetime
    end_at: datetime
    kind: EntryKind = EntryKind.SHIFT
    id: int | None = field(default=None, init=False, compare=False, repr=False)  # of what is stored

    @property
    def key(self) -> tuple[EntryKind, str, Tier, frozenset[str], datetime]:
        """What an entry is known by: its kind, agency, tier, stations and local start."""
        return (self.kind, self.agency, self.tier, self.stations, self.starts)

    @property
    def strength(self) -> tuple[bool, int, datetime, str]:
        """What wins where several entries hold one place: the greatest. Two are never equal.

        One that names stations over one that does not; then by kind; where two of a kind overlap all the same, the one
        that began later.
        """
        return (bool(self.stations), _STRENGTH[self.kind], self.start_at, self.responder)

    def covers(self, station: str, at: datetime) -> bool:
        """Tell whether this entry can hold its tier for `station` at `at`."""
        return (not self.stations or station in self.stations) and self.start_at <= at < self.end_at


def on_call(shifts: Iterable[Shift], station: str, at: datetime) -> dict[Tier, str]:
    """Return the responder id that holds each tier for `station` at `at`; a tier that nobody holds is absent."""
    return {tier: entry.responder for tier, entry in holders(shifts, station, at).items()}


def holders(shifts: Iterable[Shift], station: str, at: datetime) -> dict[Tier, Shift]:
    """Return the strongest entry on each tier for `station` at `at`; a tier that nobody holds is absent."""
    strongest: dict[Tier, Shift] = {}
    for shift in shifts:
        if shift.covers(station, at):
            holder = strongest.get(shift.tier)
            if holder is None or shift.strength > holder.strength:
                strongest[shift.tier] = shift
    return {tier: strongest[tier] for tier in Tier if tier in strongest}


def overlaps(shifts: Iterable[Shift]) -> Iterator[tuple[Shift, Shift]]:
    """Yield shifts that would put two people on one tier of one station at once, as pairs in the order of their starts.

    A general shift and one that names stations do not clash, nor do two of different kinds: one of them wins. Each
    shift that begins too early is in a pair with the one that holds its place the longest, which keeps the number of
    pairs near that of the shifts.
    """
    yielded: set[tuple[int, int]] = set()
    for group in _by_place(shifts).values():
        holder: Shift | None = None
        for shift in sorted(group, key=lambda one: one.start_at):
            if holder and shift.start_at < holder.end_at and (id(holder), id(shift)) not in yielded:
                yielded.add((id(holder), id(shift)))
                yield holder, shift
            if holder is None or shift.end_at > holder.end_at:
                holder = shift


def _by_place(shifts: Iterable[Shift]) -> dict[tuple[EntryKind, str, Tier, str | None], list[Shift]]:
    """Group the shifts by kind, agency, tier and station, None standing for the shifts that name none."""
    groups: dict[tuple[EntryKind, str, Tier, str | None], list[Shift]] = {}
    for shift in shifts:
        for station in shift.stations or (None,):
            groups.setdefault((shift.kind, shift.agency, shift.tier, station), []).append(shift)
    return groups

"""Who is on call, tier by tier, for a station at an instant; and the rules that a set of shifts must keep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo


class Tier(StrEnum):
    """The order in which an agency's people are called."""

    PRIMARY = "primary"
    BACKUP = "backup"
    SUPERVISOR = "supervisor"


@dataclass
class Shift:
    """One person on one tier from `start_at` up to, not including, `end_at`.

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

    @property
    def key(self) -> tuple[str, Tier, frozenset[str], datetime]:
        """What a shift is known by: its agency, tier, stations and local start."""
        return (self.agency, self.tier, self.stations, self.starts)

    def covers(self, station: str, at: datetime) -> bool:
        """Tell whether this shift holds its tier for `station` at `at`."""
        return self.start_at <= at < self.end_at and (not self.stations or station in self.stations)


def on_call(shifts: Iterable[Shift], station: str, at: datetime) -> dict[Tier, str]:
    """Return the responder id that holds each tier for `station` at `at`; a tier that nobody holds is absent.

    A shift that names stations wins over one that does not.
    """
    holders: dict[Tier, Shift] = {}
    for shift in shifts:
        if not shift.covers(station, at):
            continue
        holder = holders.get(shift.tier)
        if holder is None or (shift.stations and not holder.stations):
            holders[shift.tier] = shift
    return {tier: holders[tier].responder for tier in Tier if tier in holders}


def overlaps(shifts: Iterable[Shift]) -> Iterator[tuple[Shift, Shift]]:
    """Yield shifts that would put two people on one tier of one station at once, as pairs in the order of their starts.

    A general shift and one that names stations do not clash: the latter wins. Each shift that begins too early is in
    a pair with the one that holds its place the longest, which keeps the number of pairs near that of the shifts.
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


def _by_place(shifts: Iterable[Shift]) -> dict[tuple[str, Tier, str | None], list[Shift]]:
    """Group the shifts by agency, tier and station, None standing for the shifts that name none."""
    groups: dict[tuple[str, Tier, str | None], list[Shift]] = {}
    for shift in shifts:
        for station in shift.stations or (None,):
            groups.setdefault((shift.agency, shift.tier, station), []).append(shift)
    return groups


class NonexistentTimeError(ValueError):
    """A local time that the clocks jump over at a change to daylight saving time."""


def instant(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the UTC instant of a local time; of a time that comes twice, the first.

    Raises NonexistentTimeError for a time that the clocks jump over.
    """
    at = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) != local:
        raise NonexistentTimeError(f"{local:%Y-%m-%dT%H:%M} does not exist in {zone.key}: the clocks jump over it")
    return at


def is_ambiguous(local: datetime, zone: ZoneInfo) -> bool:
    """Tell whether a local time comes twice, because the clocks go back over it."""
    first, second = (local.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    return first is not None and second is not None and first > second


def after_the_jump(local: datetime, zone: ZoneInfo) -> datetime:
    """Return what the clocks show at a local time that they jump over: 02:30 is 03:30."""
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC).astimezone(zone).replace(tzinfo=None)

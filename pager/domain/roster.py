"""Who is on call, tier by tier, for a station at an instant; and the rules that a set of shifts must keep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import combinations
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
    """Yield the pairs of shifts that would put two people on one tier of one station at once.

    A general shift and one that names stations do not clash: the latter wins.
    """
    for one, other in combinations(sorted(shifts, key=lambda shift: shift.start_at), 2):
        if (one.agency, one.tier) != (other.agency, other.tier):
            continue
        if bool(one.stations) != bool(other.stations):
            continue
        if one.stations and not one.stations & other.stations:
            continue
        if one.start_at < other.end_at and other.start_at < one.end_at:
            yield one, other


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

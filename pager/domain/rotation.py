"""Rotations: people who take turns on a tier, handing over at the same local time across daylight saving time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

from pager.domain.roster import EntryKind, Shift, Tier

SHORTEST, LONGEST = timedelta(hours=1), timedelta(days=366)


@dataclass
class Rotation:
    """`responders` in order, each for `every`, over and over, from `starts` until `ends` (None: on and on).

    `starts` and `ends` are local time in `timezone`, the agency's when it was written, without a zone. No `stations`
    means all of them.
    """

    agency: str
    tier: Tier
    responders: tuple[str, ...]
    stations: frozenset[str]
    starts: datetime
    every: timedelta
    timezone: str
    ends: datetime | None = None
    id: int | None = field(default=None, init=False, compare=False, repr=False)  # of what is stored

    @property
    def end_at(self) -> datetime | None:
        """When it ends, None where it does not."""
        return None if self.ends is None else hand_over(self.ends, self.timezone)

    @property
    def key(self) -> tuple[str, Tier, frozenset[str]]:
        """What a rotation is known by."""
        return (self.agency, self.tier, self.stations)

    def turn_at(self, at: datetime) -> Shift | None:
        """Return the turn that `at` falls in, None before the first and after the last."""
        return next(self.turns(at, at + timedelta.resolution), None)

    def turns(self, since: datetime, until: datetime) -> Iterator[Shift]:
        """Yield the turns that overlap the time from `since` to `until`, in order."""
        # Counted in local time a turn may be an hour or two off, where the clocks have changed meanwhile.
        zone = ZoneInfo(self.timezone)
        if self.starts > until.astimezone(zone).replace(tzinfo=None) + timedelta(days=1):
            return  # far away: whatever it is, it is not reckoned with yet
        local = since.astimezone(zone).replace(tzinfo=None)
        number = max(0, (local - self.starts) // self.every - 1)
        while (turn := self._turn(number)) is not None and turn.start_at < until:
            if turn.end_at > since:
                yield turn
            number += 1

    def _turn(self, number: int) -> Shift | None:
        starts = self.starts + number * self.every
        ends = starts + self.every
        if self.ends is not None:
            ends = min(ends, self.ends)
        if ends <= starts:
            return None
        return Shift(
            self.agency,
            self.tier,
            self.responders[number % len(self.responders)],
            self.stations,
            starts,
            ends,
            hand_over(starts, self.timezone),
            hand_over(ends, self.timezone),
            EntryKind.ROTATION,
        )


def clashes(rotations: Sequence[Rotation]) -> Iterator[tuple[Rotation, Rotation]]:
    """Yield rotations that would put two people on one tier of one station at once.

    A general one and one that names stations do not clash: the latter wins.
    """
    for one, other in combinations(rotations, 2):
        is_same_place = (one.agency, one.tier) == (other.agency, other.tier)
        shares = one.stations & other.stations or (not one.stations and not other.stations)
        if is_same_place and shares and _overlap(one, other) and _overlap(other, one):
            yield one, other


def _overlap(one: Rotation, other: Rotation) -> bool:
    """Tell whether `one` begins before `other` ends."""
    return other.ends is None or hand_over(one.starts, one.timezone) < hand_over(other.ends, other.timezone)


def hand_over(local: datetime, timezone: str) -> datetime:
    """Return the instant of a hand-over at a local time; of one that comes twice the first, and of one that the clocks
    jump over the moment when they do.
    """
    zone = ZoneInfo(timezone)
    at = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    shown = at.astimezone(zone).replace(tzinfo=None)
    return at if shown == local else _jump(at, zone)


def _jump(at: datetime, zone: ZoneInfo) -> datetime:
    """Return when the clocks jumped, at `at` or up to a day before: the first instant with `at`'s offset from UTC."""
    offset = at.astimezone(zone).utcoffset()
    before, after = at - timedelta(days=1), at
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after.replace(microsecond=0)

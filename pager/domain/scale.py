"""A stretch of time drawn to scale: where an instant lies on it, and at which instants it is marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

SHORTEST = timedelta(minutes=5)

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# What people count time in; at most two and a half times the one before: there are never too few.
_STEPS = (
    *(number * _MINUTE for number in (1, 2, 5, 10, 15, 30)),
    *(number * _HOUR for number in (1, 2, 3, 6, 12)),
)


@dataclass(frozen=True)
class Scale:
    """The time from `start` to `end`, `width` wide; make it with `scale`."""

    start: datetime
    end: datetime
    width: float

    def x(self, at: datetime) -> float:
        """Return where an instant lies, from 0 to `width`; what is outside lies on the edge."""
        share = (at - self.start) / (self.end - self.start)
        return self.width * min(max(share, 0.0), 1.0)

    def ticks(self, zone: tzinfo, at_most: int) -> Sequence[datetime]:
        """Return where to mark it, evenly, in `zone`: at full minutes, hours or days; `at_most` (4 or more) marks.

        They count from the midnight before the start: past a change of the clock they stay even, and may lie at
        other hours than midnight's.
        """
        step = step_for(self.end - self.start, at_most)
        midnight = self.start.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
        since = self.start - midnight.astimezone(self.start.tzinfo)
        first = self.start + (-since % step)
        count = (self.end - first) // step + 1
        return [(first + number * step).astimezone(zone) for number in range(count)]


def scale(start: datetime, end: datetime, width: float) -> Scale:
    """Return the scale from `start` to `end`, or to a few minutes after `start` where that is later."""
    return Scale(start, max(end, start + SHORTEST), width)


def step_for(length: timedelta, at_most: int) -> timedelta:
    """Return the time between two marks so that `length` holds at most so many."""
    for step in _STEPS:
        if length < at_most * step:
            return step
    return _DAY * (length // (at_most * _DAY) + 1)

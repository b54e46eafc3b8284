"""Warnings of gaps: which are due, seven days and 24 hours ahead, at hours at which nobody is woken for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from pager.domain.coverage import Gap
from pager.domain.roster import Tier


class Notice(StrEnum):
    """How long ahead people are warned. A gap that begins within 24 hours when it is first seen has the second only."""

    WEEK = "7d"
    DAY = "24h"


_WEEK, _DAY = timedelta(days=7), timedelta(hours=24)
_WEEK_FROM, _WEEK_TO = time(8), time(20)  # local hours at which people are told
_DAY_FROM, _DAY_TO = time(7), time(22)


@dataclass(frozen=True)
class Warned:
    """That people were warned of a gap: as long as it is there, however it moves, they are not warned of it again."""

    agency: str
    station: str
    tier: Tier
    notice: Notice
    start_at: datetime
    end_at: datetime
    warned_at: datetime

    def is_of(self, gap: Gap) -> bool:
        """Tell whether this is the gap that people were warned of, though it may have moved since."""
        is_same_place = (self.agency, self.station, self.tier) == (gap.agency, gap.station, gap.tier)
        return is_same_place and self.start_at < gap.end_at and gap.start_at < self.end_at


@dataclass(frozen=True)
class Outlook:
    """What follows from how the gaps are now: what people still count as warned of, and of what they are to be."""

    kept: frozenset[Warned]
    due: Sequence[Warned]


def look(gaps: Iterable[Gap], warned: Iterable[Warned], now: datetime, zone: ZoneInfo) -> Outlook:
    """Compare one agency's gaps, none of them past, with what people were warned of; `zone` is the agency's.

    What was warned of and is in no gap any more is forgotten: should it open again, people are warned anew.
    """
    earlier = list(warned)
    kept, due = set[Warned](), list[Warned]()
    for gap in gaps:
        told = [one for one in earlier if one.is_of(gap)]
        # Of a gap that has begun only the part that was asked for is known; its beginning was.
        begun = [one.start_at for one in told] if gap.start_at <= now else []
        start_at = min([gap.start_at, *begun])
        kept.update(_moved(told, gap, start_at))
        notice = _due(start_at, {one.notice for one in told}, now)
        if notice is not None and _is_the_hour(notice, start_at, now, zone):
            due.append(Warned(gap.agency, gap.station, gap.tier, notice, start_at, gap.end_at, now))
    return Outlook(frozenset(kept), due)


def _moved(told: Iterable[Warned], gap: Gap, start_at: datetime) -> Iterator[Warned]:
    """Yield what was told of a gap as told of it where it is now, each notice once."""
    first: dict[Notice, datetime] = {}
    for one in told:
        first[one.notice] = min(first.get(one.notice, one.warned_at), one.warned_at)
    for notice, warned_at in first.items():
        yield Warned(gap.agency, gap.station, gap.tier, notice, start_at, gap.end_at, warned_at)


def _due(start_at: datetime, told: set[Notice], now: datetime) -> Notice | None:
    if start_at - now <= _DAY:
        return None if Notice.DAY in told else Notice.DAY
    return Notice.WEEK if start_at - now <= _WEEK and not told else None


def _is_the_hour(notice: Notice, start_at: datetime, now: datetime, zone: ZoneInfo) -> bool:
    """Tell whether people are told at this hour: at night only of a gap that begins before the morning."""
    local = now.astimezone(zone)
    if notice is Notice.WEEK:
        return _WEEK_FROM <= local.time() < _WEEK_TO
    if _DAY_FROM <= local.time() < _DAY_TO:
        return True
    day = local.date() if local.time() < _DAY_FROM else local.date() + timedelta(days=1)
    return start_at < datetime.combine(day, _DAY_FROM, zone)

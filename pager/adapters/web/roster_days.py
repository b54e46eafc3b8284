"""A roster day by day, as its page shows it: each change of hands in words, in the agency's local time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pager.domain.coverage import Span
from pager.domain.directory import Responder
from pager.domain.local_time import is_ambiguous
from pager.domain.readiness import remarks
from pager.domain.roster import EntryKind, Shift
from pager.domain.rotation import hand_over
from pager.lifecycle.show_roster import TierRoster


@dataclass(frozen=True)
class Stretch:
    """A part of one day in which a tier is held by one entry, or by nobody; `times` like 08:00-24:00."""

    times: str
    entry: Shift | None
    person: Responder | None
    remarks: tuple[str, ...]
    is_gap: bool
    starts: datetime  # of the whole span, local
    ends: datetime


@dataclass(frozen=True)
class Day:
    """One day's row: a column for each tier. `holiday` is its name, where it is one."""

    day: date
    holiday: str | None
    is_today: bool
    columns: Sequence[Sequence[Stretch]]


def days_between(first: date, last: date, zone: ZoneInfo) -> list[tuple[date, datetime, datetime]]:
    """Return each day from `first` to `last` with the instants at which it begins and ends."""
    count = (last - first).days + 1
    midnights = [hand_over(datetime.combine(first + timedelta(days=n), time()), zone.key) for n in range(count + 1)]
    return [(first + timedelta(days=n), midnights[n], midnights[n + 1]) for n in range(count)]


def rows(
    days: Iterable[tuple[date, datetime, datetime]],
    tiers: Sequence[TierRoster],
    people: Mapping[str, Responder],
    holidays: Mapping[date, str],
    zone: ZoneInfo,
    now: datetime,
) -> Iterator[Day]:
    """Yield the rows of a roster; `holidays` by day."""
    left = [list(reversed(one.spans)) for one in tiers]
    for day, begins, ends in days:
        columns = [
            [_stretch(span, one.is_paged, people, zone, begins, ends) for span in _of_day(spans, begins, ends)]
            for one, spans in zip(tiers, left, strict=True)
        ]
        yield Day(day, holidays.get(day), begins <= now < ends, columns)


def _of_day(left: list[Span], begins: datetime, ends: datetime) -> Iterator[Span]:
    """Yield the spans that overlap a day, and take those off the end of `left` that are over by its end."""
    while left and left[-1].end_at <= begins:
        left.pop()
    for span in reversed(left):
        if span.start_at >= ends:
            return
        yield span


def _stretch(
    span: Span, is_paged: bool, people: Mapping[str, Responder], zone: ZoneInfo, begins: datetime, ends: datetime
) -> Stretch:
    person = None if span.entry is None else people.get(span.entry.responder)
    return Stretch(
        _times(max(span.start_at, begins), min(span.end_at, ends), begins, ends, zone),
        span.entry,
        person,
        () if person is None else tuple(remarks(person, max(span.start_at, begins).astimezone(zone).date())),
        is_gap=span.entry is None and is_paged,
        starts=_local(span.start_at, zone),
        ends=_local(span.end_at, zone),
    )


def _times(start_at: datetime, end_at: datetime, begins: datetime, ends: datetime, zone: ZoneInfo) -> str:
    if (start_at, end_at) == (begins, ends):
        return "all day"
    last = "24:00" if end_at == ends else _clock(end_at, zone)
    return f"{_clock(start_at, zone)}\N{EN DASH}{last}"


def _clock(at: datetime, zone: ZoneInfo) -> str:
    """Write a time of day; one that comes twice with the name of its zone then."""
    local = at.astimezone(zone)
    return f"{local:%H:%M %Z}" if is_ambiguous(local.replace(tzinfo=None), zone) else f"{local:%H:%M}"


def _local(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)


KIND_WORDS = {EntryKind.ROTATION: "turn", EntryKind.SHIFT: "shift", EntryKind.OVERRIDE: "override"}

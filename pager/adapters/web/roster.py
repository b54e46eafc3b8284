"""The page of an agency's roster: who is on call now and next, and a week or a month of it."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request
from holidays import country_holidays

from pager.adapters.web.agency_pages import KEEPERS, keepers_agency
from pager.adapters.web.authority import allows
from pager.adapters.web.roster_days import KIND_WORDS, Day, days_between, remarks, rows
from pager.domain.coverage import Span
from pager.domain.directory import Agency, Responder
from pager.domain.roster import EntryKind, Shift, Tier
from pager.domain.rotation import Rotation
from pager.lifecycle.show_roster import SharedRoster, show_roster
from pager.lifecycle.turn import Context, Turn, reading

LOOKS_AHEAD = timedelta(days=14)


@dataclass(frozen=True)
class Period:
    """What is shown: a week from Monday or a month, and where the ones before and after begin."""

    view: str
    first: date
    last: date
    before: date
    after: date


def create_roster(context: Context, region: str) -> Blueprint:
    """Return the roster's page. `region` is the country whose holidays are shown."""
    blueprint = Blueprint("roster", __name__)

    @blueprint.get("/agencies/<code>/roster")
    @allows(*KEEPERS)
    def show(code: str) -> str:
        agency = keepers_agency(context, code)
        zone = ZoneInfo(agency.timezone)
        with reading(context) as turn:
            period = _period(request.args.get("view"), request.args.get("day"), turn.now.astimezone(zone).date())
            return _page(turn, agency, period, region)

    return blueprint


def _period(view: str | None, wanted: str | None, today: date) -> Period:
    """Return the period that an address asks for; what it asks for badly is this week."""
    try:
        day = date.fromisoformat(wanted or "")
        day.replace(year=day.year - 1), day.replace(year=day.year + 1)  # both ends of the calendar are far enough
    except ValueError:
        day = today
    if view == "month":
        first = day.replace(day=1)
        last = day.replace(day=calendar.monthrange(day.year, day.month)[1])
        return Period("month", first, last, (first - timedelta(days=1)).replace(day=1), last + timedelta(days=1))
    first = day - timedelta(days=day.weekday())
    week = timedelta(days=7)
    return Period("week", first, first + timedelta(days=6), first - week, first + week)


def _page(turn: Turn, agency: Agency, period: Period, region: str) -> str:
    zone = ZoneInfo(agency.timezone)
    days = days_between(period.first, period.last, zone)
    people = {one.id: one for one in turn.work.directory.responders() if one.agency == agency.code}
    holidays = holidays_of(region, period.first.year) | holidays_of(region, period.last.year)
    parts: list[tuple[SharedRoster, Sequence[Day]]] = [
        (one, list(rows(days, one.tiers, people, holidays, zone, turn.now)))
        for one in show_roster(turn, agency.code, days[0][1], days[-1][2])
    ]
    return render_template(
        "roster/roster.html",
        agency=agency,
        period=period,
        today=turn.now.astimezone(zone).date(),
        tiers=list(Tier),
        kinds=KIND_WORDS,
        people=people,
        stations={one.code: one.short for one in turn.work.directory.stations()},
        on_call=_now_and_next(turn, agency, people),
        parts=parts,
        gaps=sum(one.is_paged and not span.entry for shared, _ in parts for one in shared.tiers for span in one.spans),
        rotations=_running(turn, agency),
        entries=_entries(turn, agency, days[0][1], days[-1][2]),
    )


@dataclass(frozen=True)
class NowAndNext:
    """Who holds a tier now, and who takes over when; None stands for nobody."""

    stations: tuple[str, ...]
    is_all: bool
    tier: Tier
    is_paged: bool
    now: Span
    next: Span | None
    remarks: tuple[str, ...]


def _now_and_next(turn: Turn, agency: Agency, people: Mapping[str, Responder]) -> Sequence[NowAndNext]:
    zone = ZoneInfo(agency.timezone)
    found = []
    for shared in show_roster(turn, agency.code, turn.now, turn.now + LOOKS_AHEAD):
        for one in shared.tiers:
            now, *later = one.spans
            person = people.get(now.entry.responder) if now.entry else None
            said = () if person is None else tuple(remarks(person, turn.now.astimezone(zone).date()))
            following = later[0] if later else None
            found.append(NowAndNext(shared.stations, shared.is_all, one.tier, one.is_paged, now, following, said))
    return found


def _running(turn: Turn, agency: Agency) -> Sequence[Rotation]:
    """Return the rotations that are not over."""
    every = turn.work.directory.rotations([agency.code])
    return [one for one in every if one.end_at is None or one.end_at > turn.now]


def _entries(turn: Turn, agency: Agency, since: datetime, until: datetime) -> Sequence[Shift]:
    """Return the shifts and overrides of the time that is shown, also those that another one hides."""
    every = turn.work.directory.shifts([agency.code])
    shown = [one for one in every if one.start_at < until and one.end_at > since]
    return sorted(shown, key=lambda one: (one.kind is not EntryKind.OVERRIDE, one.start_at, list(Tier).index(one.tier)))


@lru_cache(maxsize=32)
def holidays_of(region: str, year: int) -> dict[date, str]:
    """Return a country's public holidays in a year, by day; none where the country's are not known."""
    try:
        return dict(country_holidays(region, years=year))
    except NotImplementedError:
        return {}

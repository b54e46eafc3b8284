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
from pager.adapters.web.roster_days import KIND_WORDS, days_between, rows
from pager.domain.coverage import Span
from pager.domain.directory import Agency, Responder
from pager.domain.readiness import remarks
from pager.domain.roster import EntryKind, Shift, Tier
from pager.domain.rotation import Rotation
from pager.lifecycle.show_roster import SharedRoster, show_roster
from pager.lifecycle.survey import SURVEYED_AHEAD
from pager.lifecycle.turn import Context, Turn, reading

SHOWN_AT_ONCE = 3


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
            return _page(turn, agency, period, region, request.args.get("station"))

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


def _page(turn: Turn, agency: Agency, period: Period, region: str, station: str | None) -> str:
    zone = ZoneInfo(agency.timezone)
    days = days_between(period.first, period.last, zone)
    people = {one.id: one for one in turn.work.directory.responders() if one.agency == agency.code}
    holidays = holidays_of(region, period.first.year) | holidays_of(region, period.last.year)
    shared = show_roster(turn, agency.code, days[0][1], days[-1][2])
    chosen = _chosen(shared, station)
    parts = [(one, list(rows(days, one.tiers, people, holidays, zone, turn.now))) for one in chosen]
    on_call = _now_and_next(turn, agency, people)
    return render_template(
        "roster/roster.html",
        agency=agency,
        period=period,
        today=turn.now.astimezone(zone).date(),
        tiers=list(Tier),
        kinds=KIND_WORDS,
        people=people,
        stations={one.code: one.short for one in turn.work.directory.stations()},
        on_call=[one for one in on_call if any(set(one.stations) & set(shown.stations) for shown in chosen)],
        parts=parts,
        shared=shared,
        gaps=sum(one.gaps for one in shared),
        rotations=_running(turn, agency),
        entries=_entries(turn, agency, chosen, days[0][1], days[-1][2]),
    )


def _chosen(shared: Sequence[SharedRoster], station: str | None) -> Sequence[SharedRoster]:
    """Return what is shown: everything where that is little, else what is asked for, or the first with a gap."""
    if len(shared) <= SHOWN_AT_ONCE and station is None:
        return shared
    of_station = [one for one in shared if station in one.stations]
    return (of_station or [one for one in shared if one.gaps] or shared)[:1]


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
    for shared in show_roster(turn, agency.code, turn.now, turn.now + SURVEYED_AHEAD):
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


def _entries(
    turn: Turn, agency: Agency, chosen: Sequence[SharedRoster], since: datetime, until: datetime
) -> Sequence[Shift]:
    """Return the shifts and overrides of what is shown, also those that another one hides."""
    stations = {station for one in chosen for station in one.stations}
    within = turn.work.directory.shifts([agency.code], since=since, until=until)
    shown = [one for one in within if not one.stations or one.stations & stations]
    return sorted(shown, key=lambda one: (one.kind is not EntryKind.OVERRIDE, one.start_at, list(Tier).index(one.tier)))


@lru_cache(maxsize=32)
def holidays_of(region: str, year: int) -> dict[date, str]:
    """Return a country's public holidays in a year, by day; none where the country's are not known."""
    try:
        return dict(country_holidays(region, years=year))
    except NotImplementedError:
        return {}

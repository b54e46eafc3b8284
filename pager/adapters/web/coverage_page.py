"""The page of gaps, `/coverage`: where nobody will be on call in the next 14 days, and people to be seen to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, url_for

from pager.adapters.web.authority import allows, current_user
from pager.domain.authority import ROLES, Deed, may_to
from pager.domain.directory import Agency
from pager.domain.readable import day_and_time, day_and_year
from pager.domain.readiness import Concern
from pager.domain.shared_gaps import SharedGap
from pager.lifecycle.survey import SURVEYED_AHEAD, Survey, survey
from pager.lifecycle.turn import Context, Turn, reading


@dataclass(frozen=True)
class GapRow:
    """A gap in words; no `stations` stand for all of them. `is_now`: it has begun."""

    tier: str
    starts: str
    ends: str
    stations: tuple[str, ...]
    is_now: bool


@dataclass(frozen=True)
class PersonRow:
    """Somebody on the roster, what is to be seen to, and when they are next on call."""

    name: str
    matters: tuple[str, ...]
    on_call: str


@dataclass(frozen=True)
class AgencyPart:
    """One agency's part of the page. `roster` is the address of its roster's page, for who keeps it."""

    agency: Agency
    roster: str | None
    gaps: Sequence[GapRow]
    people: Sequence[PersonRow]


def create_coverage_page(context: Context) -> Blueprint:
    """Return the page of gaps; an agency's administrator sees their own agency's."""
    blueprint = Blueprint("coverage", __name__)

    @blueprint.get("/coverage")
    @allows(*ROLES[Deed.SEE_ON_CALL])
    def show() -> str:
        with reading(context) as turn:
            parts = list(_parts(turn))
        return render_template("coverage/coverage.html", parts=parts, days=SURVEYED_AHEAD.days)

    return blueprint


def _parts(turn: Turn) -> Iterator[AgencyPart]:
    user, directory = current_user(), turn.work.directory
    active = [one for one in directory.agencies() if one.is_active]
    shorts = {one.code: one.short for one in directory.stations() if one.is_active}
    for one in survey(turn, [one for one in active if may_to(user, Deed.SEE_ON_CALL, agency=one.code)]):
        is_keeper = may_to(user, Deed.MANAGE_PEOPLE, agency=one.agency.code)
        yield _part(one, shorts, turn.now, url_for("roster.show", code=one.agency.code) if is_keeper else None)


def _part(one: Survey, shorts: dict[str, str], now: datetime, roster: str | None) -> AgencyPart:
    zone = ZoneInfo(one.agency.timezone)
    gaps = [_gap(gap, shorts, now, zone) for gap in one.gaps]
    return AgencyPart(one.agency, roster, gaps, [_person(concern, now, zone) for concern in one.concerns])


def _gap(gap: SharedGap, shorts: dict[str, str], now: datetime, zone: ZoneInfo) -> GapRow:
    is_all, is_now = len(gap.stations) == len(shorts), gap.start_at <= now
    return GapRow(
        tier=gap.tier.value,
        starts="now" if is_now else day_and_time(gap.start_at.astimezone(zone)),
        ends=_ends(gap.end_at, now, zone),
        stations=() if is_all else tuple(shorts[station] for station in gap.stations),
        is_now=is_now,
    )


def _ends(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    is_cut = at >= now + SURVEYED_AHEAD  # what comes after was not looked at
    return f"to beyond {local:%a %b} {local.day}" if is_cut else f"to {day_and_time(local)}"


def _person(concern: Concern, now: datetime, zone: ZoneInfo) -> PersonRow:
    matters = []
    if concern.trained_until is not None:
        verb = "ended" if concern.has_training_ended else "ends"
        matters.append(f"training {verb} {day_and_year(concern.trained_until)}")
    if concern.has_no_sms:
        matters.append("opted out of SMS, so they are only called")
    is_now = concern.on_call_at <= now
    on_call = "now" if is_now else f"from {day_and_time(concern.on_call_at.astimezone(zone))}"
    return PersonRow(concern.person.name, tuple(matters), on_call)

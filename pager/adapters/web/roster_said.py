"""What the roster's pages say of an entry, of who changed it, and of the gaps that are left."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from pager.domain.changes import name_of
from pager.domain.directory import Agency
from pager.domain.readable import day_and_time
from pager.domain.roster import Shift, Tier
from pager.domain.rotation import Rotation
from pager.domain.shared_gaps import share
from pager.lifecycle.find_gaps import find_gaps
from pager.lifecycle.survey import SURVEYED_AHEAD
from pager.lifecycle.turn import Turn

ENTRIES_LOOKED_AT = 100


def said_of_shift(turn: Turn, entry: Shift) -> str:
    """Say who is on call when: `Ana Ruiz, primary, Mon Mar 2, 8:00am to Mon Mar 9, 8:00am`."""
    name = turn.work.directory.responder(entry.responder).name
    period = f"{_when(turn, entry.starts)} to {_when(turn, entry.ends)}"
    return f"{name}, {entry.tier}, {period}{_stations(turn, entry.stations)}"


def said_of_rotation(turn: Turn, rotation: Rotation) -> str:
    """Say who takes turns: `the rotation of Ana Ruiz and Ben Okafor, primary, from Mon Mar 2, 8:00am`."""
    names = " and ".join(turn.work.directory.responder(one).name for one in rotation.responders)
    since = _when(turn, rotation.starts)
    return f"the rotation of {names}, {rotation.tier}, from {since}{_stations(turn, rotation.stations)}"


def _when(turn: Turn, local: datetime) -> str:
    """Write a local time, with its year where that is not the present one."""
    year = "" if local.year == turn.now.year else f" {local.year}"
    return f"{day_and_time(local)}{year}"


def said_of_two_tiers(turn: Turn, entry: Shift) -> Iterator[str]:
    """Say where somebody holds another tier at the same time: two rungs would then reach one telephone."""
    since, until = max(entry.start_at, turn.now), min(entry.end_at, turn.now + SURVEYED_AHEAD)
    if since >= until:
        return
    entries = turn.work.directory.entries([entry.agency], since, until)
    tiers = {one.tier for one in entries if one.responder == entry.responder and one.tier is not entry.tier}
    for tier in sorted(tiers):
        name = turn.work.directory.responder(entry.responder).name
        yield f"{name} is on the roster as {tier} at that time, too: two rungs reach one person."


def _stations(turn: Turn, codes: frozenset[str]) -> str:
    names = [turn.work.directory.station(code).short for code in sorted(codes)]
    return f", for {', '.join(names)}" if names else ""


def last_change(turn: Turn, agency: str, entry: Shift | Rotation | None) -> str | None:
    """Return who changed an entry last, None where that is not known or it is gone."""
    if entry is None:
        return None
    listed = turn.work.audit.listing(agency=agency, before=None, limit=ENTRIES_LOOKED_AT)
    return next((one.by for _, one in listed if (one.what, one.name) == name_of(entry)), None)


def said_of_gaps(turn: Turn, agency: Agency, tier: Tier) -> Iterator[str]:
    """Yield a sentence for each gap on a tier in the next 14 days."""
    until = turn.now + SURVEYED_AHEAD
    zone = ZoneInfo(agency.timezone)
    active = sum(one.is_active for one in turn.work.directory.stations())
    for gap in share(one for one in find_gaps(turn, turn.now, until, agency=agency.code) if one.tier is tier):
        period = f"{day_and_time(gap.start_at.astimezone(zone))} to {day_and_time(gap.end_at.astimezone(zone))}"
        where = "" if len(gap.stations) == active else f" for {len(gap.stations)} of {active} stations"
        yield f"Nobody is {tier}{where} from {period}."

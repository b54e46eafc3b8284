"""The doctor's look at coverage: whether anybody can be called now, and whether that will be so for a week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from pager.domain.crew import Crew
from pager.domain.directory import Station
from pager.domain.shared_gaps import SharedGap, share
from pager.lifecycle.find_gaps import find_gaps
from pager.lifecycle.turn import Turn

AHEAD = timedelta(days=7)


def look_at_coverage(turn: Turn) -> tuple[str, bool]:
    """Return what is wrong, "" where all is well, and whether it must be put right.

    A gap ahead must where no duty phone is called then.
    """
    stations = [station for station in turn.work.directory.stations() if station.is_active]
    if not stations:
        return "no station is loaded; run `pager load FILE`", True
    problems = list(_now(turn, stations))
    return ("; ".join(problems), True) if problems else _ahead(turn)


def _now(turn: Turn, stations: Sequence[Station]) -> Iterator[str]:
    """Yield which agency has neither anybody on call nor a duty phone at which station, and what else is missing."""
    policies = turn.context.policies
    without = defaultdict[str, list[str]](list)
    for station in stations:
        policy = policies.get(station.policy)
        if policy is None:
            yield f"the policy {station.policy} of {station.code} is missing"
            policy = policies.stand_in()
        crews = turn.work.directory.crews([plan.agency for plan in policy.agencies], station.code, turn.now)
        for agency, crew in crews.items():
            if not _has_anybody(crew):
                without[agency].append(station.code)
    for agency, codes in without.items():
        where = "any station" if len(codes) == len(stations) else ", ".join(codes)
        yield f"nobody of {agency} for {where}"


def _has_anybody(crew: Crew) -> bool:
    people = (*crew.on_call.values(), *([crew.duty] if crew.duty else []))
    return any(person.channels for person in people)


def _ahead(turn: Turn) -> tuple[str, bool]:
    """Return the first gap of the next seven days, of those without a duty phone where there is one."""
    found = share(find_gaps(turn, turn.now, turn.now + AHEAD))
    bare = [gap for gap in found if not turn.work.directory.agency(gap.agency).duty_phone]
    if not found:
        return "", False
    first = min(bare or found, key=lambda gap: gap.start_at)
    more = f"; {len(found) - 1} more within 7 days" if len(found) > 1 else ""
    return f"{_words(turn, first)}{more}; see `pager roster gaps`", bool(bare)


def _words(turn: Turn, gap: SharedGap) -> str:
    zone = ZoneInfo(turn.work.directory.agency(gap.agency).timezone)
    starts = "now" if gap.start_at <= turn.now else f"from {gap.start_at.astimezone(zone):%Y-%m-%d %H:%M}"
    where = gap.stations[0] if len(gap.stations) == 1 else f"{len(gap.stations)} stations"
    return f"nobody is {gap.tier.value} of {gap.agency} for {where} {starts}"

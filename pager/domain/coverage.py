"""Where nobody is on call: the gaps of a roster, tier by tier and station by station."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from pager.domain.policy import AgencyPlan
from pager.domain.roster import Shift, Tier, holders
from pager.domain.rotation import Rotation


@dataclass(frozen=True)
class Gap:
    """Nobody holds `tier` of an agency for a station from `start_at` up to, not including, `end_at`."""

    agency: str
    station: str
    tier: Tier
    start_at: datetime
    end_at: datetime


class Span(NamedTuple):
    """The entry that holds a tier for a station from `start_at` to `end_at`; None where nobody does."""

    start_at: datetime
    end_at: datetime
    entry: Shift | None


def expand(shifts: Iterable[Shift], rotations: Iterable[Rotation], since: datetime, until: datetime) -> Sequence[Shift]:
    """Return every entry that overlaps the time from `since` to `until`, the rotations turn by turn."""
    found = [shift for shift in shifts if shift.start_at < until and shift.end_at > since]
    for rotation in rotations:
        found += rotation.turns(since, until)
    return found


def spans(entries: Iterable[Shift], station: str, tier: Tier, since: datetime, until: datetime) -> Iterator[Span]:
    """Yield who holds one agency's tier for a station from `since` to `until`, without a break; `entries` are that
    agency's. Neighbours of the same entry are one span.
    """
    mine = [one for one in entries if one.tier is tier and (not one.stations or station in one.stations)]
    marks = {since, until} | {at for one in mine for at in (one.start_at, one.end_at) if since < at < until}
    ordered = sorted(marks)
    current: Span | None = None
    for start_at, end_at in pairwise(ordered):
        entry = holders(mine, station, start_at).get(tier)
        if current is not None and current.entry is entry:
            current = current._replace(end_at=end_at)
        else:
            if current is not None:
                yield current
            current = Span(start_at, end_at, entry)
    if current is not None:
        yield current


def gaps(
    entries: Iterable[Shift], agency: str, station: str, tiers: Collection[Tier], since: datetime, until: datetime
) -> Iterator[Gap]:
    """Yield where nobody holds one of `tiers` of an agency for a station, in order; `entries` are that agency's."""
    entries = list(entries)
    for tier in tiers:
        for span in spans(entries, station, tier, since, until):
            if span.entry is None:
                yield Gap(agency, station, tier, span.start_at, span.end_at)


def tiers_paged(plan: AgencyPlan) -> Sequence[Tier]:
    """Return the tiers that an agency's ladder pages by name: a gap on another one keeps nobody from being paged."""
    named = {rung.page.value for rung in plan.ladder}
    return [tier for tier in Tier if tier.value in named]

"""Where nobody is on call: the gaps of a roster, tier by tier and station by station."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise
from typing import NamedTuple

from pager.domain.policy import AgencyPlan
from pager.domain.roster import Shift, Tier
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
    within = (one for one in entries if one.start_at < until and one.end_at > since)
    mine = [one for one in within if one.tier is tier and (not one.stations or station in one.stations)]
    marks = {since, until} | {at for one in mine for at in (one.start_at, one.end_at) if since < at < until}
    for _, alike in groupby(_pieces(mine, sorted(marks)), key=lambda span: id(span.entry)):
        same = list(alike)
        yield same[0]._replace(end_at=same[-1].end_at)


def _pieces(entries: Iterable[Shift], marks: Sequence[datetime]) -> Iterator[Span]:
    """Yield the strongest entry between each two marks, among which is each beginning and end."""
    coming = sorted(entries, key=lambda one: one.start_at, reverse=True)
    begun: list[Shift] = []
    for start_at, end_at in pairwise(marks):
        while coming and coming[-1].start_at <= start_at:
            begun.append(coming.pop())
        begun = [one for one in begun if one.end_at > start_at]
        yield Span(start_at, end_at, max(begun, key=lambda one: one.strength, default=None))


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

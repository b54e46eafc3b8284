"""Gaps as people read them: those of one tier and time once, with all their stations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pager.domain.coverage import Gap
from pager.domain.roster import Tier

_ORDER = {tier: place for place, tier in enumerate(Tier)}


@dataclass(frozen=True)
class SharedGap:
    """Nobody holds `tier` of an agency for these stations from `start_at` up to, not including, `end_at`."""

    agency: str
    tier: Tier
    start_at: datetime
    end_at: datetime
    stations: tuple[str, ...]


def share(gaps: Iterable[Gap]) -> Sequence[SharedGap]:
    """Return the gaps by agency, start and tier, the stations of each in the order in which they came."""
    stations: dict[tuple[str, datetime, Tier, datetime], list[str]] = defaultdict(list)
    for gap in gaps:
        stations[gap.agency, gap.start_at, gap.tier, gap.end_at].append(gap.station)
    ordered = sorted(stations, key=lambda place: (place[0], place[1], _ORDER[place[2]], place[3]))
    return [
        SharedGap(agency, tier, start_at, end_at, tuple(stations[agency, start_at, tier, end_at]))
        for agency, start_at, tier, end_at in ordered
    ]

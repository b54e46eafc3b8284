"""Show who is on call over a time: for stations that share a roster together, tier by tier, gaps among it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pager.domain.coverage import Span, spans
from pager.domain.roster import Shift, Tier
from pager.lifecycle.coverage import tiers_paged_for
from pager.lifecycle.turn import Turn


@dataclass(frozen=True)
class TierRoster:
    """Who holds one tier, without a break. Where it is paged, a span without an entry is a gap."""

    tier: Tier
    is_paged: bool
    spans: Sequence[Span]


@dataclass(frozen=True)
class SharedRoster:
    """What is the same for these stations; `is_all` where they are all that there are."""

    stations: tuple[str, ...]
    is_all: bool
    tiers: Sequence[TierRoster]


def show_roster(turn: Turn, agency: str, since: datetime, until: datetime) -> Sequence[SharedRoster]:
    """Return an agency's roster over a time, of active stations, most stations first."""
    directory = turn.work.directory
    entries = directory.entries([agency], since, until)
    stations = [one for one in directory.stations() if one.is_active]
    groups: dict[tuple[frozenset[int], tuple[Tier, ...]], list[str]] = {}
    for station in stations:
        own = frozenset(id(entry) for entry in entries if station.code in entry.stations)
        groups.setdefault((own, tuple(tiers_paged_for(turn, station, agency))), []).append(station.code)
    shared = [
        SharedRoster(tuple(codes), len(codes) == len(stations), _tiers(entries, codes[0], paged, since, until))
        for (_, paged), codes in groups.items()
    ]
    return sorted(shared, key=lambda one: (-len(one.stations), one.stations))


def _tiers(
    entries: Sequence[Shift], station: str, paged: Sequence[Tier], since: datetime, until: datetime
) -> Sequence[TierRoster]:
    return [TierRoster(tier, tier in paged, list(spans(entries, station, tier, since, until))) for tier in Tier]

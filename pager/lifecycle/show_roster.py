"""Show who is on call over a time: for stations that share a roster together, tier by tier, gaps among it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pager.domain.coverage import Span, spans
from pager.domain.roster import Shift, Tier
from pager.lifecycle.find_gaps import tiers_paged_for
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

    @property
    def gaps(self) -> int:
        """How often nobody holds a tier that is paged."""
        return sum(one.is_paged and span.entry is None for one in self.tiers for span in one.spans)


def show_roster(turn: Turn, agency: str, since: datetime, until: datetime) -> Sequence[SharedRoster]:
    """Return an agency's roster over a time, of active stations, most stations first."""
    directory = turn.work.directory
    entries = directory.entries([agency], since, until)
    stations = [one for one in directory.stations() if one.is_active]
    general, own = _sorted_out(entries)
    groups: dict[tuple[frozenset[int], tuple[Tier, ...]], list[str]] = {}
    for station in stations:
        place = frozenset(id(entry) for entry in own[station.code])
        groups.setdefault((place, tuple(tiers_paged_for(turn, station, agency))), []).append(station.code)
    shared = [
        SharedRoster(
            tuple(codes), len(codes) == len(stations), _tiers(general + own[codes[0]], codes[0], paged, since, until)
        )
        for (_, paged), codes in groups.items()
    ]
    return sorted(shared, key=lambda one: (-len(one.stations), one.stations))


def _sorted_out(entries: Sequence[Shift]) -> tuple[list[Shift], Mapping[str, list[Shift]]]:
    """Return the entries for all stations, and those of each station that some name."""
    own: dict[str, list[Shift]] = defaultdict(list)
    for entry in entries:
        for code in entry.stations:
            own[code].append(entry)
    return [entry for entry in entries if not entry.stations], own


def _tiers(
    entries: Sequence[Shift], station: str, paged: Sequence[Tier], since: datetime, until: datetime
) -> Sequence[TierRoster]:
    return [TierRoster(tier, tier in paged, list(spans(entries, station, tier, since, until))) for tier in Tier]

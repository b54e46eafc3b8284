"""What changes to a directory do to its coverage: the gaps that they open, and those that they close."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from pager.domain.changes import Change, Entry
from pager.domain.coverage import Gap, expand, gaps
from pager.domain.directory import Agency, Responder, Station
from pager.domain.directory_file import Directory
from pager.domain.roster import Shift, Tier
from pager.domain.rotation import Rotation

EntryT = TypeVar("EntryT", Agency, Station, Responder, Shift, Rotation)
TiersPaged = Callable[[Station, str], Collection[Tier]]


def changed(directory: Directory, changes: Iterable[Change]) -> Directory:
    """Return the directory as changes make it. Each change's `old` must be the very one in the directory."""
    replaced: dict[int, Entry | None] = {}
    added: list[Entry] = []
    for change in changes:
        if change.old is not None:
            replaced[id(change.old)] = change.new
        elif change.new is not None:
            added.append(change.new)

    def section(entries: Iterable[EntryT], kind: type[EntryT]) -> tuple[EntryT, ...]:
        kept: list[Entry | None] = [replaced.get(id(one), one) for one in entries]
        return tuple(one for one in (*kept, *added) if isinstance(one, kind))

    return Directory(
        section(directory.agencies, Agency),
        section(directory.stations, Station),
        section(directory.responders, Responder),
        section(directory.shifts, Shift),
        section(directory.rotations, Rotation),
    )


def directory_gaps(directory: Directory, tiers: TiersPaged, since: datetime, until: datetime) -> Iterator[Gap]:
    """Yield where nobody is on call by a directory, on the tiers that are paged for a station of an agency."""
    active = {one.id for one in directory.responders if one.is_active}
    stations = [one for one in directory.stations if one.is_active]
    for agency in (one.code for one in directory.agencies if one.is_active):
        shifts = [one for one in directory.shifts if one.agency == agency]
        turning = [one for one in directory.rotations if one.agency == agency]
        entries = [one for one in expand(shifts, turning, since, until) if one.responder in active]
        for station in stations:
            yield from gaps(entries, agency, station.code, tiers(station, agency), since, until)


def beyond(found: Iterable[Gap], known: Iterable[Gap]) -> Sequence[Gap]:
    """Return the parts of the gaps found that are no part of a known one."""
    by_place: dict[tuple[str, str, Tier], list[Gap]] = defaultdict(list)
    for gap in sorted(known, key=lambda gap: gap.start_at):
        by_place[gap.agency, gap.station, gap.tier].append(gap)
    return [part for gap in found for part in _without(gap, by_place[gap.agency, gap.station, gap.tier])]


def _without(gap: Gap, known: Iterable[Gap]) -> Iterator[Gap]:
    """Yield what is left of a gap; the known ones are of the same place, in the order of their starts."""
    start_at = gap.start_at
    for one in known:
        if one.end_at > start_at and one.start_at < gap.end_at:
            if one.start_at > start_at:
                yield replace(gap, start_at=start_at, end_at=one.start_at)
            start_at = one.end_at
    if start_at < gap.end_at:
        yield replace(gap, start_at=start_at)

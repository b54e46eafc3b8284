"""What somebody writes to put a person on call, in a form or a line of a table, and all that is wrong with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from pager.domain.directory import Agency, Responder
from pager.domain.local_time import Which, read_local, shown
from pager.domain.roster import EntryKind, Shift, Tier, overlaps
from pager.domain.written import DraftError, Mistake, read_field


@dataclass(frozen=True)
class Draft:
    """A shift or an override as it was written: codes, and local times of the agency like 2026-07-04T18:00.

    No `stations` means all of them. `start_which` and `end_which` say which one is meant of a time that comes twice;
    an offset behind the time does so as well.
    """

    tier: str
    responder: str
    start: str
    end: str
    stations: tuple[str, ...] = ()
    start_which: Which | None = None
    end_which: Which | None = None


@dataclass(frozen=True)
class Surroundings:
    """What a draft of one agency is checked against: `people` by id, of all agencies; the codes of active stations."""

    agency: Agency
    people: Mapping[str, Responder]
    stations: Collection[str]
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.agency.timezone)


def read_draft(draft: Draft, kind: EntryKind, around: Surroundings, *, replaced: Shift | None = None) -> Shift:
    """Return the roster entry that a draft is; `replaced` is the one that it takes the place of.

    Raises DraftError. That it overlaps no other is not looked at: see `overlap`.
    """
    mistakes: list[Mistake] = []
    tier = read_field("tier", read_tier, draft.tier, mistakes)
    start = read_field("start", partial(read_local, zone=around.zone, which=draft.start_which), draft.start, mistakes)
    end = read_field("end", partial(read_local, zone=around.zone, which=draft.end_which), draft.end, mistakes)
    mistakes += check_person(draft.responder, around)
    mistakes += check_stations(draft.stations, around)
    if start and end and end[1] <= start[1]:
        mistakes.append(Mistake("end", f"{shown(end[0])} should be after the start, {shown(start[0])}"))
    if mistakes or tier is None or start is None or end is None:
        raise DraftError(mistakes)
    entry = Shift(
        around.agency.code,
        tier,
        draft.responder,
        frozenset(draft.stations),
        starts=start[0],
        ends=end[0],
        start_at=start[1],
        end_at=end[1],
        kind=kind,
    )
    if mistake := check_training(entry, around, replaced):
        raise DraftError([mistake])
    return entry


def read_tier(text: str) -> Tier:
    """Return the tier of this name. Raises ValueError."""
    if text not in list(Tier):
        raise ValueError(f"{text[:40] or 'nothing'} is no tier; the tiers are {', '.join(Tier)}")
    return Tier(text)


def check_person(responder: str, around: Surroundings, field: str = "responder") -> Iterator[Mistake]:
    """Yield why somebody cannot be on one of the agency's tiers; nothing where they can."""
    person = around.people.get(responder)
    if person is None:
        yield Mistake(field, f"there is no responder {responder[:64] or 'without an id'}")
    elif person.agency != around.agency.code:
        yield Mistake(field, f"{responder} belongs to {person.agency}, not to {around.agency.code}")
    elif person.is_duty:
        yield Mistake(field, f"{responder} is a duty phone, which is on no tier; name a person")
    elif not person.is_active:
        yield Mistake(field, f"{responder} is deactivated; reactivate them first")


def check_stations(stations: Collection[str], around: Surroundings) -> Iterator[Mistake]:
    """Yield each station that cannot be served."""
    for code in stations:
        if code not in around.stations:
            yield Mistake("stations", f"there is no active station {code[:40]}")


def check_training(entry: Shift, around: Surroundings, replaced: Shift | None) -> Mistake | None:
    """Return why somebody cannot newly be put on call for their training; who is on call already stays."""
    last = around.people[entry.responder].trained_until
    if last is None or entry.end_at <= around.now or (replaced and replaced.responder == entry.responder):
        return None
    begins = max(entry.start_at, around.now).astimezone(around.zone)
    if begins.date() <= last:
        return None
    return untrained("responder", entry.responder, last)


def untrained(field: str, responder: str, last: date) -> Mistake:
    """Return what is wrong where somebody whose training ended on `last` would be put on call."""
    said = f"{responder}'s training ended on {last}: nobody is newly put on call past it"
    return Mistake(field, f"{said}; renew it, or name somebody else")


def overlap(entry: Shift, others: Iterable[Shift]) -> Shift | None:
    """Return the first of `others` that would put a second person on the tier of a station at once, None without.

    Those of another kind do not: one of the two wins.
    """
    near = [one for one in others if one.kind is entry.kind and one.start_at < entry.end_at]
    for one, other in overlaps([entry, *(one for one in near if one.end_at > entry.start_at)]):
        if entry in (one, other):
            return other if one is entry else one
    return None


def overlap_told(other: Shift) -> str:
    """Say what is in the way: two people on one tier at once."""
    stations = f" for {', '.join(sorted(other.stations))}" if other.stations else ""
    period = f"from {shown(other.starts)} to {shown(other.ends)}"
    return (
        f"overlaps the {other.kind} of {other.responder}{stations} {period}: two people on the {other.tier} tier at "
        "once; end one before the other begins"
    )

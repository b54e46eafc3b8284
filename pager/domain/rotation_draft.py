"""What somebody writes to have people take turns, and all that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from pager.domain.draft import Surroundings, check_person, check_stations, read_tier, untrained
from pager.domain.local_time import Which, read_local, shown
from pager.domain.rotation import LONGEST, SHORTEST, Rotation, clashes, hand_over
from pager.domain.written import DraftError, Mistake, read_field


@dataclass(frozen=True)
class RotationDraft:
    """A rotation as it was written: `responders` in their order, each for `every`; an empty `end` is none.

    `start` and `end` are local time of the agency like 2026-01-05T08:00. No `stations` means all of them.
    """

    tier: str
    responders: tuple[str, ...]
    start: str
    every: timedelta
    end: str = ""
    stations: tuple[str, ...] = ()


def read_rotation(draft: RotationDraft, around: Surroundings, *, replaced: Rotation | None = None) -> Rotation:
    """Return the rotation that a draft is; `replaced` is the one that it takes the place of. Raises DraftError."""
    mistakes: list[Mistake] = []
    tier = read_field("tier", read_tier, draft.tier, mistakes)
    if not draft.responders:
        mistakes.append(Mistake("responders", "is empty; name those who take turns, in their order"))
    if not SHORTEST <= draft.every <= LONGEST:
        mistakes.append(Mistake("every", "should be from one hour to 366 days"))
    mistakes += check_stations(draft.stations, around)
    for responder in dict.fromkeys(draft.responders):
        mistakes += check_person(responder, around, "responders")
    read_time = partial(_read_time, zone=around.zone)
    starts = read_field("start", read_time, draft.start, mistakes)
    ends = read_field("end", read_time, draft.end, mistakes) if draft.end.strip() else None
    if starts and ends and ends <= starts:
        mistakes.append(Mistake("end", f"{shown(ends)} should be after the start, {shown(starts)}"))
    if mistakes or tier is None or starts is None:
        raise DraftError(mistakes)
    code, timezone = around.agency.code, around.agency.timezone
    stations = frozenset(draft.stations)
    rotation = Rotation(code, tier, draft.responders, stations, starts, draft.every, timezone, ends)
    if untrained := list(_untrained(rotation, around, replaced)):
        raise DraftError(untrained)
    return rotation


def _read_time(text: str, zone: ZoneInfo) -> datetime:
    """Return a local time. Hand-overs have a rule for those that come twice or never (see `hand_over`)."""
    return read_local(text, zone, Which.FIRST)[0]


def _untrained(rotation: Rotation, around: Surroundings, replaced: Rotation | None) -> Iterator[Mistake]:
    begins = max(hand_over(rotation.starts, rotation.timezone), around.now).astimezone(around.zone).date()
    for responder in dict.fromkeys(rotation.responders):
        last = around.people[responder].trained_until
        if last is not None and begins > last and (replaced is None or responder not in replaced.responders):
            yield untrained("responders", responder, last)


def clash(rotation: Rotation, others: Iterable[Rotation]) -> Rotation | None:
    """Return the first of `others` that would put a second person on the tier of a station at once, None without."""
    for other in others:
        if any(clashes([rotation, other])):
            return other
    return None


def clash_told(other: Rotation) -> str:
    """Say what is in the way, and what would be right."""
    stations = f" for {', '.join(sorted(other.stations))}" if other.stations else ""
    return (
        f"shares the {other.tier} tier with the rotation{stations} from {shown(other.starts)}: two people at once; "
        "change that one, end it first, or let each station be in one of them"
    )

"""Whom to telephone when nothing else works: who is on call, agency by agency, with hand-overs and numbers.

All of it is in words already: the page and the command print the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import groupby
from zoneinfo import ZoneInfo

from pager.domain.coverage import spans
from pager.domain.directory import Agency, Responder, Station
from pager.domain.readable import day_and_time, readable_number
from pager.domain.roster import Shift, Tier

HOW_TO_USE = (
    "If pager is down, telephone these people: at each agency the primary for the station first. No answer for 5 "
    "minutes: the backup, the supervisor, the duty phone, then begin again.",
    "Go on until somebody of each agency says that they come. Write down who, and when.",
    "Say: an encounter, the station, your callback number, by when they are needed. Say no more, and nothing but that "
    "to a voicemail; after one, telephone the next person.",
    "The numbers are personal: keep this where dispatchers alone see it, and shred it when a newer one is printed.",
)
THE_END = "the end"


@dataclass(frozen=True)
class Line:
    """Who holds a tier until when, and their numbers. `is_gap`: nobody does, and the number is the duty phone's."""

    tier: Tier
    until: str
    name: str
    call: str
    text: str
    is_gap: bool = False


@dataclass(frozen=True)
class Block:
    """Stations, by their short names, for which the same people are on call; none stand for all."""

    stations: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class AgencyNumbers:
    """One agency's part of the list; its times are those of its own zone. No `duty_phone` is empty."""

    agency: Agency
    duty_phone: str
    blocks: tuple[Block, ...]


def agency_numbers(
    agency: Agency,
    stations: Sequence[Station],
    entries: Iterable[Shift],
    people: Mapping[str, Responder],
    since: datetime,
    until: datetime,
) -> AgencyNumbers:
    """Return whom to telephone at an agency from `since` to `until`.

    `entries` are those of that agency's roster, `people` all who stand in them, by id.
    """
    duty_phone = readable_number(agency.duty_phone) if agency.duty_phone else ""
    entries, zone = list(entries), ZoneInfo(agency.timezone)
    alike: dict[tuple[Line, ...], list[str]] = {}
    for station in stations:
        lines = tuple(
            _line(tier, people[holder] if holder else None, duty_phone, _until(ends, until, zone))
            for tier in Tier
            for holder, ends in _holders(entries, station.code, tier, since, until)
        )
        alike.setdefault(lines, []).append(station.short)
    is_one = len(alike) == 1
    blocks = tuple(Block(() if is_one else tuple(shorts), lines) for lines, shorts in alike.items())
    return AgencyNumbers(agency, duty_phone, blocks)


def _holders(
    entries: Iterable[Shift], station: str, tier: Tier, since: datetime, until: datetime
) -> Iterator[tuple[str | None, datetime]]:
    """Yield who holds a tier and until when; one person's entries in a row are one."""
    held = (
        (span.entry.responder if span.entry else None, span.end_at)
        for span in spans(entries, station, tier, since, until)
    )
    for holder, turns in groupby(held, key=lambda one: one[0]):
        yield holder, max(end_at for _, end_at in turns)


def _until(ends: datetime, until: datetime, zone: tzinfo) -> str:
    return THE_END if ends >= until else day_and_time(ends.astimezone(zone))


def _line(tier: Tier, person: Responder | None, duty_phone: str, until: str) -> Line:
    if person is None:
        return Line(tier, until, "nobody: duty phone" if duty_phone else "nobody", duty_phone, "", is_gap=True)
    call = readable_number(person.voice) if person.voice else "none"
    if person.sms_opted_out_at is not None:
        text = "opted out"
    elif person.sms == person.voice:
        text = "same"
    else:
        text = readable_number(person.sms) if person.sms else "none"
    return Line(tier, until, person.name, call, text)

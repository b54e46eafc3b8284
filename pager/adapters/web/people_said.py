"""What the pages of people say of them, in words and by shape: numbers, training, consent, answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pager.domain.directory import Agency, Channel, Responder
from pager.domain.readable import counted, day_and_time, day_and_year, readable_number
from pager.domain.readiness import TRAINING_WARNED_AHEAD
from pager.lifecycle.keep_people import Duties
from pager.lifecycle.read_person import consent_day

GOOD, OPEN, BAD = "on_scene", "paging", "late"  # names of shapes: a tick, a broken ring, a triangle
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Said:
    """Words, and the shape that stands before them, if any."""

    words: str
    shape: str = ""


@dataclass(frozen=True)
class NumberSaid:
    """One of a responder's numbers; `can_send`: a code can be sent to it, `has_code`: one was."""

    channel: Channel
    number: str
    state: Said
    can_send: bool
    has_code: bool = False


@dataclass(frozen=True)
class PersonSaid:
    """Somebody as the list shows them."""

    person: Responder
    numbers: tuple[NumberSaid, ...]
    training: Said
    consent: Said
    reached: str


def person_said(agency: Agency, person: Responder, now: datetime) -> PersonSaid:
    """Return somebody as the list shows them."""
    today = now.astimezone(ZoneInfo(agency.timezone)).date()
    return PersonSaid(
        person,
        tuple(numbers_said(agency, person)),
        training_said(person.trained_until, today),
        consent_said(agency, person),
        reached_said(person.last_reached_at, now),
    )


def numbers_said(agency: Agency, person: Responder, codes: Iterable[Channel] = ()) -> Iterator[NumberSaid]:
    """Yield each number and what is known of it; on `codes` a code was sent that is still good."""
    for channel, number in ((Channel.SMS, person.sms), (Channel.VOICE, person.voice)):
        if number:
            can_send = person.is_active and channel in person.channels
            state = _number_state(agency, person, channel)
            yield NumberSaid(channel, readable_number(number), state, can_send, can_send and channel in codes)


def _number_state(agency: Agency, person: Responder, channel: Channel) -> Said:
    zone = ZoneInfo(agency.timezone)
    if channel is Channel.SMS and person.sms_opted_out_at is not None:
        return Said(f"opted out of SMS {_day_of(person.sms_opted_out_at, zone)}: only called", BAD)
    verified_at = person.sms_verified_at if channel is Channel.SMS else person.voice_verified_at
    if verified_at is None:
        return Said("not verified yet", OPEN)
    return Said(f"verified {_day_of(verified_at, zone)}", GOOD)


def training_said(until: date | None, today: date) -> Said:
    """Say until when somebody is trained; it is marked where that has ended or soon will."""
    if until is None:
        return Said("no end known")
    if until < today:
        return Said(f"ended {day_and_year(until)}", BAD)
    if until <= today + TRAINING_WARNED_AHEAD:
        return Said(f"ends soon: {day_and_year(until)}", BAD)
    return Said(f"until {day_and_year(until)}")


def consent_said(agency: Agency, person: Responder) -> Said:
    """Say when and how somebody consented."""
    day = consent_day(person, agency)
    return Said("not recorded", OPEN) if day is None else Said(f"{person.consent_how}, {day_and_year(day)}")


def reached_said(at: datetime | None, now: datetime) -> str:
    """Say how long ago somebody answered last."""
    if at is None:
        return "never"
    passed = max(now - at, timedelta(0))
    if passed < _HOUR:
        return "within the hour"
    count, unit = (passed // _HOUR, "hour") if passed < _DAY else (passed // _DAY, "day")
    return f"{counted(count, unit)} ago"


def duties_said(agency: Agency, found: Duties, now: datetime, shorts: Mapping[str, str]) -> Iterator[str]:
    """Yield what somebody is on the roster for; `shorts` are the stations' short names by code."""
    for entry in found.entries:
        period = _period(agency, entry.start_at, entry.end_at, now)
        yield f"{entry.tier.capitalize()}{_for(sorted(entry.stations), shorts)}, {period}"
    if found.has_later:
        yield "And more after that"


def gaps_said(agency: Agency, found: Duties, now: datetime, shorts: Mapping[str, str]) -> Iterator[str]:
    """Yield the gaps that there are without them."""
    for gap in found.gaps:
        stations = () if len(gap.stations) == len(shorts) else gap.stations
        yield f"No {gap.tier}{_for(stations, shorts)}, {_period(agency, gap.start_at, gap.end_at, now)}"


def _for(stations: Iterable[str], shorts: Mapping[str, str]) -> str:
    names = ", ".join(shorts.get(code, code) for code in stations)
    return f" for {names}" if names else ""


def _period(agency: Agency, start_at: datetime, end_at: datetime, now: datetime) -> str:
    zone = ZoneInfo(agency.timezone)
    start, end = start_at.astimezone(zone), end_at.astimezone(zone)
    year = f", {end.year}" if end_at - now > 300 * _DAY else ""  # else the day alone says which one it is
    begins = "now" if start_at <= now else day_and_time(start)
    return f"{begins} to {day_and_time(end)}{year}"


def _day_of(at: datetime, zone: ZoneInfo) -> str:
    return day_and_year(at.astimezone(zone).date())

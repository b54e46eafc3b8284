"""Every SMS: GSM-7, one segment, and nothing about what an encounter is about. Speech is in speech.py."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pager.domain.alarm import Alarm, ClockJumped, OptedOut
from pager.domain.gsm7 import SEGMENT, septets
from pager.domain.news import News, news_sentence
from pager.domain.one_segment import fit
from pager.domain.readable import alternatives, clock_time, readable_number


@dataclass(frozen=True)
class Facts:
    """What one agency's people are told of an encounter; never an agency's full name.

    `respond_by` is aware and already in the zone to print. `callback` is E.164, an extension may follow: " x123".
    """

    reference: str
    agency: str
    agency_spoken: str
    station: str
    respond_by: datetime
    callback: str
    drill: bool


class StandDown(StrEnum):
    """Why somebody who was paged is not needed."""

    ANSWERED = "answered"  # another person of the agency is coming
    ON_SCENE = "on_scene"
    CLOSED = "closed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class AgencyStatus:
    """Where one agency's page stands. `state` is a page's; `eta` is aware and already in the zone to print."""

    short: str
    state: str
    who: str | None
    eta: datetime | None
    is_late: bool
    spoken: str = ""  # what calls say; `short` where it is empty


def page_sms(facts: Facts) -> str:
    """The page itself."""
    return _about(
        facts,
        lambda agency, station: (
            f"{agency}: encounter, {station}. On scene by {clock_time(facts.respond_by)}. "
            f"Reply ACK (ACK 25: in 25 min) or NO. {_call(facts)}"
        ),
    )


def confirmation_sms(facts: Facts, eta: datetime | None) -> str:
    """To the one who acknowledged; goes to the number on file, so that nobody can answer for another unnoticed."""
    when = f"ETA {clock_time(eta)}, changed? Send ETA 25." if eta else "When? Send ETA 25 (min)."
    return _about(
        facts,
        lambda agency, station: (
            f"{agency}: you go to {station} by {clock_time(facts.respond_by)}. {when} Arrived? HERE. "
            f"{_call(facts)} Not you? Reply NO"
        ),
    )


def standby_sms(facts: Facts, who: str, eta: datetime | None) -> str:
    """To one who acknowledged after `who`, or whom an earlier ETA put second."""
    when = f" at {clock_time(eta)}" if eta else ""
    return _about(
        facts,
        lambda agency, station, name: (
            f"{agency}: standby, {name} comes{when}. {station} by {clock_time(facts.respond_by)}. "
            f"{_call(facts)} Cannot stand by? Reply NO"
        ),
        who,
    )


def declined_sms(facts: Facts) -> str:
    """To one who said NO; an ACK after it counts."""
    return _about(
        facts,
        lambda agency, station: (
            f"{agency}: your NO is noted. {station} by {clock_time(facts.respond_by)}. {_call(facts)} "
            f"Can come after all? Reply ACK"
        ),
    )


def arrived_sms(facts: Facts) -> str:
    """To the one who arrived; a dispatcher can undo it."""
    return _about(
        facts,
        lambda agency, station: (
            f"{agency}: you are on scene, {station} (due {clock_time(facts.respond_by)}). "
            f"Reply STATUS to see who else comes. Not you? {_call(facts)}"
        ),
    )


_STAND_DOWN = {
    StandDown.ANSWERED: "another {agency} responder is coming",
    StandDown.ON_SCENE: "{agency} is on scene",
    StandDown.CLOSED: "the encounter is closed",
    StandDown.CANCELLED: "the encounter is cancelled",
}


def stand_down_sms(facts: Facts, why: StandDown) -> str:
    """To one who was paged, comes or stands by, and is not needed any more."""
    is_over = why in (StandDown.CLOSED, StandDown.CANCELLED)
    more = "" if is_over else " Reply STATUS to see who comes."
    return _about(
        facts,
        lambda agency, station: (
            f"{agency}: stand down, {_STAND_DOWN[why].format(agency=agency)}. {station}.{more} {_call(facts)}"
        ),
    )


def corrected_sms(facts: Facts) -> str:
    """To everybody concerned when the station or the callback was corrected: the facts anew."""
    return _about(
        facts,
        lambda agency, station: (
            f"{agency} CORRECTED: {station}. On scene by {clock_time(facts.respond_by)}. {_call(facts)} "
            f"Earlier answers stand. Reply ACK, NO or HERE"
        ),
    )


def ask_eta_sms(facts: Facts) -> str:
    """To one who acknowledged without an ETA."""
    return _about(
        facts,
        lambda agency, station: (
            f"{agency}: when are you at {station}? Needed by {clock_time(facts.respond_by)}. "
            f"Reply ETA 25 (in 25 min), HERE or NO. {_call(facts)}"
        ),
    )


def check_in_sms(facts: Facts) -> str:
    """To one who comes and should have arrived; without an answer others are paged again."""
    return _about(
        facts,
        lambda agency, station: (
            f"{agency}: are you at {station}? Needed by {clock_time(facts.respond_by)}. "
            f"Reply HERE, ETA 25 or NO, or others are paged. {_call(facts)}"
        ),
    )


def follow_up_sms(reference: str, agency: str, due_at: datetime, *, drill: bool = False) -> str:
    """Reminds an agency of a follow-up, which it does not name; `due_at` is in the zone to print."""
    due = f"{due_at:%m/%d} {clock_time(due_at)}"
    head = _head(reference, drill)
    return fit(lambda name: f"{head} {name}: a follow-up is due by {due}. Please see the board", agency)


def which_sms(word: str, references: Sequence[str], *, drill: bool = False) -> str:
    """Asks which of two or more encounters an answer is about. HERE offers no ALL: nobody is in two places."""
    choices = [f"{word} {reference}" for reference in references]
    last = [] if word == "HERE" else [f"{word} ALL"]
    while True:
        message = f"{'DRILL ' if drill else ''}Which? {alternatives(choices + last)}"
        if septets(message) <= SEGMENT:
            return message
        choices.pop()


def unclear_sms() -> str:
    """To one whose text contradicts itself or holds words that are not understood."""
    return (
        "Not understood, so nothing has changed. Reply with one of these only: ACK or ACK 25 (coming, in 25 min), "
        "NO (cannot), HERE (on scene), STATUS"
    )


def help_sms() -> str:
    """What can be said, in one line."""
    return (
        "Reply ACK or ACK 25 (coming, in 25 min), ETA 25, NO (cannot come), HERE (on scene) or STATUS, "
        "with the reference if asked. Nothing is acknowledged yet"
    )


def not_paged_sms() -> str:
    """To a number that was not paged: no details."""
    return "No page is waiting for an answer from this number. Nothing is acknowledged"


def ended_sms(reference: str, *, drill: bool = False) -> str:
    """To one who answers when the encounter is over."""
    return f"{_head(reference, drill)}: this encounter is over and nobody is needed"


def status_sms(reference: str, drill: bool, statuses: Sequence[AgencyStatus]) -> str:
    """Who is coming, when, who is missing; only how many of each where that is too much for one segment."""
    message = fit(
        lambda *names: f"{_head(reference, drill)}: " + "; ".join(map(_status, statuses, names[::2], names[1::2])),
        *(name for status in statuses for name in (status.short, status.who or "")),
    )
    if septets(message) <= SEGMENT:
        return message
    states = [status.state for status in statuses]
    return (
        f"{_head(reference, drill)}: {states.count('on_scene')} agencies on scene, "
        f"{states.count('acknowledged')} coming, {states.count('paging')} nobody yet"
    )


def alert_sms(reference: str, drill: bool, station: str, waiting: Sequence[str], callback: str) -> str:
    """To the people who are told when something is wrong: nobody of the agencies in `waiting` has acknowledged."""

    def compose(place: str, *names: str) -> str:
        return (
            f"{_head(reference, drill)}: nobody of {', '.join(names)} has acknowledged. Telephone them now. "
            f"{place}, {readable_number(callback)}"
        )

    message = fit(compose, station, *waiting)
    return message if septets(message) <= SEGMENT else fit(compose, station, f"{len(waiting)} agencies")


def news_sms(reference: str, drill: bool, news: News, agencies: Sequence[str]) -> str:
    """To the dispatcher: how it goes."""
    message = fit(lambda *names: f"{_head(reference, drill)}: {news_sentence(news, names)}", *agencies)
    return message if septets(message) <= SEGMENT else f"{_head(reference, drill)}: {news_sentence(news, ['several'])}"


def code_sms(code: str) -> str:
    """The code by which a number is verified, and nothing of what it is for."""
    return f"pager: your code is {code}."


def alarm_sms(alarm: Alarm) -> str:
    """To the same people when something is wrong with the service itself."""
    match alarm:
        case ClockJumped(seconds):
            return f"pager: the clock of a server jumped by {seconds:+.0f} s. Check it."
        case OptedOut():
            sender = readable_number(alarm.sender)
            return fit(
                lambda who, agency: (
                    f"pager: {who} ({agency}) has stopped our messages and is only called now. "
                    f"To get them again: text START to {sender} from that phone."
                ),
                alarm.responder,
                alarm.agency,
            )


def _status(status: AgencyStatus, short: str, who: str) -> str:
    late = " LATE" if status.is_late else ""
    if status.state == "on_scene":
        return f"{short} on scene"
    if status.state == "acknowledged":
        when = f" {clock_time(status.eta)}" if status.eta else ""
        return f"{short} {who or 'coming'}{when}{late}"
    return f"{short} nobody yet{late}"


def _about(facts: Facts, compose: Callable[..., str], *names: str) -> str:
    """Compose a message of the agency's and the station's short name, and of `names`, after the reference."""
    head = _head(facts.reference, facts.drill)
    return fit(lambda *fitted: f"{head} {compose(*fitted)}", facts.agency, facts.station, *names)


def _head(reference: str, drill: bool) -> str:
    return f"DRILL {reference}" if drill else reference


def _call(facts: Facts) -> str:
    return f"Call {readable_number(facts.callback)}."

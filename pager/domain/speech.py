"""Every spoken line, as sentences. The reference comes twice, in the NATO alphabet; the keys come last."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime

from pager.domain.news import News, news_sentence
from pager.domain.readable import spoken_number, spoken_time
from pager.domain.reference import spell
from pager.domain.wording import AgencyStatus, Facts, StandDown

Sentences = tuple[str, ...]

_LONGEST_NAME = 60  # characters of a name that are spoken


def page_speech(facts: Facts) -> Sentences:
    """What an answered page says, in one hearing; key 9 says it again."""
    return (
        *_opening(f"Page for {_name(facts.agency_spoken)}.", facts.reference, facts.drill),
        *_facts_and_keys(facts),
    )


def corrected_speech(facts: Facts) -> Sentences:
    """To everybody concerned when the station or the callback was corrected: the facts anew."""
    return (
        *_opening(f"Correction for {_name(facts.agency_spoken)}.", facts.reference, facts.drill),
        "The station or the number to call back was wrong. Earlier answers stand.",
        *_facts_and_keys(facts),
    )


def _facts_and_keys(facts: Facts) -> Sentences:
    return (
        f"Station: {_name(facts.station)}.",
        f"Be on scene by {spoken_time(facts.respond_by)}.",
        f"To call back: {spoken_number(facts.callback)}.",
        "Press 1 if you are coming.",
        "Press 2 if you cannot come.",
        "Press 3 if you are on scene.",
        "Press 9 to hear who is coming, and this again.",
    )


def check_in_speech(facts: Facts) -> Sentences:
    """Asks one who should have arrived."""
    return (
        *_opening(f"Check-in for {_name(facts.agency_spoken)}.", facts.reference, facts.drill),
        f"Station: {_name(facts.station)}.",
        "You should be on scene by now. Without an answer, others are paged.",
        "Press 1 if you are still coming.",
        "Press 2 if you cannot come.",
        "Press 3 if you are on scene.",
        "Press 9 to hear who is coming, and this again.",
    )


def ask_eta_speech(facts: Facts) -> Sentences:
    """Asks one who comes and did not say when."""
    return (
        *_opening(f"Question for {_name(facts.agency_spoken)}.", facts.reference, facts.drill),
        f"When will you be at {_name(facts.station)}?",
        "Please answer by text message: E T A, and the minutes.",
        "Press 1 if you are coming.",
        "Press 2 if you cannot come.",
        "Press 3 if you are on scene.",
        "Press 9 to hear who is coming, and this again.",
    )


def follow_up_speech(reference: str, agency_spoken: str, due_at: datetime, *, drill: bool = False) -> Sentences:
    """Reminds an agency of a follow-up, which it does not name; `due_at` is in the zone to say."""
    return (
        *_opening(f"Reminder for {_name(agency_spoken)}.", reference, drill),
        f"A follow-up is due by {due_at:%B} {due_at.day}, {spoken_time(due_at)}.",
        "Please see the board.",
    )


def acknowledged_speech(facts: Facts) -> Sentences:
    """After key 1, to the one who comes."""
    return (
        *_opening("You are coming. Thank you.", facts.reference, facts.drill),
        f"{_name(facts.station)}, on scene by {spoken_time(facts.respond_by)}.",
        f"To call back: {spoken_number(facts.callback)}.",
        "By text message, tell us when you will be there, and when you are.",
    )


def standby_speech(facts: Facts) -> Sentences:
    """After key 1, to one who acknowledged after another."""
    return (
        *_opening(
            f"Somebody else from {_name(facts.agency_spoken)} is coming. You are standby.", facts.reference, facts.drill
        ),
        "Press 2 if you cannot stand by.",
    )


def declined_speech(facts: Facts) -> Sentences:
    """After key 2."""
    return (
        *_opening("Your no is noted.", facts.reference, facts.drill),
        "If you can come after all, press 1.",
    )


def arrived_speech(facts: Facts) -> Sentences:
    """After key 3."""
    return (
        *_opening(f"{_name(facts.agency_spoken)} is on scene. Thank you.", facts.reference, facts.drill),
        f"If that is wrong, call {spoken_number(facts.callback)}.",
    )


def stand_down_speech(facts: Facts, why: StandDown) -> Sentences:
    """To one who was called and is not needed any more."""
    agency = _name(facts.agency_spoken)
    reason = {
        StandDown.ANSWERED: f"Somebody else from {agency} is coming.",
        StandDown.ON_SCENE: f"{agency} is on scene.",
        StandDown.CLOSED: "The encounter is closed.",
        StandDown.CANCELLED: "The encounter is cancelled.",
    }[why]
    return (
        *_opening("Stand down.", facts.reference, facts.drill),
        reason,
        "You do not need to do anything.",
    )


def status_speech(reference: str, drill: bool, statuses: Sequence[AgencyStatus]) -> Sentences:
    """Who is coming, when, and who is missing."""
    return (*_opening("Status.", reference, drill), *map(_status, statuses))


def ended_speech(reference: str, drill: bool = False) -> Sentences:
    """To one who answers a call when the encounter is over."""
    return (*_opening("This encounter is over and nobody is needed.", reference, drill),)


def alert_speech(reference: str, drill: bool, station_spoken: str, waiting: Sequence[str]) -> Sentences:
    """To the dispatcher: nobody of the agencies in `waiting` has acknowledged."""
    return (
        *_opening("Alert from the paging service.", reference, drill),
        f"Station: {_name(station_spoken)}.",
        f"Nobody has acknowledged for: {', '.join(map(_name, waiting))}.",
        "Pick up a telephone and call them now.",
        "Press 1 to acknowledge this alert.",
        "Press 9 to hear it again.",
    )


def news_speech(reference: str, drill: bool, news: News, agencies: Sequence[str]) -> Sentences:
    """To the dispatcher: how it goes."""
    return (
        *_opening("News from the paging service.", reference, drill),
        news_sentence(news, [_name(agency) for agency in agencies]),
    )


def alert_acknowledged_speech() -> Sentences:
    """After key 1 on an alert: it acknowledges no page."""
    return ("The alert is acknowledged. The pages are not: please telephone the agencies.",)


def code_speech(code: str) -> Sentences:
    """The code by which a number is verified, twice."""
    spoken = ", ".join(code)
    return ("This is Pager.", f"Your code is {spoken}.", f"Again, your code is {spoken}.")


def inbound_speech() -> Sentences:
    """What everybody hears who calls our number."""
    return ("This number takes no calls. Please answer a page by text message, or call the number that it names.",)


def nothing_pressed_speech() -> Sentences:
    """When no key was heard."""
    return ("No key was heard. Nothing has been acknowledged.",)


def _opening(subject: str, reference: str, drill: bool) -> Sentences:
    drill_first = ("Drill. This is a drill.",) if drill else ()
    return (*drill_first, subject, f"Reference {spell(reference)}.", f"Again, {spell(reference)}.")


def _status(status: AgencyStatus) -> str:
    agency = _name(status.spoken or status.short)
    if status.state == "on_scene":
        return f"{agency} is on scene."
    late = ", late" if status.is_late else ""
    if status.state == "acknowledged":
        who = f"{_name(status.who)} is coming" if status.who else "somebody is coming"
        when = f" at {spoken_time(status.eta)}" if status.eta else ""
        return f"{agency}: {who}{when}{late}."
    return f"{agency}: nobody has acknowledged yet{late}."


def _name(name: str) -> str:
    """Return a name without what a voice cannot say: control characters, mark-up, very long tails."""
    spoken = "".join(character if unicodedata.category(character)[0] in "LMNPSZ" else " " for character in name)
    spoken = re.sub(r"[<>]", " ", spoken).replace("&", " and ")
    return re.sub(r"\bStn\b\.?", "station", " ".join(spoken.split()))[:_LONGEST_NAME]

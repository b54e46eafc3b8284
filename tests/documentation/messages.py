"""Every text that is sent or spoken, made of one example: for the page that lists them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pager.domain import coverage_wording, speech, wording
from pager.domain.alarm import ClockJumped, OptedOut
from pager.domain.coverage_warning import Notice, Warned
from pager.domain.gsm7 import septets
from pager.domain.news import News
from pager.domain.roster import Tier
from pager.domain.wording import AgencyStatus, Facts, StandDown

ZONE = ZoneInfo("America/Los_Angeles")
DUE = datetime(2026, 1, 5, 15, 45, tzinfo=ZONE)
ETA = DUE - timedelta(minutes=20)
REFERENCE, CALLBACK, STATION = "7K2QD", "+13105550100", "Compton Stn"
FACTS = Facts(REFERENCE, "DCFS", "D C F S", STATION, DUE, CALLBACK, drill=False)
STATUSES = (
    AgencyStatus("DCFS", "acknowledged", "Ana Ruiz", ETA, is_late=False, spoken="D C F S"),
    AgencyStatus("DHS", "on_scene", None, None, is_late=False, spoken="D H S"),
    AgencyStatus("DMH", "paging", None, None, is_late=True, spoken="D M H"),
)
LATER = DUE.astimezone(UTC)
GAP = Warned("dcfs", "compton", Tier.PRIMARY, Notice.WEEK, LATER, LATER + timedelta(hours=8), LATER)
STOOD_DOWN = {
    StandDown.ANSWERED: "somebody else of the agency is coming",
    StandDown.ON_SCENE: "the agency is on scene",
    StandDown.CLOSED: "the encounter is closed",
    StandDown.CANCELLED: "the encounter is cancelled",
}
TOLD = {
    News.ALL_COMING: "all agencies are coming",
    News.ALL_ON_SCENE: "all agencies are on scene",
    News.SHORT: "who sets out now comes too late",
    News.LATE: "the window has closed",
    News.STILL_OPEN: "half an hour past the window, and every two hours",
}

SMS: dict[str, list[tuple[str, str]]] = {
    "page_sms": [("the page", wording.page_sms(FACTS))],
    "confirmation_sms": [
        ("who acknowledged, with an ETA", wording.confirmation_sms(FACTS, ETA)),
        ("who acknowledged, without one", wording.confirmation_sms(FACTS, None)),
    ],
    "standby_sms": [("who acknowledged after another", wording.standby_sms(FACTS, "Ana Ruiz", ETA))],
    "declined_sms": [("who said NO", wording.declined_sms(FACTS))],
    "arrived_sms": [("who said HERE", wording.arrived_sms(FACTS))],
    "ask_eta_sms": [("who comes and did not say when", wording.ask_eta_sms(FACTS))],
    "check_in_sms": [("who should be there", wording.check_in_sms(FACTS))],
    "stand_down_sms": [
        (f"who is not needed: {told}", wording.stand_down_sms(FACTS, why)) for why, told in STOOD_DOWN.items()
    ],
    "corrected_sms": [("everybody, when station or callback was corrected", wording.corrected_sms(FACTS))],
    "status_sms": [("who asked for STATUS", wording.status_sms(REFERENCE, False, STATUSES))],
    "which_sms": [("whose answer could mean two encounters", wording.which_sms("ACK", [REFERENCE, "9M3TX"]))],
    "unclear_sms": [("who contradicted themselves, or used words that are not understood", wording.unclear_sms())],
    "help_sms": [("who said anything else", wording.help_sms())],
    "not_paged_sms": [("a number that was not paged", wording.not_paged_sms())],
    "ended_sms": [("who answers when it is over", wording.ended_sms(REFERENCE))],
    "follow_up_sms": [("the agency that owes a follow-up", wording.follow_up_sms(REFERENCE, "DHS", DUE))],
    "alert_sms": [
        (
            "`PAGER_ALARM_TO`, when nobody has answered",
            wording.alert_sms(REFERENCE, False, STATION, ["DCFS", "DMH"], CALLBACK),
        )
    ],
    "news_sms": [
        (f"the dispatcher: {told}", wording.news_sms(REFERENCE, False, news, ["DMH"])) for news, told in TOLD.items()
    ],
    "gaps_sms": [
        (
            "an agency's administrators, when nobody will be on call",
            coverage_wording.gaps_sms("DCFS", [GAP], {"compton": STATION}, LATER - timedelta(days=6), ZONE),
        )
    ],
    "code_sms": [("a number that is verified", wording.code_sms("123456"))],
    "alarm_sms": [
        ("`PAGER_ALARM_TO`, when a clock was set", wording.alarm_sms(ClockJumped(-3600))),
        (
            "administrators and `PAGER_ALARM_TO`, when somebody opted out",
            wording.alarm_sms(OptedOut("Ana Ruiz", "DCFS", "+12135550190")),
        ),
    ],
}

SPEECH: dict[str, list[tuple[str, Sequence[str]]]] = {
    "page_speech": [("the page", speech.page_speech(FACTS))],
    "acknowledged_speech": [("key 1", speech.acknowledged_speech(FACTS))],
    "standby_speech": [("key 1, after another", speech.standby_speech(FACTS))],
    "declined_speech": [("key 2", speech.declined_speech(FACTS))],
    "arrived_speech": [("key 3", speech.arrived_speech(FACTS))],
    "status_speech": [("key 9, before the page again", speech.status_speech(REFERENCE, False, STATUSES))],
    "nothing_pressed_speech": [("no key", speech.nothing_pressed_speech())],
    "ask_eta_speech": [("who comes and did not say when", speech.ask_eta_speech(FACTS))],
    "check_in_speech": [("who should be there", speech.check_in_speech(FACTS))],
    "stand_down_speech": [
        (f"who is not needed: {told}", speech.stand_down_speech(FACTS, why)) for why, told in STOOD_DOWN.items()
    ],
    "corrected_speech": [("everybody, when station or callback was corrected", speech.corrected_speech(FACTS))],
    "ended_speech": [("who picks up when it is over", speech.ended_speech(REFERENCE))],
    "follow_up_speech": [("the agency that owes a follow-up", speech.follow_up_speech(REFERENCE, "D H S", DUE))],
    "alert_speech": [
        (
            "the dispatcher, when nobody has answered",
            speech.alert_speech(REFERENCE, False, STATION, ["D C F S", "D M H"]),
        )
    ],
    "alert_acknowledged_speech": [("key 1 on an alert", speech.alert_acknowledged_speech())],
    "news_speech": [
        (f"the dispatcher: {told}", speech.news_speech(REFERENCE, False, news, ["D M H"]))
        for news, told in TOLD.items()
    ],
    "code_speech": [("a number that is verified", speech.code_speech("123456"))],
    "inbound_speech": [("everybody who calls us", speech.inbound_speech())],
}

# What one encounter sends to one agency, from the page to its end: the samples of a registration at the carrier.
SAMPLES = ("page_sms", "confirmation_sms", "check_in_sms", "arrived_sms", "stand_down_sms")


def samples() -> Iterator[str]:
    """Yield the lines of a list of sample messages."""
    yield from (f"   - {SMS[name][0][1]}" for name in SAMPLES)


def sms_table() -> Iterator[str]:
    """Yield the lines of the table of every SMS, with its length as the carrier counts it."""
    yield from ("| to, or after | text | septets |", "| --- | --- | --- |")
    for texts in SMS.values():
        yield from (f"| {to} | {text} | {septets(text)} |" for to, text in texts)


def speech_table() -> Iterator[str]:
    """Yield the lines of the table of all that is spoken."""
    yield from ("| to, or after | what is said |", "| --- | --- |")
    for lines in SPEECH.values():
        yield from (f"| {to} | {' '.join(sentences)} |" for to, sentences in lines)

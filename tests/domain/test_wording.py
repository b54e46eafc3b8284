"""Every SMS: what it says, that it fits, and what it keeps to itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pager.domain.alarm import ClockJumped
from pager.domain.gsm7 import SEGMENT, is_gsm7, septets
from pager.domain.readable import clock_time, readable_number
from pager.domain.replies import Meaning, parse_text
from pager.domain.wording import (
    AgencyStatus,
    Facts,
    alarm_sms,
    alert_sms,
    confirmation_sms,
    corrected_sms,
    ended_sms,
    follow_up_sms,
    help_sms,
    not_paged_sms,
    page_sms,
    standby_sms,
    status_sms,
    unclear_sms,
    which_sms,
)
from tests.domain.samples import AT, FACTS, SMS_ABOUT, TELLTALE, callbacks, facts_of_all_kinds, instants, names

HOW_TO_ANSWER = {"page": "ACK", "corrected": "ACK", "declined": "ACK", "ask eta": "ETA 25", "check-in": "HERE"}

SMS_ABOUT_NOTHING = [unclear_sms(), help_sms(), not_paged_sms(), ended_sms("7K2QD")]

statuses = st.builds(
    AgencyStatus,
    short=names,
    state=st.sampled_from(["paging", "acknowledged", "on_scene"]),
    who=st.none() | names,
    eta=st.none() | instants,
    is_late=st.booleans(),
)


def is_one_segment(message: str) -> bool:
    return is_gsm7(message) and septets(message) <= SEGMENT


def test_a_page_reads_so() -> None:
    assert page_sms(FACTS) == (
        "7K2QD DCFS: encounter, Compton Stn. On scene by 3:45pm. "
        "Reply ACK (ACK 25: in 25 min) or NO. Call 310-555-0100."
    )


@pytest.mark.parametrize("kind", SMS_ABOUT)
@given(facts=facts_of_all_kinds)
def test_fits_and_keeps_the_facts_whatever_the_names(kind: str, facts: Facts) -> None:
    message = SMS_ABOUT[kind](facts)
    assert is_one_segment(message)
    assert message.startswith(f"DRILL {facts.reference} " if facts.drill else f"{facts.reference} ")
    assert readable_number(facts.callback) in message
    assert HOW_TO_ANSWER.get(kind, "") in message
    assert kind.startswith("stand down") or clock_time(facts.respond_by) in message


@pytest.mark.parametrize("kind", SMS_ABOUT)
def test_leaves_names_of_ordinary_length_alone(kind: str) -> None:
    facts = replace(FACTS, agency="PROBATION", station="Santa Clarita Stn", callback="+13105550100 x123", drill=True)
    message = SMS_ABOUT[kind](facts)
    assert "PROBATION" in message
    assert "Santa Clarita Stn" in message


@pytest.mark.parametrize("kind", SMS_ABOUT)
def test_says_nothing_of_what_it_is_about(kind: str) -> None:
    assert not TELLTALE.search(SMS_ABOUT[kind](FACTS))


@pytest.mark.parametrize("message", SMS_ABOUT_NOTHING)
def test_other_answers_fit_and_say_nothing_either(message: str) -> None:
    assert is_one_segment(message)
    assert not TELLTALE.search(message)


@pytest.mark.parametrize("message", [*(compose(FACTS) for compose in SMS_ABOUT.values()), *SMS_ABOUT_NOTHING])
def test_our_own_words_sent_back_answer_nothing(message: str) -> None:
    for text in (message, f"Liked “{message}”", f"\N{THUMBS UP SIGN} to “{message}”", f"> {message}"):
        assert parse_text(text).meaning in (Meaning.UNCLEAR, Meaning.OTHER)


def test_a_confirmation_ends_with_the_way_out() -> None:
    for eta in (None, AT):
        assert confirmation_sms(FACTS, eta).endswith("Not you? Reply NO")


def test_a_confirmation_says_the_eta_or_asks_for_it() -> None:
    assert "ETA 3:20pm" in confirmation_sms(FACTS, AT - timedelta(minutes=25))
    assert "When? Send ETA 25" in confirmation_sms(FACTS, None)


@given(facts=facts_of_all_kinds, who=names, eta=st.none() | instants)
def test_standby_says_how_to_step_back_whoever_comes(facts: Facts, who: str, eta: datetime | None) -> None:
    message = standby_sms(facts, who, eta)
    assert is_one_segment(message)
    assert message.endswith("Reply NO")


def test_standby_says_who_comes_and_when() -> None:
    assert "Ana Ruiz comes at 3:45pm" in standby_sms(FACTS, "Ana Ruiz", AT)


def test_a_correction_says_the_facts_anew() -> None:
    message = corrected_sms(replace(FACTS, station="Century Stn", callback="+13105550142"))
    assert "CORRECTED: Century Stn. On scene by 3:45pm. Call 310-555-0142." in message


def test_a_follow_up_is_not_named() -> None:
    assert follow_up_sms("7K2QD", "DHS", AT) == "7K2QD DHS: a follow-up is due by 01/05 3:45pm. Please see the board"


def test_asks_which_encounter_is_meant() -> None:
    assert which_sms("ACK", ["7K2QD", "9M3TX"]) == "Which? ACK 7K2QD, ACK 9M3TX or ACK ALL"
    assert which_sms("NO", ["7K2QD", "9M3TX"], drill=True) == "DRILL Which? NO 7K2QD, NO 9M3TX or NO ALL"
    assert which_sms("HERE", ["7K2QD", "9M3TX"]) == "Which? HERE 7K2QD or HERE 9M3TX"


@pytest.mark.parametrize("word", ["ACK", "ETA 25", "NO", "HERE"])
def test_asks_which_of_dozens_in_one_segment_and_every_choice_is_understood(word: str) -> None:
    message = which_sms(word, ["7K2QD", "9M3TX"] * 20)
    assert is_one_segment(message)
    for choice in message.removeprefix("Which? ").replace(" or ", ", ").split(", "):
        assert parse_text(choice).meaning is parse_text(word).meaning
        assert parse_text(choice).reference or parse_text(choice).is_all


def test_status_of_five_agencies_says_who_when_and_who_is_missing() -> None:
    five = [
        AgencyStatus("DCFS", "acknowledged", "Ana Ruiz", AT, is_late=False),
        AgencyStatus("DHS", "paging", None, None, is_late=True),
        AgencyStatus("DMH", "on_scene", "Bo Li", None, is_late=False),
        AgencyStatus("PROB", "acknowledged", None, None, is_late=True),
        AgencyStatus("ADV", "paging", None, None, is_late=False),
    ]
    assert status_sms("7K2QD", drill=True, statuses=five) == (
        "DRILL 7K2QD: DCFS Ana Ruiz 3:45pm; DHS nobody yet LATE; DMH on scene; PROB coming LATE; ADV nobody yet"
    )


@given(st.lists(statuses, min_size=1, max_size=5), st.booleans())
def test_status_of_any_five_fits(listed: list[AgencyStatus], drill: bool) -> None:
    assert is_one_segment(status_sms("7K2QD", drill, listed))


def test_status_of_very_many_says_how_many() -> None:
    many = [AgencyStatus(f"AGENCY {number}", "paging", None, None, is_late=False) for number in range(30)]
    assert status_sms("7K2QD", drill=False, statuses=many) == "7K2QD: 0 agencies on scene, 0 coming, 30 nobody yet"


def test_an_alert_names_the_agencies_to_telephone() -> None:
    assert alert_sms("7K2QD", True, "Compton Stn", ["DCFS", "DHS"], "+13105550100") == (
        "DRILL 7K2QD: nobody of DCFS, DHS has acknowledged. Telephone them now. Compton Stn, 310-555-0100"
    )


@given(names, st.lists(names, min_size=1, max_size=30), callbacks)
def test_any_alert_fits_and_says_the_callback(station: str, waiting: list[str], callback: str) -> None:
    message = alert_sms("7K2QD", True, station, waiting, callback)
    assert is_one_segment(message)
    assert message.endswith(readable_number(callback))
    assert "7K2QD" in message


def test_an_alarm_says_what_is_to_be_checked() -> None:
    back, forth = ClockJumped(-3600.4), ClockJumped(6.2)
    assert alarm_sms(back) == "pager: the clock of a server jumped by -3600 s. Check it."
    assert "by +6 s" in alarm_sms(forth)


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e10, max_value=1e10))
def test_any_alarm_fits(seconds: float) -> None:
    assert is_one_segment(alarm_sms(ClockJumped(seconds)))

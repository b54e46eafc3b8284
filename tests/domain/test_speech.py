"""Every spoken line: what is heard, twice where it matters, and what is kept back."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pager.domain import speech
from pager.domain.readable import spoken_number, spoken_time
from pager.domain.reference import spell
from pager.domain.wording import AgencyStatus, Facts, StandDown
from tests.domain.samples import AT, FACTS, TELLTALE, facts_of_all_kinds, names

SPEECH_ABOUT: dict[str, Callable[[Facts], tuple[str, ...]]] = {
    "page": speech.page_speech,
    "check-in": speech.check_in_speech,
    "acknowledged": speech.acknowledged_speech,
    "standby": speech.standby_speech,
    "declined": speech.declined_speech,
    "arrived": speech.arrived_speech,
    **{f"stand down, {why}": partial(speech.stand_down_speech, why=why) for why in StandDown},
    "ended": lambda facts: speech.ended_speech(facts.reference, facts.drill),
    "status": lambda facts: speech.status_speech(
        facts.reference, facts.drill, [AgencyStatus(facts.agency, "acknowledged", facts.station, AT, is_late=True)]
    ),
    "alert": lambda facts: speech.alert_speech(facts.reference, facts.drill, facts.station, [facts.agency_spoken]),
}


@pytest.mark.parametrize("kind", SPEECH_ABOUT)
@given(facts=facts_of_all_kinds)
def test_spells_the_reference_twice_and_says_nothing_that_a_voice_cannot(kind: str, facts: Facts) -> None:
    sentences = SPEECH_ABOUT[kind](facts)
    spoken = " ".join(sentences)
    assert spoken.count(spell(facts.reference)) == 2
    assert sentences[0].startswith("Drill.") == facts.drill
    assert not any(unicodedata.category(character).startswith("C") or character in "<>&" for character in spoken)
    assert len(spoken) < 1000


@pytest.mark.parametrize("kind", SPEECH_ABOUT)
def test_speaks_of_nothing_that_it_is_about(kind: str) -> None:
    assert not TELLTALE.search(" ".join(SPEECH_ABOUT[kind](FACTS)))


@given(facts_of_all_kinds)
def test_a_page_says_when_whom_to_call_and_what_each_key_does(facts: Facts) -> None:
    spoken = " ".join(speech.page_speech(facts))
    assert spoken_time(facts.respond_by) in spoken
    assert spoken_number(facts.callback) in spoken
    for key in "1239":
        assert f"Press {key} " in spoken


def test_a_page_sounds_so() -> None:
    assert speech.page_speech(replace(FACTS, drill=True)) == (
        "Drill. This is a drill.",
        "Page for D C F S.",
        "Reference seven Kilo two Quebec Delta.",
        "Again, seven Kilo two Quebec Delta.",
        "Station: Compton station.",
        "Be on scene by 3:45 PM.",
        "To call back: 3 1 0, 5 5 5, 0 1 0 0.",
        "Press 1 if you are coming.",
        "Press 2 if you cannot come.",
        "Press 3 if you are on scene.",
        "Press 9 to hear who is coming, and this again.",
    )


def test_status_says_who_is_coming_when_and_who_is_missing() -> None:
    listed = [
        AgencyStatus("DCFS", "acknowledged", "Ana Ruiz", AT, is_late=False, spoken="D C F S"),
        AgencyStatus("DHS", "acknowledged", None, None, is_late=True),
        AgencyStatus("DMH", "on_scene", "Bo Li", None, is_late=False),
        AgencyStatus("ADV", "paging", None, None, is_late=True),
    ]
    assert speech.status_speech("7K2QD", drill=False, statuses=listed)[3:] == (
        "D C F S: Ana Ruiz is coming at 3:45 PM.",
        "DHS: somebody is coming, late.",
        "DMH is on scene.",
        "ADV: nobody has acknowledged yet, late.",
    )


def test_an_alert_names_who_waits_and_asks_for_a_telephone_call() -> None:
    spoken = speech.alert_speech("7K2QD", False, "Compton", ["D C F S", "D H S"])
    assert "Nobody has acknowledged for: D C F S, D H S." in spoken
    assert "Pick up a telephone and call them now." in spoken
    assert spoken[-2:] == ("Press 1 to acknowledge this alert.", "Press 9 to hear it again.")


@pytest.mark.parametrize(
    "sentences", [speech.alert_acknowledged_speech(), speech.inbound_speech(), speech.nothing_pressed_speech()]
)
def test_lines_without_an_encounter_say_nothing_of_one(sentences: tuple[str, ...]) -> None:
    assert not TELLTALE.search(" ".join(sentences))
    assert "encounter" not in " ".join(sentences)


@given(st.lists(names, min_size=1, max_size=5))
def test_names_with_mark_up_are_spoken_without_it(waiting: list[str]) -> None:
    spoken = " ".join(speech.alert_speech("7K2QD", False, "A & B <Stn>", [*waiting, "<Say>&\x00"]))
    assert "A and B station" in spoken
    assert not set("<>&\x00") & set(spoken)

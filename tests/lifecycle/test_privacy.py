"""Nothing about the child: what somebody writes, in whichever field, turns up nowhere but among the sealed words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pager.adapters.directory_file import read_directory
from tests.clock import START
from tests.conftest import copy_of
from tests.lifecycle.driven import CALLBACK, PLACES, Driven
from tests.lifecycle.marked import BORN, CHILD, marks_in, name_in, told_in, words_in
from tests.world import ALARM, COUNTY

FULL_NAMES = {
    "Agency dcfs": "Department of Children and Family Services",
    "Agency dhs": "Department of Health Services",
    "Agency dmh": "Department of Mental Health",
    "Agency probation": "Probation Department",
    "Agency advocates": "Child Welfare Advocates",
}


@pytest.fixture(scope="module")
def driven(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Driven:
    folder = tmp_path_factory.mktemp("driven")
    county = folder / "county.yaml"
    county.write_text(re.sub("|".join(FULL_NAMES), lambda found: FULL_NAMES[found[0]], COUNTY.read_text()))
    return Driven(copy_of(sqlite_template, folder), county)


@pytest.fixture(scope="module")
def people() -> list[str]:
    """The name and the numbers of everybody who is paged, called back or told of alarms."""
    names = ("first-responder",)
    county = read_directory(COUNTY, region="US", timezone="America/Los_Angeles", policies=names, now=START)
    numbers = {agency.duty_phone for agency in county.agencies} | {one.sms for one in county.responders}
    return [*(one.name for one in county.responders), *filter(None, numbers), CALLBACK, ALARM, *FULL_NAMES.values()]


@pytest.mark.parametrize("place", PLACES)
def test_nothing_about_the_child_stands_in(driven: Driven, place: str) -> None:
    assert driven.evidence[place], "nothing was gathered, so nothing was searched"
    assert marks_in(driven.evidence[place]) == []


def test_words_are_told_to_whoever_works_with_encounters(driven: Driven) -> None:
    assert {words_in("note"), words_in("reply"), words_in("reason")} <= set(driven.words)
    assert [word for word in driven.words if BORN in word] == []


@pytest.mark.parametrize("place", ["log", "metrics", "refusals", "addresses of webhooks"])
def test_no_name_and_no_number_of_anybody_stands_in(driven: Driven, people: list[str], place: str) -> None:
    assert told_in(driven.evidence[place], people) == []


@pytest.mark.parametrize("place", ["messages", "what webhooks were answered", "requests to the carrier"])
def test_no_agency_is_named_in_full_in(driven: Driven, place: str) -> None:
    assert told_in(driven.evidence[place], FULL_NAMES.values()) == []


@pytest.mark.parametrize(
    "text", [f"a note: {words_in('note')}", CHILD.upper(), "born%203/4/2010", f"?q={name_in('q')}".replace(" ", "+")]
)
def test_a_mark_is_found_in_whatever_dress(text: str) -> None:
    assert marks_in(text)


def test_names_and_numbers_are_found_in_whatever_dress() -> None:
    assert told_in("ana ruiz; To=%2B12135550101; (213) 555-0102", ["Ana Ruiz", "+12135550101", "+12135550102"]) == [
        "Ana Ruiz",
        "+12135550101",
        "+12135550102",
    ]
    assert told_in("dcfs-ana", ["Ana Ruiz"]) == []

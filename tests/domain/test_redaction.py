"""What a note may hold, and what keeps it from being kept."""

# ruff: noqa: RUF001 - look-alike characters are what is tested
from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pager.domain.redaction import check_note

CALLBACK = "+13105550100 x12"


@pytest.mark.parametrize(
    "note",
    [
        *("", "Ask for Sgt Lee at the side door", "2 units, room 12, 3 officers", "unit 1234", "at 10:30", "open 24/7"),
        *("1/2 mile north of the gate", "march to the gate", "may need 2 officers", "7K2QD", "call 911", "floor 3-4"),
        *("Call 310-555-0100", "(310) 555-0100", "310.555.0100", "+1 310 555 0100", "1-310-555-0100", "555-0100"),
        *("3105550100 x12", "310-555-0100, ext. 12", "310–555–0100", "Second door, december blue paint"),
    ],
)
def test_keeps_what_tells_the_way(note: str) -> None:
    assert check_note(note, CALLBACK) is None


@pytest.mark.parametrize(
    "note",
    [
        *("3/4/2010", "03/04/10", "3-4-2010", "2010-03-04", "2010/3/4", "03.04.10", "3 / 4 / 2010", "3/4/'10", "3/14"),
        *("March 4", "march 4th, 2010", "Mar. 4", "MAR4", "4 Mar 2010", "04MAR10", "4th of March", "March 2010"),
        *("the fourth of March", "March fourth", "March the 4th", "twenty-first of June", "4 de marzo", "Sept 9"),
        *("DOB unknown", "D.O.B. above", "d o b", "date of birth on file", "birthday soon", "born in 2010"),
        *("３／４／１０", "٣/٤/٢٠١٠", "3–4–10", "seen 12/31 at night", "3/\u200b4/10"),
    ],
)
def test_keeps_no_date(note: str) -> None:
    assert check_note(note, CALLBACK) == "The note was not kept because it holds a date."


@pytest.mark.parametrize("note", ["12345", "case 12-345", "1 2 3 4 5", "12,345", "#123 456", "１２３４５", "12-345 x"])
def test_keeps_no_run_of_five_digits(note: str) -> None:
    assert check_note(note, CALLBACK) == "The note was not kept because it holds a run of five or more digits."


@pytest.mark.parametrize(
    "note",
    ["213-555-0100", "(213) 555 0100", "2135550100", "555-0142", "213, 555, 0100", "+44 20 7946 0000", "310-555-01002"],
)
def test_keeps_no_telephone_number_but_the_callback(note: str) -> None:
    assert "telephone number" in (check_note(note, CALLBACK) or "")
    assert check_note(f"310-555-0100 or {note}", CALLBACK) is not None


def test_without_a_callback_no_telephone_number_is_kept() -> None:
    assert check_note("310-555-0100", None) is not None
    assert check_note("side door", None) is None


def test_keeps_five_hundred_characters_and_no_more() -> None:
    assert check_note("a" * 500, CALLBACK) is None
    assert check_note("a" * 501, CALLBACK) == "The note was not kept because it is longer than 500 characters."


def test_names_the_field_that_was_not_kept() -> None:
    assert (
        check_note("12345", None, "reason") == "The reason was not kept because it holds a run of five or more digits."
    )


FORMATS = [
    "%m/%d/%Y",
    "%m/%d/%y",
    "%Y-%m-%d",
    "%d.%m.%y",
    "%m-%d-%Y",
    "%B %d",
    "%b %d, %Y",
    "%d %b %Y",
    "%d%b%y",
    "%Y%m%d",
]
words = st.sampled_from(["", "see ", "unit 7, ", "the one of "])


@given(st.dates(date(1990, 1, 1), date(2030, 12, 31)), st.sampled_from(FORMATS), words, st.booleans())
def test_finds_every_date_in_every_spelling(day: date, spelling: str, before: str, is_shouted: bool) -> None:
    text = f"{before}{day:{spelling}} please"
    assert check_note(text.upper() if is_shouted else text, CALLBACK) is not None


@given(st.text("0123456789", min_size=5, max_size=12), st.sampled_from(["", " ", "-", ".", " - ", "/"]))
def test_finds_every_run_that_is_not_the_callback(digits: str, between: str) -> None:
    is_callback = len(digits.lstrip("0")) >= 7 and "1310555010012".endswith(digits.lstrip("0"))
    assert (check_note(between.join(digits), CALLBACK) is None) == is_callback


@given(st.text(max_size=600), st.none() | st.just(CALLBACK))
def test_any_text_is_judged_by_a_fixed_sentence(text: str, callback: str | None) -> None:
    assert check_note(text, callback) in {
        None,
        "The note was not kept because it is longer than 500 characters.",
        "The note was not kept because it holds a date.",
        "The note was not kept because it holds a run of five or more digits.",
        "The note was not kept because it holds a telephone number, or another long number, that is not the callback.",
    }

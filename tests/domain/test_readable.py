"""How numbers and times look and sound."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pager.domain.readable import clock_time, day_and_time, readable_number, spoken_number, spoken_time


@pytest.mark.parametrize(
    ("callback", "readable"),
    [
        ("+13105550100", "310-555-0100"),
        ("+13105550100 x123", "310-555-0100 x123"),
        ("+442079460000", "+442079460000"),
        ("+442079460000 x1", "+442079460000 x1"),
    ],
)
def test_prints_numbers_of_the_us_as_people_there_write_them(callback: str, readable: str) -> None:
    assert readable_number(callback) == readable


def test_speaks_numbers_digit_by_digit() -> None:
    assert spoken_number("+13105550100 x12") == "3 1 0, 5 5 5, 0 1 0 0, extension 1 2"
    assert spoken_number("+442079460000") == "plus, 4 4 2 0 7 9 4 6 0 0 0 0"


@pytest.mark.parametrize(
    ("hour", "written", "spoken"),
    [(0, "12:05am", "12:05 AM"), (9, "9:05am", "9:05 AM"), (12, "12:05pm", "12:05 PM"), (15, "3:05pm", "3:05 PM")],
)
def test_writes_and_speaks_a_time_of_day(hour: int, written: str, spoken: str) -> None:
    at = datetime(2026, 1, 5, hour, 5, tzinfo=UTC)
    assert clock_time(at) == written
    assert spoken_time(at) == spoken


def test_writes_a_day_and_a_time() -> None:
    assert day_and_time(datetime(2026, 3, 2, 15, 5, tzinfo=UTC)) == "Mon Mar 2, 3:05pm"

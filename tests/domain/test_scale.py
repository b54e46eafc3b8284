"""Time drawn to scale: sensible marks whatever the length, and instants where they belong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pager.domain.scale import SHORTEST, Scale, scale, step_for
from tests.clock import START

LOS_ANGELES = ZoneInfo("America/Los_Angeles")
ZONES = st.sampled_from(
    [ZoneInfo(name) for name in ("UTC", "America/Los_Angeles", "Asia/Kathmandu", "Australia/Lord_Howe")]
)
starts = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
lengths = st.timedeltas(timedelta(0), timedelta(days=40))


@st.composite
def scales(draw: st.DrawFn) -> Scale:
    start = draw(starts)
    return scale(start, start + draw(lengths), 800)


def labels(hours: float, start: datetime = START) -> list[str]:
    drawn = scale(start, start + timedelta(hours=hours), 800)
    return [f"{at:%a %H:%M}" for at in drawn.ticks(LOS_ANGELES, 8)]


@pytest.mark.parametrize(
    ("hours", "marks"),
    [
        (5 / 60, ["03:00", "03:01", "03:02", "03:03", "03:04", "03:05"]),
        (1.5, ["03:00", "03:15", "03:30", "03:45", "04:00", "04:15", "04:30"]),
        (7, ["03:00", "04:00", "05:00", "06:00", "07:00", "08:00", "09:00", "10:00"]),
    ],
)
def test_marks_full_minutes_and_hours_of_the_local_day(hours: float, marks: list[str]) -> None:
    assert labels(hours) == [f"Mon {mark}" for mark in marks]


def test_marks_noon_and_midnight_over_days() -> None:
    assert labels(72) == ["Mon 12:00", "Tue 00:00", "Tue 12:00", "Wed 00:00", "Wed 12:00", "Thu 00:00"]


def test_stays_even_over_a_change_of_the_clock() -> None:
    before = datetime(2026, 3, 8, 8, 0, tzinfo=UTC)  # the night in which two o'clock does not exist
    assert labels(4, before) == [f"Sun {at}" for at in ("00:00", "01:00", "03:00", "04:00", "05:00")]


@given(scales(), ZONES, st.integers(4, 12))
def test_there_are_neither_too_many_marks_nor_too_few(drawn: Scale, zone: ZoneInfo, at_most: int) -> None:
    assert at_most // 2.5 <= len(drawn.ticks(zone, at_most)) <= at_most


@given(scales(), ZONES, st.integers(4, 12))
def test_marks_are_even_and_within_the_time(drawn: Scale, zone: ZoneInfo, at_most: int) -> None:
    ticks = [at.astimezone(UTC) for at in drawn.ticks(zone, at_most)]
    step = step_for(drawn.end - drawn.start, at_most)
    assert all(later - earlier == step for earlier, later in pairwise(ticks))
    assert drawn.start <= ticks[0] < drawn.start + step
    assert drawn.end - step < ticks[-1] <= drawn.end


@given(scales())
def test_marks_begin_at_a_multiple_of_their_distance(drawn: Scale) -> None:
    first = drawn.ticks(UTC, 8)[0]
    midnight = drawn.start.replace(hour=0, minute=0, second=0, microsecond=0)
    assert (first - midnight) % step_for(drawn.end - drawn.start, 8) == timedelta(0)


@given(scales(), st.floats(0, 1), st.floats(0, 1))
def test_what_is_later_lies_further_to_the_right(drawn: Scale, one: float, other: float) -> None:
    sooner, later = sorted((one, other))
    length = drawn.end - drawn.start
    assert 0 <= drawn.x(drawn.start + sooner * length) <= drawn.x(drawn.start + later * length) <= 800


def test_a_third_of_the_time_is_a_third_of_the_width() -> None:
    drawn = scale(START, START + timedelta(minutes=90), 900)
    assert (drawn.x(START), drawn.x(START + timedelta(minutes=30)), drawn.x(drawn.end)) == (0, 300, 900)


def test_what_is_outside_lies_on_the_edge() -> None:
    drawn = scale(START, START + timedelta(minutes=90), 900)
    assert (drawn.x(START - timedelta(days=1)), drawn.x(START + timedelta(days=1))) == (0, 900)


def test_no_time_at_all_can_be_drawn() -> None:
    assert scale(START, START, 900).end == START + SHORTEST

"""Local time where the clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pager.domain.local_time import (
    AmbiguousTimeError,
    LocalTimeError,
    NonexistentTimeError,
    Which,
    after_the_jump,
    instant,
    is_ambiguous,
    read_local,
    shown,
    told,
)

LOS_ANGELES = ZoneInfo("America/Los_Angeles")
local = datetime.fromisoformat


def test_local_time_follows_daylight_saving() -> None:
    assert instant(local("2026-01-05T08:00"), LOS_ANGELES) == datetime(2026, 1, 5, 16, tzinfo=UTC)
    assert instant(local("2026-07-06T08:00"), LOS_ANGELES) == datetime(2026, 7, 6, 15, tzinfo=UTC)


def test_a_time_that_the_clocks_jump_over_does_not_exist() -> None:
    skipped = local("2026-03-08T02:30")
    with pytest.raises(NonexistentTimeError, match="2026-03-08T02:30 does not exist in America/Los_Angeles"):
        instant(skipped, LOS_ANGELES)
    assert after_the_jump(skipped, LOS_ANGELES) == local("2026-03-08T03:30")


def test_of_a_time_that_comes_twice_the_first_is_meant() -> None:
    twice = local("2026-11-01T01:30")
    assert instant(twice, LOS_ANGELES) == datetime(2026, 11, 1, 8, 30, tzinfo=UTC)
    assert is_ambiguous(twice, LOS_ANGELES)


@pytest.mark.parametrize("time", [local("2026-11-01T02:00"), local("2026-03-08T02:30"), local("2026-07-01T00:00")])
def test_other_times_come_once_at_most(time: datetime) -> None:
    assert not is_ambiguous(time, LOS_ANGELES)


@given(st.datetimes(local("2000-01-01T00:00"), local("2100-01-01T00:00")))
def test_an_instant_shows_the_local_time_it_came_from(time: datetime) -> None:
    try:
        at = instant(time, LOS_ANGELES)
    except NonexistentTimeError:
        assert after_the_jump(time, LOS_ANGELES) == time + timedelta(hours=1)
    else:
        assert at.astimezone(LOS_ANGELES).replace(tzinfo=None) == time


def test_of_a_time_that_comes_twice_somebody_must_say_which() -> None:
    with pytest.raises(AmbiguousTimeError, match="T01:30-07:00 for the first or 2026-11-01T01:30-08:00"):
        read_local("2026-11-01T01:30", LOS_ANGELES)
    first, second = (read_local("2026-11-01T01:30", LOS_ANGELES, which)[1] for which in Which)
    assert second - first == timedelta(hours=1)
    assert read_local("2026-11-01T01:30-08:00", LOS_ANGELES) == (local("2026-11-01T01:30"), second)


def test_a_time_that_does_not_exist_is_told_with_the_one_that_the_clocks_show() -> None:
    with pytest.raises(NonexistentTimeError, match="write 2026-03-08T03:30"):
        read_local("2026-03-08T02:30", LOS_ANGELES)


@pytest.mark.parametrize("text", ["", "tomorrow", "2026-13-01T00:00", "2026-07-04T18:00+00:00", "0001-01-01T00:00+23"])
def test_what_is_no_local_time_is_refused(text: str) -> None:
    with pytest.raises(LocalTimeError):
        read_local(text, LOS_ANGELES)


@given(st.datetimes(local("2020-01-01T00:00"), local("2030-01-01T00:00"), timezones=st.just(UTC)))
def test_what_is_told_is_read_as_the_same_instant(at: datetime) -> None:
    at = at.replace(second=0, microsecond=0)
    time = local(shown(at.astimezone(LOS_ANGELES)))
    assert read_local(told(time, at, LOS_ANGELES), LOS_ANGELES) == (time, at)

"""How long sign-ins last, and how long failed ones wait."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pager.domain.sign_in import (
    LONGEST_PAUSE,
    NO_WAIT,
    OF_EMAIL,
    OF_NETWORK,
    is_running,
    is_usable,
    pause_after,
    wait_left,
)
from pager.domain.user import ResetLink, Session
from tests.clock import START

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (4, 0), (5, 5), (6, 10), (7, 20), (12, 640), (13, 900), (10_000, 900)]
)
def test_pauses_grow_after_the_fifth_failure_in_a_row(failures: int, seconds: int) -> None:
    assert pause_after(failures, OF_EMAIL) == timedelta(seconds=seconds)


def test_an_address_that_many_share_is_given_more_failures() -> None:
    assert pause_after(19, OF_NETWORK) == NO_WAIT
    assert pause_after(20, OF_NETWORK) == 5 * SECOND
    assert pause_after(10_000, OF_NETWORK) == 10 * SECOND


def test_the_wait_counts_from_the_last_failure() -> None:
    assert wait_left(6, START, OF_EMAIL, START + 4 * SECOND) == 6 * SECOND
    assert wait_left(6, START, OF_EMAIL, START + 10 * SECOND) == NO_WAIT


def test_what_failed_long_ago_is_forgotten() -> None:
    assert wait_left(99, START, OF_NETWORK, START + HOUR) == NO_WAIT


@given(st.integers(0, 10**6), st.timedeltas(timedelta(days=-9), timedelta(days=9)))
def test_no_wait_is_ever_longer_than_the_longest_pause(failures: int, passed: timedelta) -> None:
    assert NO_WAIT <= wait_left(failures, START, OF_EMAIL, START + passed) <= LONGEST_PAUSE


@given(st.integers(0, 10**6))
def test_one_more_failure_never_shortens_the_pause(failures: int) -> None:
    assert pause_after(failures, OF_EMAIL) <= pause_after(failures + 1, OF_EMAIL)


def test_a_session_ends_an_hour_after_its_last_request() -> None:
    session = Session("hash", 1, begun_at=START, seen_at=START + HOUR)
    assert is_running(session, START + 2 * HOUR - SECOND)
    assert not is_running(session, START + 2 * HOUR)


def test_a_session_ends_twelve_hours_after_it_began_however_busy() -> None:
    session = Session("hash", 1, begun_at=START, seen_at=START + 12 * HOUR - SECOND)
    assert is_running(session, START + 12 * HOUR - SECOND)
    assert not is_running(session, START + 12 * HOUR)


def test_an_ended_session_is_over() -> None:
    assert not is_running(Session("hash", 1, START, START, ended_at=START), START)


def test_a_link_is_good_once_and_until_it_runs_out() -> None:
    link = ResetLink("hash", 1, START, expires_at=START + 24 * HOUR)
    assert is_usable(link, START + 24 * HOUR - SECOND)
    assert not is_usable(link, START + 24 * HOUR)
    link.used_at = START
    assert not is_usable(link, START)

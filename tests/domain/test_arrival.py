"""What the one who comes is asked, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pager.domain.arrival import Journey, Step
from pager.domain.policy import Acknowledgement
from tests.clock import START

MINUTE = timedelta(minutes=1)
POLICY = Acknowledgement(ask_eta_after=3 * MINUTE, check_in=10 * MINUTE)
ACKNOWLEDGED = Journey(START, None, START + 90 * MINUTE, None, None, None, POLICY, 45 * MINUTE)


def at(minutes: float) -> datetime:
    return START + minutes * MINUTE


def test_the_check_in_comes_after_the_eta_after_the_travel_time_or_after_the_window() -> None:
    assert ACKNOWLEDGED.check_in_at == at(55)
    assert replace(ACKNOWLEDGED, eta=at(20)).check_in_at == at(30)
    assert replace(ACKNOWLEDGED, travel=None).check_in_at == at(100)
    assert replace(ACKNOWLEDGED, acknowledged_at=at(80)).check_in_at == at(100)


def test_who_acknowledges_long_past_the_window_is_not_asked_in_the_same_breath() -> None:
    late = replace(ACKNOWLEDGED, acknowledged_at=at(120))
    assert late.step_at(at(120)) is None
    assert late.check_in_at == at(123)


def test_an_answer_gives_as_long_again() -> None:
    assert replace(ACKNOWLEDGED, eta=at(20), answered_at=at(32)).check_in_at == at(42)


def test_without_an_answer_they_lapse() -> None:
    asked = replace(ACKNOWLEDGED, eta=at(20), eta_asked_at=at(3), checked_in_at=at(30))
    assert asked.step_at(at(39.9)) is None
    assert asked.step_at(at(40)) is Step.LAPSE


@given(
    eta=st.none() | st.integers(1, 999),
    acknowledged=st.integers(0, 200),
    answered=st.none() | st.integers(0, 300),
    asked=st.booleans(),
    checked=st.booleans(),
)
def test_something_is_always_due_next_and_nothing_before_it(
    eta: int | None, acknowledged: int, answered: int | None, asked: bool, checked: bool
) -> None:
    journey = Journey(
        at(acknowledged),
        None if eta is None else at(acknowledged + eta),
        at(90),
        at(acknowledged + 3) if asked else None,
        at(acknowledged + 300) if checked else None,
        None if answered is None else at(acknowledged + answered),
        POLICY,
        45 * MINUTE,
    )
    assert journey.step_at(journey.next_at) is not None
    assert journey.step_at(journey.next_at - MINUTE / 60) is None

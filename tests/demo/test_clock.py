"""The clock of the demonstration: how fast it runs, what it waits for, and that it never goes back."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pager.demo.clock import LEAD, DemoClock
from tests.clock import FakeClock

SECOND = timedelta(seconds=1)


def let_run_for(clock: DemoClock, base: FakeClock, seconds: int) -> None:
    """Let time pass as beside an engine that looks ten times a second."""
    for _ in range(10 * seconds):
        clock.let_run(None)
        base.move(SECOND / 10)


def test_tells_the_time_of_the_other_clock_until_it_is_sped_up() -> None:
    base = FakeClock()
    clock = DemoClock(base)
    base.move(100 * SECOND)
    assert (clock.now(), clock.speed, clock.is_ahead_by) == (base.now(), 1, timedelta(0))


def test_ninety_minutes_pass_in_two() -> None:
    base = FakeClock()
    clock = DemoClock(base)
    began_at = clock.now()
    clock.set_speed(45)
    let_run_for(clock, base, 120)
    assert clock.now() - began_at == timedelta(minutes=90)


def test_slowed_down_it_keeps_its_lead_and_goes_on_from_there() -> None:
    base = FakeClock()
    clock = DemoClock(base)
    clock.set_speed(10)
    let_run_for(clock, base, 6)
    clock.set_speed(1)
    lead = clock.is_ahead_by
    base.move(60 * SECOND)
    assert clock.is_ahead_by == lead == 54 * SECOND


def test_waits_for_an_engine_that_does_not_look() -> None:
    base = FakeClock()
    clock = DemoClock(base)
    began_at = clock.now()
    clock.set_speed(45)
    clock.let_run(None)
    base.move(20 * SECOND)
    assert clock.now() - began_at == LEAD + 20 * SECOND


def test_stops_where_something_is_due_and_is_as_slow_as_a_request_while_it_is_held() -> None:
    base = FakeClock()
    clock = DemoClock(base)
    clock.set_speed(45)
    due_at = clock.now() + 2 * SECOND
    clock.let_run(due_at)
    clock.hold()
    base.move(SECOND)
    assert clock.now() == due_at - SECOND
    clock.let_run(due_at)
    assert clock.now() == due_at


def test_makes_up_for_what_it_waited() -> None:
    base = FakeClock()
    clock = DemoClock(base)
    began_at = clock.now()
    clock.set_speed(10)
    clock.hold()
    base.move(SECOND)
    let_run_for(clock, base, 9)
    assert clock.now() - began_at == 100 * SECOND


def test_begins_when_an_engine_was_last_seen_however_far_ahead() -> None:
    base = FakeClock()
    seen_at = base.now() + timedelta(days=3)
    assert DemoClock(base, seen_at).now() == seen_at
    assert DemoClock(base, base.now() - SECOND).now() == base.now()


deeds = st.one_of(
    st.tuples(st.just("move"), st.floats(0, 30)),
    st.tuples(st.just("speed"), st.sampled_from([1, 10, 45])),
    st.tuples(st.just("run"), st.one_of(st.none(), st.floats(-10, 100))),
    st.tuples(st.just("hold"), st.none()),
)


@given(st.lists(deeds))
def test_never_goes_back_and_never_falls_behind(steps: list[tuple[str, float | None]]) -> None:
    base = FakeClock()
    clock = DemoClock(base)
    seen: list[datetime] = [clock.now()]
    for deed, amount in steps:
        match deed:
            case "move":
                base.move((amount or 0) * SECOND)
            case "speed":
                clock.set_speed(int(amount or 1))
            case "run":
                clock.let_run(None if amount is None else clock.now() + amount * SECOND)
            case _:
                clock.hold()
        seen.append(clock.now())
        assert seen[-1] >= base.now()
    assert seen == sorted(seen)

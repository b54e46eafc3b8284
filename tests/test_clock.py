"""The clock that never goes back, whatever is done to the machine's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pager.clock import SystemClock
from tests.clock import START

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


class Machine:
    """A machine with a wall clock that can be set, and a monotonic one that cannot."""

    def __init__(self) -> None:
        self.wall, self.monotonic = START, 1000.0

    def pass_time(self, by: timedelta) -> None:
        self.wall += by
        self.monotonic += by.total_seconds()

    def set_clock(self, by: timedelta) -> None:
        self.wall += by

    def clock(self, start_at: datetime | None = None) -> SystemClock:
        return SystemClock(start_at, wall=lambda: self.wall, monotonic=lambda: self.monotonic)


@pytest.fixture
def machine() -> Machine:
    return Machine()


def test_tells_the_time(machine: Machine) -> None:
    clock = machine.clock()
    machine.pass_time(HOUR)
    assert clock.now() == machine.wall == START + HOUR
    assert clock.take_jumps() == []


def test_goes_on_from_where_it_was_when_the_clock_is_set_back_an_hour(machine: Machine) -> None:
    clock = machine.clock()
    machine.set_clock(-HOUR)
    assert clock.now() == START
    machine.pass_time(SECOND)
    assert clock.now() == START + SECOND
    assert clock.take_jumps() == [-3600.0]


def test_follows_a_clock_that_is_set_forth_an_hour(machine: Machine) -> None:
    clock = machine.clock()
    machine.set_clock(HOUR)
    assert clock.now() == START + HOUR
    machine.pass_time(SECOND)
    assert clock.now() == START + HOUR + SECOND
    assert clock.take_jumps() == [3600.0]


def test_tells_of_a_jump_once_and_of_its_being_put_right(machine: Machine) -> None:
    clock = machine.clock()
    machine.set_clock(-HOUR)
    clock.now()
    machine.pass_time(SECOND)
    clock.now()
    assert clock.take_jumps() == [-3600.0]
    machine.set_clock(HOUR)
    assert clock.now() == machine.wall == START + SECOND
    assert clock.take_jumps() == [3600.0]
    assert clock.take_jumps() == []


@pytest.mark.parametrize("seconds", [5, -5])
def test_a_small_correction_is_no_jump(machine: Machine, seconds: int) -> None:
    clock = machine.clock()
    machine.set_clock(timedelta(seconds=seconds))
    assert clock.now() == max(START, machine.wall)
    assert clock.take_jumps() == []


def test_small_corrections_back_that_add_up_are_told(machine: Machine) -> None:
    clock = machine.clock()
    for _ in range(3):
        machine.set_clock(-2 * SECOND)
        clock.now()
    assert clock.take_jumps() == [-6.0]


def test_begins_when_an_engine_was_last_seen_though_the_clock_was_set_back(machine: Machine) -> None:
    clock = machine.clock(start_at=START + HOUR)
    assert clock.now() == START + HOUR
    machine.pass_time(SECOND)
    assert clock.now() == START + HOUR + SECOND
    assert clock.take_jumps() == [-3600.0]


@pytest.mark.parametrize("ahead", [-HOUR, timedelta(0), 3 * SECOND])
def test_an_engine_seen_before_or_just_now_is_no_jump(machine: Machine, ahead: timedelta) -> None:
    clock = machine.clock(start_at=START + ahead)
    assert clock.now() == max(START, START + ahead)
    assert clock.take_jumps() == []


def test_does_not_live_by_a_time_that_must_have_been_wrong_but_tells_of_it(machine: Machine) -> None:
    clock = machine.clock(start_at=START + 3 * HOUR)
    assert clock.now() == START
    assert clock.take_jumps() == [-3 * 3600.0]


@given(st.lists(st.tuples(st.booleans(), st.integers(-7200, 7200)), max_size=30))
def test_never_goes_back_and_never_falls_behind_the_wall(steps: list[tuple[bool, int]]) -> None:
    machine = Machine()
    clock = machine.clock()
    times = [clock.now()]
    for is_set, seconds in steps:
        by = timedelta(seconds=seconds)
        if is_set:
            machine.set_clock(by)
        else:
            machine.pass_time(abs(by))
        times.append(clock.now())
        assert times[-1] >= machine.wall
    assert all(earlier <= later for earlier, later in pairwise(times))


def test_threads_see_one_jump_and_no_step_back(machine: Machine) -> None:
    clock = machine.clock()

    def read(number: int) -> bool:
        if number == 4:
            machine.set_clock(-HOUR)
        times = [clock.now() for _ in range(500)]
        return all(earlier <= later for earlier, later in pairwise(times))

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(read, range(8)))
    assert clock.take_jumps() == [-3600.0]

"""Something is wrong with the service itself: the people of PAGER_ALARM_TO are told, once an hour."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pager.adapters.clock_watch import ClockWatch
from pager.adapters.db.session import SqlStore
from pager.domain.alarm import ClockJumped
from pager.lifecycle.alarm import tell_of_clock
from pager.lifecycle.ports import StoreUnavailableError
from tests.web.api_support import FlakyStore
from tests.world import ALARM, World

HOUR_BACK = ClockJumped(-3600)
TOLD = "pager: the clock of a server jumped by -3600 s. Check it."


def test_tells_those_who_are_told_when_something_is_wrong(world: World) -> None:
    world.context = replace(world.context, alarm_to=(ALARM, "+13105550198"))
    tell_of_clock(world.context, HOUR_BACK)
    world.settle()
    assert world.messages(ALARM) == world.messages("+13105550198") == [TOLD]


def test_tells_them_once_an_hour(world: World) -> None:
    tell_of_clock(world.context, HOUR_BACK)
    world.clock.move(timedelta(minutes=59))
    tell_of_clock(world.context, ClockJumped(7200))
    world.settle()
    assert world.messages(ALARM) == [TOLD]
    world.clock.move(timedelta(minutes=1))
    tell_of_clock(world.context, HOUR_BACK)
    world.settle()
    assert world.messages(ALARM) == [TOLD, TOLD]


def test_with_nobody_to_tell_the_log_says_it(world: World, caplog: pytest.LogCaptureFixture) -> None:
    tell_of_clock(replace(world.context, alarm_to=()), HOUR_BACK)
    assert TOLD in caplog.text


def test_a_jump_of_the_clock_is_told_by_the_next_look_and_only_then(world: World) -> None:
    jumps = [-2.0, -3600.0, 30.0]
    watch = ClockWatch(world.context, lambda: [jumps.pop() for _ in list(jumps)])
    watch.look()
    world.clock.move(timedelta(hours=1))
    watch.look()
    world.settle()
    assert world.messages(ALARM) == [TOLD]


def test_a_jump_that_could_not_be_told_is_told_once_the_database_is_back(world: World) -> None:
    assert isinstance(world.store, SqlStore)
    store, jumps = FlakyStore(world.store), [-3600.0]
    store.is_away = True
    watch = ClockWatch(replace(world.context, store=store), lambda: [jumps.pop() for _ in list(jumps)])
    with pytest.raises(StoreUnavailableError):
        watch.look()
    store.is_away = False
    watch.look()
    world.settle()
    assert world.messages(ALARM) == [TOLD]

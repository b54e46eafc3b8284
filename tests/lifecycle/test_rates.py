"""The carrier's rates: each sending number within its own, what matters most first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pager.domain.delivery import Delivery, DeliveryState, Priority
from pager.domain.rate import Rates, next_free_at, slots
from pager.lifecycle.trigger import Triggered
from tests.clock import START
from tests.people import ANA, BEN
from tests.world import OURS, OURS_TOO, World

SECOND = timedelta(seconds=1)


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    world = World(database_url, senders=(OURS, OURS_TOO), rates=Rates(messages=1, calls=1))
    yield world
    world.close()


def left_at(delivery: Delivery) -> datetime:
    assert delivery.left_at is not None
    return delivery.left_at


def sent(world: World, *encounters: Triggered) -> list[Delivery]:
    found = [one for encounter in encounters for one in world.deliveries(encounter)]
    return sorted((one for one in found if one.left_at), key=left_at)


def test_each_sending_number_keeps_within_its_messages_a_second(world: World) -> None:
    encounters = [world.trigger() for _ in range(3)]
    world.pass_time(20 * SECOND)
    for sender in (OURS, OURS_TOO):
        times = [left_at(one) for one in sent(world, *encounters) if one.from_number == sender]
        assert len(times) > 1
        assert all(later - earlier >= SECOND for earlier, later in pairwise(times))
    assert len(sent(world, *encounters)) == 15


def test_a_person_is_always_written_to_from_one_number(world: World) -> None:
    encounters = [world.trigger() for _ in range(3)]
    world.pass_time(20 * SECOND)
    assert len({one.from_number for one in sent(world, *encounters) if one.to_number == ANA}) == 1


def test_first_pages_of_a_new_encounter_go_before_escalations_of_an_old_one(world: World) -> None:
    old = world.trigger()
    world.clock.move(timedelta(minutes=6))
    world.beat._escalate()
    new = world.trigger()
    world.pass_time(20 * SECOND)
    escalation = next(one for one in world.deliveries(old) if one.to_number == BEN)
    last_first_page = max(left_at(one) for one in sent(world, new) if one.from_number == escalation.from_number)
    assert escalation.priority == Priority.ESCALATION
    assert left_at(escalation) > last_first_page


def test_encounters_of_one_minute_get_their_first_pages_in_the_order_in_which_they_came(world: World) -> None:
    encounters = [world.trigger() for _ in range(6)]
    world.pass_time(40 * SECOND)
    ends = [max(left_at(one) for one in world.deliveries(encounter)) for encounter in encounters]
    assert ends == sorted(ends)
    states = {one.state for encounter in encounters for one in world.deliveries(encounter)}
    assert states == {DeliveryState.DELIVERED}


@given(st.floats(0.1, 200), st.integers(1, 400))
def test_no_second_sees_more_than_the_rate_allows(rate: float, number: int) -> None:
    now, free_at = START, None
    gone: list[datetime] = []
    while len(gone) < number:
        free = slots(free_at, now, rate)
        gone += [now] * free
        if free:
            free_at = next_free_at(now, rate)
        now += timedelta(milliseconds=20)
    assert most_within(gone, SECOND) <= max(1, ceil(rate))


def most_within(times: list[datetime], span: timedelta) -> int:
    return max(sum(start <= at < start + span for at in times) for start in times)

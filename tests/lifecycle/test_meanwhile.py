"""What happens between the claim of a delivery and the record of what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from pager.domain.delivery import Delivery, DeliveryState
from pager.domain.directory import Channel
from pager.domain.page import PageState
from pager.lifecycle.record import record
from pager.lifecycle.resolve import resolve
from pager.lifecycle.send import send
from pager.lifecycle.tick import LEASE
from pager.lifecycle.trigger import Triggered
from pager.sandbox.faults import Asked, Fault, FaultKind
from tests.lifecycle.engines import Died, Engines, Meanwhile, Moment, Outbox, Plan
from tests.people import ANA, BEN, DAN
from tests.world import OURS, World

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


@pytest.fixture
def meanwhile(world: World) -> Meanwhile:
    """Let two engines work in the world, whose deliveries something can happen to."""
    outbox = Outbox(world.context, world.carrier)
    world.outbox, world.beat = outbox, Engines(world.context, outbox)  # type: ignore[assignment] # it beats like one
    return outbox.meanwhile


def plan_text(world: World, meanwhile: Meanwhile, number: str, words: str, passes: int = 0) -> None:
    """Let somebody's text come once the next delivery, or one some later, is claimed."""

    def text() -> None:
        world.sandbox.reply(number, OURS, words)
        world.sandbox.settle()

    meanwhile.plans.append(Plan(Moment.CLAIMED, text, passes=passes))


def state(world: World, triggered: Triggered, responder: str, rung: int, channel: Channel) -> DeliveryState:
    (found,) = [
        one
        for one in world.deliveries(triggered)
        if (one.responder, one.rung, one.channel) == (responder, rung, channel)
    ]
    return found.state


def test_no_request_begins_after_an_acknowledgement_that_came_once_it_was_claimed(
    world: World, meanwhile: Meanwhile
) -> None:
    triggered = world.trigger()
    world.text(DAN, "ack")
    plan_text(world, meanwhile, ANA, "ack")
    world.pass_time(2 * MINUTE + SECOND)
    assert world.page(triggered, "dcfs").state is PageState.ACKNOWLEDGED
    assert world.calls(ANA) == 0
    assert state(world, triggered, "dcfs-ana", 1, Channel.VOICE) is DeliveryState.WITHDRAWN


def test_no_request_begins_for_a_rung_that_a_no_has_passed_once_it_was_claimed(
    world: World, meanwhile: Meanwhile
) -> None:
    triggered = world.trigger()
    world.text(DAN, "ack")
    world.pass_time(5.9 * MINUTE)
    plan_text(world, meanwhile, ANA, "no")
    world.pass_time(0.2 * MINUTE)
    assert state(world, triggered, "dcfs-ben", 2, Channel.SMS) is DeliveryState.WITHDRAWN
    assert world.messages(BEN) == []
    assert world.calls(BEN) == 1


def test_a_call_is_not_taken_for_the_first_one_of_a_delivery_that_was_called_again(
    world: World, meanwhile: Meanwhile
) -> None:
    world.trigger()
    world.pass_time(45 * SECOND)
    world.trigger()
    world.pass_time(115 * SECOND)
    assert world.calls(ANA) == 1
    meanwhile.plans.append(Plan(Moment.CLAIMED, die))
    world.pass_time(25 * SECOND)
    assert world.calls(ANA) == 2


def die() -> None:
    raise Died


def test_an_outcome_that_is_recorded_late_does_not_send_again_what_another_engine_is_sending(
    world: World, meanwhile: Meanwhile
) -> None:
    refused = Fault(FaultKind.REFUSE, http_status=429, code=20429, times=1)
    for fault in (refused, Fault(FaultKind.LOSE), Fault(FaultKind.LAG, seconds=4), Fault(FaultKind.NO_RECEIPTS)):
        world.sandbox.add_fault(replace(fault, on=Asked.MESSAGE, number=ANA))
    meanwhile.plans.append(Plan(Moment.ASKED, lambda: world.pass_time(LEASE + SECOND)))
    world.trigger()
    world.pass_time(MINUTE)
    assert len(world.messages(ANA)) == 1


def test_a_request_that_was_begun_too_late_does_not_shorten_the_lease_of_another_engines(world: World) -> None:
    def claim() -> Sequence[Delivery]:
        with world.store.writing() as work:
            return work.claims.claim(world.clock.now(), 100, LEASE, world.context.rates, world.context.senders)

    triggered = world.trigger(settle=False)
    late = claim()
    begin_before = world.clock.now()
    world.clock.move(LEASE)
    with world.store.writing() as work:
        unknown = work.claims.claim_unknown(world.clock.now(), 100, LEASE)
    record(world.context, [resolve(world.context, world.carrier, one) for one in unknown])
    assert len(claim()) == len(late)
    record(world.context, [send(world.context, world.carrier, one, begin_before) for one in late])
    assert {one.lease_until for one in world.deliveries(triggered)} == {world.clock.now() + LEASE}


@pytest.mark.parametrize("on", [Asked.MESSAGE, Asked.CALL])
@pytest.mark.parametrize("moment", [Moment.ASKED, Moment.CLAIMED])
def test_an_engine_that_died_doubles_nothing_and_loses_nothing_though_the_list_lags(
    world: World, meanwhile: Meanwhile, moment: Moment, on: Asked
) -> None:
    world.sandbox.add_fault(Fault(FaultKind.NO_RECEIPTS))
    world.sandbox.add_fault(Fault(FaultKind.LAG, seconds=4))
    if on is Asked.CALL:
        world.trigger()
        world.pass_time(119 * SECOND)
    meanwhile.plans.append(Plan(moment, die))
    if on is Asked.MESSAGE:
        world.trigger()
    world.pass_time(20 * SECOND)
    assert len(world.messages(ANA)) == 1
    assert world.calls(ANA) == (on is Asked.CALL)


@pytest.mark.parametrize("on", [Asked.MESSAGE, Asked.CALL])
def test_what_was_taken_without_an_answer_is_not_sent_again_though_the_list_lags(world: World, on: Asked) -> None:
    for fault in (Fault(FaultKind.LOSE), Fault(FaultKind.LAG, seconds=4), Fault(FaultKind.NO_RECEIPTS)):
        world.sandbox.add_fault(replace(fault, on=on, number=ANA))
    world.trigger()
    world.pass_time(2.5 * MINUTE)
    assert len(world.messages(ANA)) == world.calls(ANA) == 1

"""Outcomes that nobody knows, processes that died, and a carrier that comes back: nothing lost, nothing twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pager.domain.delivery import Delivery, DeliveryState
from pager.domain.page import PageState
from pager.lifecycle.carrier import Outcome
from pager.lifecycle.report import report_acknowledgement
from pager.lifecycle.tick import LEASE
from pager.lifecycle.trigger import Triggered
from pager.sandbox.faults import Asked, Fault, FaultKind
from tests.people import ANA, BEN, CHO
from tests.world import World

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def world(dcfs: World) -> World:
    """Nobody here looks at another agency."""
    return dcfs


def first(world: World, triggered: Triggered, responder: str = "dcfs-ana") -> Delivery:
    return next(one for one in world.deliveries(triggered) if one.responder == responder)


@pytest.mark.parametrize("kind", [FaultKind.LOSE, FaultKind.EMPTY, FaultKind.HTML])
def test_a_message_that_was_taken_without_an_answer_is_not_sent_again(world: World, kind: FaultKind) -> None:
    world.sandbox.add_fault(Fault(kind, number=ANA, on=Asked.MESSAGE, times=1))
    world.sandbox.add_fault(Fault(FaultKind.NO_RECEIPTS, number=ANA))
    triggered = world.trigger()
    assert first(world, triggered).state is DeliveryState.SENDING
    world.pass_time(20 * SECOND)
    assert first(world, triggered).state is DeliveryState.SENT
    assert len(world.messages(ANA)) == 1


def test_a_receipt_that_carries_the_token_tells_as_well(world: World) -> None:
    world.sandbox.add_fault(Fault(FaultKind.LOSE, number=ANA, on=Asked.MESSAGE, times=1))
    triggered = world.trigger()
    assert first(world, triggered).state is DeliveryState.DELIVERED
    world.pass_time(20 * SECOND)
    assert len(world.messages(ANA)) == 1


def test_a_server_error_that_took_nothing_is_sent_again_after_the_list_was_asked(world: World) -> None:
    world.sandbox.add_fault(Fault(FaultKind.REFUSE, number=ANA, on=Asked.MESSAGE, http_status=503, times=1))
    triggered = world.trigger()
    assert world.messages(ANA) == []
    world.pass_time(20 * SECOND)
    assert len(world.messages(ANA)) == 1
    assert first(world, triggered).state is DeliveryState.DELIVERED


def die_while_sending(world: World, *, has_sent: bool) -> None:
    """Let the process die at a claimed delivery, before or after the carrier was asked."""
    with world.store.writing() as work:
        claimed = work.claims.claim(world.clock.now(), 100, LEASE, world.context.rates, world.context.senders)
    if has_sent:
        for delivery in claimed:
            world.carrier.send(delivery)


@pytest.mark.parametrize("has_sent", [True, False])
def test_what_a_dead_process_was_sending_is_decided_within_twenty_seconds(world: World, has_sent: bool) -> None:
    triggered = world.trigger(settle=False)
    die_while_sending(world, has_sent=has_sent)
    world.pass_time(20 * SECOND)
    assert len(world.messages(ANA)) == 1
    assert first(world, triggered).state in (DeliveryState.SENT, DeliveryState.DELIVERED)


def test_a_call_of_a_dead_process_is_found_and_not_made_twice(world: World) -> None:
    world.trigger()
    world.clock.move(2 * MINUTE)
    world.beat._escalate()
    die_while_sending(world, has_sent=True)
    world.pass_time(20 * SECOND)
    assert world.calls(ANA) == 1


def test_nothing_is_sent_for_a_rung_whose_time_is_past(world: World) -> None:
    triggered = world.trigger(settle=False)
    die_while_sending(world, has_sent=False)
    world.clock.move(3 * MINUTE)
    world.settle()
    assert world.messages(ANA) == []
    assert world.calls(ANA) == 1
    assert first(world, triggered).state is DeliveryState.WITHDRAWN


def test_while_the_list_does_not_answer_it_is_asked_again(world: World) -> None:
    world.sandbox.add_fault(Fault(FaultKind.LOSE, number=ANA, on=Asked.MESSAGE, times=1))
    world.sandbox.add_fault(Fault(FaultKind.NO_RECEIPTS, number=ANA))
    world.sandbox.add_fault(Fault(FaultKind.REFUSE, on=Asked.READ, times=2))
    triggered = world.trigger()
    world.pass_time(40 * SECOND)
    assert first(world, triggered).state is DeliveryState.SENT
    assert len(world.messages(ANA)) == 1


def test_of_two_messages_with_one_text_each_claims_its_own(world: World) -> None:
    triggered = world.trigger()
    world.pass_time(14.9 * MINUTE)
    world.sandbox.add_fault(Fault(FaultKind.LOSE, number=ANA, on=Asked.MESSAGE, times=1))
    world.sandbox.add_fault(Fault(FaultKind.NO_RECEIPTS, number=ANA))
    world.pass_time(1 * MINUTE)
    sids = [one.carrier_sid for one in world.deliveries(triggered) if one.to_number == ANA and one.channel == "sms"]
    assert len(sids) == len(set(sids)) == 2
    assert None not in sids


def test_a_call_that_nobody_answers_is_made_once_more_after_a_minute(world: World) -> None:
    world.trigger()
    world.pass_time(2.1 * MINUTE)
    assert world.calls(ANA) == 1
    world.pass_time(1.8 * MINUTE)
    assert world.calls(ANA) == 2
    world.pass_time(2 * MINUTE)
    assert world.calls(ANA) == 2


def test_a_call_is_not_made_once_more_when_the_next_rung_is_nearer(world: World) -> None:
    world.trigger()
    world.pass_time(6.9 * MINUTE)
    world.pass_time(3 * MINUTE)
    assert world.calls(BEN) == 2
    world.pass_time(1.9 * MINUTE)
    assert world.calls(BEN) == 2


def test_while_credentials_are_refused_deliveries_wait_and_then_the_newest_go_first(world: World) -> None:
    world.sandbox.add_fault(Fault(FaultKind.REFUSE, http_status=401, code=20003))
    one, two = world.trigger(), world.trigger(station="lancaster")
    world.pass_time(20 * SECOND)
    assert not world.carrier.is_authorised
    assert {delivery.state for delivery in world.deliveries(one)} == {DeliveryState.QUEUED}
    world.sandbox.clear_faults()
    world.pass_time(31 * SECOND)
    assert world.messages(ANA)[0].startswith(two.overview.encounter.reference)
    assert len(world.messages(ANA)) == 2
    assert world.page(one, "dcfs").state is PageState.PAGING


def test_one_who_declined_meanwhile_is_not_called_by_what_is_sent_again(world: World) -> None:
    world.trigger()
    world.sandbox.add_fault(Fault(FaultKind.REFUSE, number=ANA, on=Asked.CALL, http_status=503, times=1))
    world.pass_time(2 * MINUTE + SECOND)
    world.text(ANA, "no")
    world.pass_time(30 * SECOND)
    assert world.calls(ANA) == 0


def test_what_is_under_way_for_a_rung_that_a_no_has_passed_is_not_sent_again(world: World) -> None:
    triggered = world.trigger()
    world.sandbox.add_fault(Fault(FaultKind.REFUSE, number=CHO, on=Asked.MESSAGE, http_status=503, times=1))
    world.pass_time(12 * MINUTE + SECOND)
    world.text(ANA, "no")
    world.pass_time(20 * SECOND)
    assert first(world, triggered, "dcfs-cho").state is DeliveryState.WITHDRAWN
    assert len(world.messages(CHO)) == 1


def test_what_the_carrier_did_not_take_is_withdrawn_where_its_page_was_answered_meanwhile(world: World) -> None:
    triggered = world.trigger(settle=False)
    world.sandbox.add_fault(Fault(FaultKind.REFUSE, number=ANA, on=Asked.MESSAGE, http_status=429, code=20429, times=1))
    send = world.carrier.send

    def send_while_it_is_answered(delivery: Delivery) -> Outcome:
        if delivery.responder == "dcfs-ana":
            reference = triggered.overview.encounter.reference
            report_acknowledgement(world.context, reference, "dcfs", "dcfs-ben", None)
        return send(delivery)

    world.carrier.send = send_while_it_is_answered  # type: ignore[method-assign]
    world.settle()
    assert first(world, triggered).state is DeliveryState.WITHDRAWN

"""What the carrier refuses, loses or never brings: the other channel, the next rung, or once more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pager.domain.delivery import DeliveryState
from pager.domain.directory import Channel
from pager.lifecycle.correct import correct
from pager.sandbox.faults import Asked, Fault, FaultKind
from tests.people import ANA, BEN
from tests.world import World

MINUTE = timedelta(minutes=1)


@pytest.fixture
def world(dcfs: World) -> World:
    """Nobody here looks at another agency."""
    return dcfs


def refuse(world: World, number: str, code: int, *, on: Asked | None = None, http_status: int = 400) -> None:
    world.sandbox.add_fault(Fault(FaultKind.REFUSE, number=number, on=on, http_status=http_status, code=code))


def test_a_number_that_takes_no_messages_is_called_at_once(world: World) -> None:
    triggered = None
    refuse(world, ANA, 21614, on=Asked.MESSAGE)
    triggered = world.trigger()
    assert world.calls(ANA) == 1
    failed = [delivery for delivery in world.deliveries(triggered) if delivery.state is DeliveryState.FAILED]
    assert [(delivery.channel, delivery.error) for delivery in failed] == [(Channel.SMS, "21614")]
    assert world.messages(BEN) == []


def test_one_with_no_channel_left_brings_the_next_rung_without_waiting(world: World) -> None:
    refuse(world, ANA, 21211)
    triggered = world.trigger()
    assert len(world.messages(BEN)) == 1
    assert "unreachable" in [event.kind for event in world.timeline(triggered, "dcfs")]
    assert world.page(triggered, "dcfs").rung == 2


def test_a_message_that_comes_back_undelivered_for_good_is_made_up_for_by_a_call(world: World) -> None:
    world.sandbox.add_fault(Fault(FaultKind.UNDELIVERED, number=ANA, on=Asked.MESSAGE, code=30006))
    world.trigger()
    assert world.calls(ANA) == 1


def test_a_busy_carrier_is_asked_again_with_growing_pauses(world: World) -> None:
    world.sandbox.add_fault(Fault(FaultKind.REFUSE, number=ANA, on=Asked.MESSAGE, http_status=429, code=20429, times=3))
    triggered = world.trigger()
    assert world.messages(ANA) == []
    world.pass_time(timedelta(seconds=20))
    assert len(world.messages(ANA)) == 1
    (delivery,) = [one for one in world.deliveries(triggered) if one.responder == "dcfs-ana"]
    assert (delivery.attempts, delivery.state) == (4, DeliveryState.DELIVERED)


def test_nothing_goes_out_for_a_rung_whose_time_is_past(world: World) -> None:
    world.sandbox.add_fault(
        Fault(FaultKind.REFUSE, number=ANA, on=Asked.MESSAGE, http_status=429, code=20429, times=40)
    )
    triggered = world.trigger()
    world.pass_time(2.5 * MINUTE)
    world.sandbox.clear_faults()
    world.pass_time(0.8 * MINUTE)
    assert world.messages(ANA) == []
    assert world.calls(ANA) == 1
    first = next(one for one in world.deliveries(triggered) if one.responder == "dcfs-ana")
    assert first.state is DeliveryState.WITHDRAWN


def test_receipts_doubled_and_backwards_leave_what_one_in_order_leaves(world: World) -> None:
    world.sandbox.add_fault(Fault(FaultKind.REVERSED_RECEIPTS, number=ANA))
    world.sandbox.add_fault(Fault(FaultKind.DOUBLED_RECEIPTS, number=BEN))
    triggered = world.trigger()
    world.pass_time(7 * MINUTE)
    states = {one.state for one in world.deliveries(triggered) if one.channel is Channel.SMS}
    assert states == {DeliveryState.DELIVERED}


def test_a_message_without_receipts_is_sent_and_nothing_waits_for_it(world: World) -> None:
    world.sandbox.add_fault(Fault(FaultKind.NO_RECEIPTS, number=ANA))
    triggered = world.trigger()
    first = next(one for one in world.deliveries(triggered) if one.responder == "dcfs-ana")
    assert first.state is DeliveryState.SENT
    world.text(ANA, "ack")
    assert world.page(triggered, "dcfs").acknowledged_by == "dcfs-ana"


def test_two_calls_to_one_number_never_overlap(world: World) -> None:
    world.trigger(), world.trigger()
    world.pass_time(2.1 * MINUTE)
    assert world.calls(ANA) == 1
    world.press(ANA, "1")
    world.sandbox.hang_up(world.sandbox.open_call(ANA) or "")
    world.pass_time(timedelta(seconds=5))
    assert world.calls(ANA) == 2


def test_a_passing_fault_keeps_nobody_from_being_paged_later(world: World) -> None:
    world.sandbox.add_fault(Fault(FaultKind.UNDELIVERED, number=ANA, on=Asked.MESSAGE, code=30003, times=1))
    world.sandbox.add_fault(Fault(FaultKind.FAILED, number=ANA, on=Asked.CALL, times=1))
    world.trigger()
    assert len(world.messages(BEN)) == 1
    world.pass_time(16 * MINUTE)
    assert len(world.messages(ANA)) >= 2
    assert world.calls(ANA) >= 2


def test_a_lasting_fault_is_not_met_again(world: World) -> None:
    refuse(world, ANA, 21614, on=Asked.MESSAGE)
    triggered = world.trigger()
    world.pass_time(16 * MINUTE)
    texts = [one for one in world.deliveries(triggered) if one.to_number == ANA and one.channel is Channel.SMS]
    assert len(texts) == 1


def test_a_stand_down_that_waits_is_withdrawn_when_the_person_is_paged_again(world: World) -> None:
    triggered = world.trigger()
    world.pass_time(7.5 * MINUTE)
    world.sandbox.add_fault(Fault(FaultKind.REFUSE, number=BEN, on=Asked.MESSAGE, http_status=429, code=20429))
    world.text(ANA, "ack")
    world.text(ANA, "no")
    world.sandbox.clear_faults()
    world.pass_time(1 * MINUTE)
    assert not any("stand down" in text for text in world.messages(BEN))
    assert world.page(triggered, "dcfs").round == 2


def test_one_reached_by_voice_only_is_told_by_a_call_that_takes_keys(world: World) -> None:
    refuse(world, ANA, 21614, on=Asked.MESSAGE)
    triggered = world.trigger()
    world.press(ANA, "1")
    world.sandbox.hang_up(world.sandbox.open_call(ANA) or "")
    correct(world.context, triggered.overview.encounter.reference, "lancaster", None)
    world.pass_time(timedelta(seconds=5))
    world.pick_up(ANA)
    assert "Correction" in world.heard(ANA)
    world.press(ANA, "2")
    assert world.page(triggered, "dcfs").round == 2


def test_one_who_declined_is_not_called_once_more(world: World) -> None:
    world.trigger()
    world.pass_time(7.1 * MINUTE)
    world.text(BEN, "no")
    world.pass_time(3 * MINUTE)
    assert world.calls(BEN) == 1


def test_a_call_made_once_more_is_not_taken_for_the_one_before_it(world: World) -> None:
    world.trigger()
    world.pass_time(3 * MINUTE)
    assert world.calls(ANA) == 1
    world.sandbox.add_fault(Fault(FaultKind.REFUSE, number=ANA, on=Asked.CALL, http_status=503, times=1))
    world.pass_time(1 * MINUTE)
    assert world.calls(ANA) == 2

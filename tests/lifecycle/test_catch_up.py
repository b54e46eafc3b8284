"""What the carrier could not tell us while we were away is asked for, and acted on once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pager.adapters.twilio.ledger import TwilioLedger
from pager.domain.delivery import DeliveryState
from pager.domain.page import PageState
from pager.lifecycle.carrier import CarrierUnavailableError
from pager.lifecycle.catch_up import catch_up
from pager.sandbox.faults import Asked, Fault, FaultKind
from tests.people import ANA, DAN
from tests.world import OURS, World

MINUTE = timedelta(minutes=1)


def away(url: str, _form: object, _headers: object) -> tuple[int, str]:
    raise ConnectionError(url)


def text_while_away(world: World, number: str, words: str) -> None:
    """Send us a message whose webhook finds nobody."""
    post, world.sandbox.post = world.sandbox.post, away
    world.sandbox.reply(number, OURS, words)
    world.sandbox.settle()
    world.clock.move(timedelta(seconds=30))
    world.sandbox.settle()
    world.sandbox.post = post


def test_replies_that_came_while_we_were_away_are_taken_in_once(world: World) -> None:
    triggered = world.trigger()
    text_while_away(world, ANA, "ack 30")
    assert world.page(triggered, "dcfs").state is PageState.PAGING
    for _ in range(2):
        catch_up(world.context, TwilioLedger(world.carrier))
        world.settle()
    assert world.page(triggered, "dcfs").acknowledged_by == "dcfs-ana"
    assert sum("Not you?" in text for text in world.messages(ANA)) == 1


def test_a_reply_whose_webhook_came_is_not_acted_on_again(world: World) -> None:
    triggered = world.trigger()
    world.text(ANA, "no")
    world.text(ANA, "ack")
    catch_up(world.context, TwilioLedger(world.carrier))
    kinds = [event.kind.value for event in world.timeline(triggered, "dcfs") if event.responder == "dcfs-ana"]
    assert kinds == ["paged", "declined", "acknowledged"]


def test_messages_from_before_any_open_encounter_are_nobodys_business(world: World) -> None:
    text_while_away(world, ANA, "hello")
    world.clock.move(timedelta(days=2))
    world.trigger()
    catch_up(world.context, TwilioLedger(world.carrier))
    world.settle()
    assert not any("Reply ACK or ACK 25" in text for text in world.messages(ANA))


def test_a_state_that_never_got_a_receipt_is_asked_for(world: World) -> None:
    world.sandbox.add_fault(Fault(FaultKind.NO_RECEIPTS, number=DAN, on=Asked.MESSAGE))
    world.sandbox.add_fault(Fault(FaultKind.UNDELIVERED, number=DAN, on=Asked.MESSAGE, code=30006))
    triggered = world.trigger()
    world.pass_time(2.5 * MINUTE)
    first = next(one for one in world.deliveries(triggered) if one.responder == "dhs-dan")
    assert first.state is DeliveryState.SENT
    catch_up(world.context, TwilioLedger(world.carrier))
    first = next(one for one in world.deliveries(triggered) if one.responder == "dhs-dan")
    assert (first.state, first.error) == (DeliveryState.FAILED, "30006")


def test_a_carrier_that_does_not_answer_is_said_so(world: World) -> None:
    world.trigger()
    world.sandbox.add_fault(Fault(FaultKind.REFUSE, on=Asked.READ))
    with pytest.raises(CarrierUnavailableError):
        catch_up(world.context, TwilioLedger(world.carrier))

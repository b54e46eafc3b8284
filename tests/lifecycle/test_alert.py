"""The dispatcher's alert: whom it names, when it comes again, and what key 1 takes."""

from __future__ import annotations

from datetime import timedelta

from pager.domain.page import PageState
from pager.lifecycle.correct import correct
from tests.people import ANA, BEN, CHO, DAN, DCFS_DUTY
from tests.world import ALARM, CALLBACK, World

MINUTE = timedelta(minutes=1)
OTHER_CALLBACK = "+13105550177"


def test_an_agency_that_waits_again_is_alerted_again(world: World) -> None:
    world.trigger(updates="none")
    world.text(DAN, "ack")
    world.pass_time(15.1 * MINUTE)
    world.text(ANA, "ack")
    before = (world.calls(CALLBACK), len(world.messages(ALARM)))
    world.pass_time(10 * MINUTE)
    assert (world.calls(CALLBACK), len(world.messages(ALARM))) == before
    world.text(ANA, "no")
    world.pass_time(6 * MINUTE)
    assert world.calls(CALLBACK) >= before[0] + 2
    assert "DCFS" in world.messages(ALARM)[-1]


def test_key_1_takes_no_alert_that_the_dispatcher_has_not_heard(world: World) -> None:
    world.trigger()
    for number in (ANA, BEN, CHO):
        world.text(number, "no")
    world.press(DCFS_DUTY, "2")
    world.pick_up(CALLBACK)
    world.clock.move(timedelta(seconds=1))
    refuse_all_of_dhs(world)
    call = world.sandbox.open_call(CALLBACK)
    assert call is not None
    world.sandbox.press(call, "1")
    world.settle()
    assert not is_taken(world)
    world.sandbox.press(call, "1")
    world.settle()
    assert is_taken(world)


def refuse_all_of_dhs(world: World) -> None:
    with world.store.writing() as work:
        for responder in work.directory.responders():
            if responder.agency == "dhs":
                responder.is_active = False
        for page in work.encounters.waiting_pages(["dhs"]):
            page.due_at = world.clock.now()
            page.rung_at = page.rung_at - timedelta(minutes=2)
    world.settle()


def is_taken(world: World) -> bool:
    with world.store.reading() as work:
        alert = work.encounters.alert(1)
    return alert is not None and alert.acknowledged_at is not None


def test_a_corrected_callback_is_called_by_an_alert_that_goes_on(world: World) -> None:
    triggered = world.trigger()
    world.text(DAN, "here")
    world.pass_time(15.6 * MINUTE)
    correct(world.context, triggered.overview.encounter.reference, None, OTHER_CALLBACK)
    world.settle()
    assert world.calls(OTHER_CALLBACK) == 1
    world.pass_time(5.1 * MINUTE)
    assert world.calls(CALLBACK) == 1


def test_nobody_reachable_alerts_in_the_moment_of_the_trigger(world: World) -> None:
    with world.store.writing() as work:
        for responder in work.directory.responders():
            responder.is_active = responder.agency != "dcfs"
    triggered = world.trigger()
    assert world.page(triggered, "dcfs").state is PageState.PAGING
    assert world.calls(CALLBACK) == 1
    assert len(world.messages(ALARM)) == 1
    assert len(world.messages(DAN)) == 1

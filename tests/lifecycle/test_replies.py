"""Answers by SMS and by key: which page they mean, and what is never acknowledged."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from pager.domain.page import PageState
from pager.domain.trigger_request import read_trigger
from pager.domain.wording import not_paged_sms
from pager.lifecycle.close import close
from pager.lifecycle.reply import Message, reply
from pager.lifecycle.trigger import trigger
from tests.people import ANA, BEN, CHO, DAN, DCFS_DUTY, STRANGER
from tests.world import CALLBACK, OURS, World

MINUTE = timedelta(minutes=1)


def test_an_eta_is_kept_and_changed(world: World) -> None:
    triggered = world.trigger()
    world.text(ANA, "ACK 25")
    opened_at = triggered.overview.encounter.opened_at
    assert world.page(triggered, "dcfs").eta == opened_at + 25 * MINUTE
    world.text(ANA, "ETA 40")
    assert world.page(triggered, "dcfs").eta == opened_at + 40 * MINUTE
    assert "3:40am" in world.messages(ANA)[-1]


def test_two_pages_waiting_are_asked_back_and_never_guessed(world: World) -> None:
    one, two = world.trigger(), world.trigger()
    references = [triggered.overview.encounter.reference for triggered in (one, two)]
    world.text(ANA, "ack")
    assert world.messages(ANA)[-1] == f"Which? ACK {references[0]}, ACK {references[1]} or ACK ALL"
    assert world.page(one, "dcfs").state is PageState.PAGING
    world.text(ANA, f"ack {references[1].lower()}")
    assert world.page(two, "dcfs").state is PageState.ACKNOWLEDGED
    assert world.page(one, "dcfs").state is PageState.PAGING


def test_ack_all_takes_every_page_that_waits(world: World) -> None:
    one, two = world.trigger(), world.trigger()
    world.text(ANA, "ACK ALL")
    assert {world.page(one, "dcfs").state, world.page(two, "dcfs").state} == {PageState.ACKNOWLEDGED}
    assert sum("Not you? Reply NO" in text for text in world.messages(ANA)) == 2


def test_one_who_was_not_paged_acknowledges_nothing_and_learns_nothing(world: World) -> None:
    triggered = world.trigger()
    reference = triggered.overview.encounter.reference
    for number in (CHO, STRANGER):
        world.text(number, f"ACK {reference}")
        (answer,) = world.messages(number)
        assert reference not in answer
        assert "Compton" not in answer
    assert world.page(triggered, "dcfs").state is PageState.PAGING


def test_here_with_a_reference_counts_from_any_responder_of_the_agency(world: World) -> None:
    triggered = world.trigger()
    world.text(CHO, f"HERE {triggered.overview.encounter.reference}")
    page = world.page(triggered, "dcfs")
    assert (page.state, page.acknowledged_by) == (PageState.ON_SCENE, "dcfs-cho")


def test_the_same_message_twice_is_acted_on_once(world: World) -> None:
    triggered = world.trigger()
    message = Message("SM1", ANA, OURS, "ack")
    for _ in range(3):
        reply(world.context, message)
    world.settle()
    assert len([event for event in world.timeline(triggered) if event.kind == "acknowledged"]) == 1
    assert sum("Not you?" in text for text in world.messages(ANA)) == 1


def test_what_is_not_understood_acknowledges_nothing_and_says_what_can_be_said(world: World) -> None:
    triggered = world.trigger()
    for words in ("hello?", "ok but I can't", "25"):
        world.text(ANA, words)
        assert "ACK" in world.messages(ANA)[-1]
    assert world.page(triggered, "dcfs").state is PageState.PAGING
    assert [event.kind for event in world.timeline(triggered, "dcfs") if event.responder == "dcfs-ana"][1:] == [
        "reply", "reply", "reply",
    ]  # fmt: skip


def test_the_carriers_own_words_are_never_commands(world: World) -> None:
    triggered = world.trigger()
    for words in ("YES", "CANCEL", "END"):
        world.text(ANA, words)
    assert world.page(triggered, "dcfs").state is PageState.PAGING


def test_status_says_who_comes_and_who_is_missing(world: World) -> None:
    world.trigger()
    world.text(ANA, "ACK 25")
    world.text(DAN, "status")
    status = world.messages(DAN)[-1]
    assert "DCFS Ana Ruiz 3:25am" in status
    assert "DHS nobody yet" in status


def test_an_answer_to_an_ended_encounter_is_told_so(world: World) -> None:
    triggered = world.trigger()
    reference = triggered.overview.encounter.reference
    world.cancel(reference)
    world.text(ANA, "ack")
    assert world.messages(ANA)[-1] == f"{reference}: this encounter is over and nobody is needed"


def test_a_deactivated_persons_answer_to_an_earlier_page_counts(world: World) -> None:
    triggered = world.trigger()
    with world.store.writing() as work:
        work.directory.responder("dcfs-ana").is_active = False
    world.text(ANA, "ack")
    assert world.page(triggered, "dcfs").acknowledged_by == "dcfs-ana"


def test_the_duty_phone_answers_as_a_responder(dcfs: World) -> None:
    triggered = dcfs.trigger()
    dcfs.pass_time(15.1 * MINUTE)
    dcfs.press(DCFS_DUTY, "1")
    assert dcfs.page(triggered, "dcfs").acknowledged_by == "dcfs-duty"


def test_key_9_says_who_comes_and_the_page_again(world: World) -> None:
    triggered = world.trigger()
    world.text(DAN, "ack")
    world.pass_time(2.1 * MINUTE)
    world.press(ANA, "9")
    assert "D H S" in world.heard(ANA)
    assert world.page(triggered, "dcfs").state is PageState.PAGING


def test_a_key_answers_the_page_that_the_call_is_about(dcfs: World) -> None:
    one, two = dcfs.trigger(), dcfs.trigger()
    dcfs.pass_time(2.1 * MINUTE)
    dcfs.press(ANA, "1")
    states = [dcfs.page(triggered, "dcfs").state for triggered in (one, two)]
    assert states == [PageState.ACKNOWLEDGED, PageState.PAGING]


def test_a_call_that_is_answered_after_somebody_else_took_the_page_says_so(dcfs: World) -> None:
    dcfs.trigger()
    dcfs.pass_time(7.1 * MINUTE)
    assert dcfs.sandbox.open_call(BEN)
    dcfs.text(ANA, "ack")
    dcfs.pick_up(BEN)
    assert "stand down" in dcfs.heard(BEN).lower()


def test_a_stranger_is_answered_once_an_hour(world: World) -> None:
    for _ in range(3):
        world.text(STRANGER, "ACK")
    assert len(world.messages(STRANGER)) == 1
    world.pass_time(timedelta(hours=1))
    world.text(STRANGER, "ACK")
    assert len(world.messages(STRANGER)) == 2


def test_what_the_dispatcher_causes_says_who_acted(world: World) -> None:
    acting = replace(world.context, by="key dispatch")
    triggered = trigger(acting, read_trigger({"station": "compton", "callback": CALLBACK}))
    world.settle()
    world.text(ANA, "ACK")
    close(acting, triggered.overview.encounter.reference, None)
    by = {event.kind.value: event.data.get("actor") for event in world.timeline(triggered)}
    assert (by["opened"], by["acknowledged"], by["closed"]) == ("key dispatch", None, "key dispatch")


def test_who_has_left_is_told_nothing_of_a_page_that_they_were_not_called_for(world: World) -> None:
    triggered = world.trigger()
    with world.store.writing() as work:
        work.directory.responder("dcfs-cho").is_active = False
    world.text(CHO, f"HERE {triggered.overview.encounter.reference}")
    assert world.page(triggered, "dcfs").on_scene_at is None
    assert world.messages(CHO) == [not_paged_sms()]

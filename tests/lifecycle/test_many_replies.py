"""Somebody does not stop writing, or writes when it is over: all of it counts or is kept, little is answered."""

from __future__ import annotations

from datetime import timedelta

from pager.domain.page import PageState
from pager.domain.timeline import EventKind
from pager.lifecycle.close import close
from tests.people import ANA, DAN
from tests.world import World


def answers(world: World, number: str, since: int) -> list[str]:
    return world.messages(number)[since:]


def test_a_hundred_replies_a_minute_are_all_kept_and_few_are_answered(world: World) -> None:
    triggered = world.trigger()
    before = len(world.messages(ANA))
    for number in range(100):
        world.text(ANA, f"hello {number}")
        world.clock.move(timedelta(milliseconds=500))
    kept = [event for event in world.timeline(triggered, "dcfs") if event.kind is EventKind.REPLY]
    assert len(kept) == 100
    assert len(answers(world, ANA, before)) == 5


def test_the_last_word_counts_at_once_and_is_answered(world: World) -> None:
    triggered = world.trigger()
    for _ in range(10):
        world.text(ANA, "hello")
        world.clock.move(timedelta(seconds=1))
    world.text(ANA, "ack 25")
    assert world.page(triggered, "dcfs").state is PageState.ACKNOWLEDGED
    world.pass_time(timedelta(minutes=1))
    assert "you go to" in world.messages(ANA)[-1]


def test_others_are_answered_meanwhile(world: World) -> None:
    world.trigger()
    for _ in range(10):
        world.text(ANA, "hello")
        world.clock.move(timedelta(seconds=1))
    world.text(DAN, "ack")
    assert "you go to" in world.messages(DAN)[-1]


def test_who_answers_when_it_is_over_is_told_so_and_it_is_kept(world: World) -> None:
    triggered = world.trigger()
    close(world.context, triggered.overview.encounter.reference, None)
    world.pass_time(timedelta(hours=1))
    world.text(ANA, "ack")
    assert "this encounter is over" in world.messages(ANA)[-1]
    last = world.timeline(triggered)[-1]
    assert (last.kind, last.responder, last.text) == (
        EventKind.REPLY,
        "dcfs-ana",
        "said ACK when it was over (by SMS)",
    )

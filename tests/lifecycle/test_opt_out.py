"""A responder's STOP: they are only called from then on, people are told, and START undoes it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pager.domain.directory import Responder
from pager.domain.user import Role, User
from pager.lifecycle.turn import reading
from pager.sandbox.sandbox import post_to_nobody
from tests.people import ANA, DAN, STRANGER
from tests.world import ALARM, OURS, World

TOLD = "pager: dcfs-ana (DCFS) has stopped our messages and is only called now."
COUNTY_ADMIN, AGENCY_ADMIN, OTHER_ADMIN, VIEWER = (f"+1213555018{digit}" for digit in range(4))


def responder(world: World, responder_id: str) -> Responder:
    with reading(world.context) as turn:
        return turn.work.directory.responder(responder_id)


@pytest.mark.parametrize("word", ["STOP", "stopall", "Unsubscribe", "CANCEL", "end", "Quit", "REVOKE", "optout"])
def test_each_word_of_opting_out_makes_sms_unusable_for_that_person_alone(world: World, word: str) -> None:
    world.text(ANA, word)
    assert responder(world, "dcfs-ana").sms_opted_out_at == world.clock.now()
    assert responder(world, "dhs-dan").sms_opted_out_at is None


def test_an_opted_out_responder_is_called_at_once_where_they_would_be_written_to(world: World) -> None:
    world.text(ANA, "STOP")
    world.trigger()
    assert world.calls(ANA) == 1
    assert not any("encounter" in text for text in world.messages(ANA))


def test_those_who_are_told_when_something_is_wrong_are_told_once(world: World) -> None:
    world.text(ANA, "STOP")
    world.text(ANA, "STOP")
    (text,) = world.messages(ALARM)
    assert text.startswith(TOLD)
    assert text.endswith("text START to 213-555-0190 from that phone.")


def test_opting_out_again_within_the_hour_is_told_again(world: World) -> None:
    for word in ("STOP", "START", "STOP"):
        world.text(ANA, word)
        world.pass_time(timedelta(minutes=1))
    assert len(world.messages(ALARM)) == 2


def test_administrators_of_the_county_and_of_that_agency_are_told(world: World) -> None:
    with world.store.writing() as work:
        for number, role, agency in (
            (COUNTY_ADMIN, Role.ADMIN, None),
            (AGENCY_ADMIN, Role.AGENCY_ADMIN, "dcfs"),
            (OTHER_ADMIN, Role.AGENCY_ADMIN, "dhs"),
            (VIEWER, Role.VIEWER, None),
        ):
            work.users.add(User(f"{role}{agency}@example.org", role, world.clock.now(), agency, sms=number))
    world.text(ANA, "STOP")
    told = [number for number in (COUNTY_ADMIN, AGENCY_ADMIN, OTHER_ADMIN, VIEWER) if world.messages(number)]
    assert told == [COUNTY_ADMIN, AGENCY_ADMIN]


@pytest.mark.parametrize("word", ["START", "unstop", "YES"])
def test_start_restores_it(world: World, word: str) -> None:
    world.text(ANA, "STOP")
    world.text(ANA, word)
    assert responder(world, "dcfs-ana").sms_opted_out_at is None
    world.trigger()
    assert any("encounter" in text for text in world.messages(ANA))


def test_the_carriers_refusal_tells_of_an_opt_out_that_we_never_heard(world: World) -> None:
    post, world.sandbox.post = world.sandbox.post, post_to_nobody
    world.text(ANA, "STOP")
    world.sandbox.post = post
    world.trigger()
    assert responder(world, "dcfs-ana").sms_opted_out_at is not None
    assert world.calls(ANA) == 1
    assert world.messages(ALARM)[0].startswith(TOLD)


def test_a_waiting_page_is_looked_at_again_at_once(world: World) -> None:
    triggered = world.trigger()
    due_before = world.page(triggered, "dcfs").due_at
    world.clock.move(timedelta(seconds=30))
    world.sandbox.reply(ANA, OURS, "STOP")
    world.sandbox.settle()
    assert world.page(triggered, "dcfs").due_at == world.clock.now() < due_before
    world.settle()
    assert world.page(triggered, "dcfs").due_at == due_before


def test_an_opted_out_responders_answer_is_confirmed_by_a_call(world: World) -> None:
    world.text(ANA, "STOP")
    triggered = world.trigger()
    world.pass_time(timedelta(minutes=2))  # their telephone has stopped ringing
    before = world.calls(ANA)
    world.text(ANA, "ACK 25")
    assert world.page(triggered, "dcfs").acknowledged_by == "dcfs-ana"
    world.pass_time(timedelta(minutes=2))
    assert world.calls(ANA) == before + 1


def test_a_strangers_stop_changes_nothing(world: World) -> None:
    world.text(STRANGER, "STOP")
    assert world.messages(ALARM) == []


def test_nobody_acknowledges_or_is_answered_by_such_a_word(world: World) -> None:
    triggered = world.trigger()
    before = len(world.messages(DAN))
    world.text(DAN, "YES")
    assert world.page(triggered, "dhs").acknowledged_at is None
    assert len(world.messages(DAN)) == before

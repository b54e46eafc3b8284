"""A number is verified by a code that comes back from it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from pager.domain.directory import Channel, Responder
from pager.domain.gsm7 import SEGMENT, septets
from pager.domain.number_code import MOST_AN_HOUR, TRIES
from pager.lifecycle.keep_people import change_person, seen
from pager.lifecycle.read_person import PersonDraft
from pager.lifecycle.turn import reading
from pager.lifecycle.verify_number import CodeRefusedError, forget_codes, open_codes, send_code, verify_number
from tests.people import ANA, DCFS_DUTY
from tests.world import World

MINUTE = timedelta(minutes=1)
BY = "dcfs@county.example"


def person(world: World, responder: str = "dcfs-ana") -> Responder:
    with reading(world.context) as turn:
        return turn.work.directory.responder(responder)


def send(world: World, channel: Channel = Channel.SMS, responder: str = "dcfs-ana") -> None:
    send_code(world.context, "dcfs", responder, channel)
    world.settle()


def code_in(said: str) -> str:
    found = re.search(r"\d(?:,? ?\d){5}", said)
    assert found is not None
    return re.sub(r"\D", "", found[0])


def sent_code(world: World) -> str:
    """Send Ana a code and return it as her telephone shows it."""
    send(world)
    return code_in(world.messages(ANA)[-1])


def verify(world: World, typed: str, channel: Channel = Channel.SMS, responder: str = "dcfs-ana") -> None:
    verify_number(world.context, "dcfs", responder, channel, typed, BY)


def bodies(world: World) -> list[str | None]:
    with world.store.engine.connect() as connection:
        return list(connection.scalars(text("SELECT body FROM deliveries WHERE kind = 'code' ORDER BY id")))


def open_for(world: World) -> frozenset[Channel]:
    with reading(world.context) as turn:
        return open_codes(turn, turn.work.directory.responder("dcfs-ana"))


def test_a_code_that_comes_back_verifies_the_number_and_is_in_the_audit(world: World) -> None:
    code = sent_code(world)
    verify(world, f" {code[:3]}-{code[3:]} ")
    assert person(world).sms_verified_at == world.clock.now()
    assert person(world).voice_verified_at is None
    with reading(world.context) as turn:
        [(_, entry), *_] = turn.work.audit.listing(agency="dcfs", before=None, limit=1)
    assert (entry.by, entry.name, list(entry.after)) == (BY, "dcfs-ana", ["sms_verified_at"])


def test_says_that_it_is_from_pager_and_the_code_and_nothing_else(world: World) -> None:
    code = sent_code(world)
    assert world.messages(ANA) == [f"pager: your code is {code}."]
    assert septets(world.messages(ANA)[0]) <= SEGMENT


def test_a_call_speaks_the_code_twice_and_verifies_the_voice_number(world: World) -> None:
    send(world, Channel.VOICE)
    world.pick_up(ANA)
    said = re.findall(r"[Yy]our code is ([\d, ]+)", world.heard(ANA))
    assert (len(said), len(set(said))) == (2, 1)
    verify(world, said[0], Channel.VOICE)
    assert (person(world).voice_verified_at, person(world).sms_verified_at) == (world.clock.now(), None)


def test_typing_it_back_means_that_they_were_reached(world: World) -> None:
    verify(world, sent_code(world))
    assert person(world).last_reached_at == world.clock.now()


def test_a_code_is_good_once(world: World) -> None:
    code = sent_code(world)
    verify(world, code)
    with pytest.raises(CodeRefusedError, match="No code is good any more"):
        verify(world, code)


def test_a_code_is_good_for_15_minutes(world: World) -> None:
    code = sent_code(world)
    assert open_for(world) == {Channel.SMS}
    world.pass_time(15 * MINUTE)
    assert open_for(world) == frozenset()
    with pytest.raises(CodeRefusedError, match="No code is good any more"):
        verify(world, code)


def test_after_five_wrong_ones_the_right_one_is_refused_too(world: World) -> None:
    code = sent_code(world)
    for left in range(TRIES - 1, 0, -1):
        with pytest.raises(CodeRefusedError, match=f"{left} more time"):
            verify(world, "000000")
    for typed in ("000000", code):
        with pytest.raises(CodeRefusedError, match="Too many wrong codes"):
            verify(world, typed)
    assert person(world).sms_verified_at is None


@pytest.mark.parametrize("typed", ["", "12 34 5", "1234567", "abcdef"])
def test_what_cannot_be_a_code_counts_as_no_try(world: World, typed: str) -> None:
    code = sent_code(world)
    for _ in range(TRIES):
        with pytest.raises(CodeRefusedError, match=r"^Write the six digits\.$"):
            verify(world, typed)
    verify(world, code)
    assert person(world).sms_verified_at is not None


def test_a_newer_code_takes_the_place_of_the_older(world: World) -> None:
    older = sent_code(world)
    world.pass_time(MINUTE)
    newer = sent_code(world)
    with pytest.raises(CodeRefusedError, match="not the code"):
        verify(world, older)
    verify(world, newer)


def test_a_number_gets_one_code_a_minute_on_whichever_channel(world: World) -> None:
    send(world)
    world.pass_time(MINUTE - timedelta(seconds=1))
    with pytest.raises(CodeRefusedError, match=r"one code a minute .* at 3:01am"):
        send(world, Channel.VOICE)
    world.pass_time(timedelta(seconds=1))
    send(world, Channel.VOICE)


def test_a_number_gets_five_codes_an_hour(world: World) -> None:
    for _ in range(MOST_AN_HOUR):
        send(world)
        world.pass_time(2 * MINUTE)
    with pytest.raises(CodeRefusedError, match="at 4:00am"):
        send(world)
    world.pass_time(50 * MINUTE)
    send(world)
    assert len(world.messages(ANA)) == MOST_AN_HOUR + 1


def test_a_code_for_another_number_verifies_nothing(world: World) -> None:
    code = sent_code(world)
    draft = PersonDraft("Ana Ruiz", sms="213-555-0177", voice=ANA)
    change_person(world.context, "dcfs", "dcfs-ana", draft, BY, as_seen=seen(person(world)))
    with pytest.raises(CodeRefusedError, match="No code is good any more"):
        verify(world, code)


def test_who_opted_out_is_only_called(world: World) -> None:
    world.text(ANA, "STOP")
    with pytest.raises(CodeRefusedError, match="opted out of SMS"):
        send(world)
    send(world, Channel.VOICE)


def test_the_duty_phone_is_verified_alike(world: World) -> None:
    send(world, Channel.SMS, "dcfs-duty")
    verify(world, code_in(world.messages(DCFS_DUTY)[-1]), Channel.SMS, "dcfs-duty")
    assert person(world, "dcfs-duty").sms_verified_at == world.clock.now()


@pytest.mark.parametrize("responder", ["dhs-dan", "nobody"])
def test_nobody_of_another_agency_is_sent_a_code(world: World, responder: str) -> None:
    with pytest.raises(KeyError):
        send(world, Channel.SMS, responder)
    with pytest.raises(KeyError):
        verify(world, "123456", Channel.SMS, responder)


def test_a_code_stays_nowhere_once_it_was_used(world: World) -> None:
    verify(world, sent_code(world))
    assert bodies(world) == [None]


def test_a_code_stays_nowhere_after_15_minutes(world: World) -> None:
    code = sent_code(world)
    forget_codes(world.context)
    assert bodies(world) == [f"pager: your code is {code}."]
    world.pass_time(15 * MINUTE + timedelta(seconds=1))
    forget_codes(world.context)
    assert bodies(world) == [None]
    with world.store.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM codes")) == 0


def test_a_code_that_has_not_gone_out_when_it_is_replaced_never_does(world: World) -> None:
    send_code(world.context, "dcfs", "dcfs-ana", Channel.SMS)  # and no beat comes
    world.clock.move(MINUTE)
    sent_code(world)
    assert len(world.messages(ANA)) == 1

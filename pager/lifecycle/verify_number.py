"""Verify a number: a code is sent to it, by SMS or by a call, and typed in by whoever was told it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from pager.domain.changes import change_to
from pager.domain.delivery import DeliveryKind
from pager.domain.directory import Channel, Responder
from pager.domain.number_code import GOOD_FOR, HOUR, TRIES, NumberCode, hash_code, make_code, may_be_code, next_at
from pager.domain.readable import clock_time
from pager.domain.speech import code_speech
from pager.domain.wording import code_sms
from pager.lifecycle.change_directory import change_directory
from pager.lifecycle.note_reached import note_reached
from pager.lifecycle.queue import queue_call, queue_message
from pager.lifecycle.turn import Context, Turn, writing

_NO_MORE = "Too many wrong codes; send a new one."


class CodeRefusedError(Exception):
    """A code cannot be sent, or is not the one: the text says what would be right."""


def send_code(context: Context, agency: str, responder: str, channel: Channel) -> None:
    """Send a code to a responder's number, one a minute and five an hour at most; it is good for 15 minutes.

    Raises CodeRefusedError; KeyError for nobody of the agency.
    """
    with writing(context) as turn:
        turn.work.directory.lock_agencies(agency)
        person = _active(turn, agency, responder)
        number = _number(person, channel)
        _check_rate(turn, agency, number)
        code = make_code(context.choose)
        turn.work.codes.withdraw(number, turn.now)
        turn.work.codes.put(NumberCode(person.id, channel, number, hash_code(code, number), turn.now))
        cause = f"code:{person.id}:{turn.now.isoformat()}"
        if channel is Channel.VOICE:
            queue_call(turn, DeliveryKind.CODE, person, code_speech(code), cause=cause)
        else:
            queue_message(turn, DeliveryKind.CODE, number, code_sms(code), cause=cause, responder=person.id)


def verify_number(context: Context, agency: str, responder: str, channel: Channel, typed: str, by: str) -> None:
    """Take back the code that was sent to a number, which is verified then; a code is good once.

    A wrong one counts, five at most; what is not six digits does not. Raises CodeRefusedError; KeyError for nobody of
    the agency.
    """
    with writing(context) as turn:
        turn.work.directory.lock_agencies(agency)
        mistake = _take_back(turn, _active(turn, agency, responder), channel, typed, by)
    if mistake is not None:  # told only now: that a wrong one was typed in must stay
        raise CodeRefusedError(mistake)


def open_codes(turn: Turn, person: Responder) -> frozenset[Channel]:
    """Return the channels on which a code was sent that can still be typed in."""
    usable = {channel: person.number(channel) for channel in person.channels}
    codes = turn.work.codes.of(person.id)
    return frozenset(one.channel for one in codes if one.is_good(usable.get(one.channel), turn.now))


def forget_codes(context: Context) -> None:
    """Forget codes that are good no more, wherever they stand."""
    with context.store.reading() as work:
        is_needed = work.codes.has_older(context.clock.now() - GOOD_FOR)
    if is_needed:
        with writing(context) as turn:
            turn.work.codes.forget(turn.now - GOOD_FOR)


def _active(turn: Turn, agency: str, responder: str) -> Responder:
    person = turn.work.directory.find_responder(responder)
    if person is None or person.agency != agency:
        raise KeyError(responder)
    if not person.is_active:
        raise CodeRefusedError("They are deactivated; reactivate them first.")
    return person


def _number(person: Responder, channel: Channel) -> str:
    if channel is Channel.SMS and person.sms and person.sms_opted_out_at is not None:
        raise CodeRefusedError("This number has opted out of SMS, so none reaches it; only a call does.")
    if channel not in person.channels:
        raise CodeRefusedError("There is no such number; write one, and save it first.")
    return person.number(channel)


def _check_rate(turn: Turn, agency: str, number: str) -> None:
    allowed_at = next_at(turn.work.codes.sent_at(number, turn.now - HOUR), turn.now)
    if allowed_at > turn.now:
        to_the_minute = allowed_at + timedelta(seconds=59)  # as clocks show it, and not too early
        zone = ZoneInfo(turn.work.directory.agency(agency).timezone)
        raise CodeRefusedError(
            "A number gets one code a minute and five an hour at most. The next can be sent at "
            f"{clock_time(to_the_minute.astimezone(zone))}."
        )


def _take_back(turn: Turn, person: Responder, channel: Channel, typed: str, by: str) -> str | None:
    """Return what is wrong with the code; None where it is the one, and its number is verified."""
    number = person.number(channel) if channel in person.channels else None
    code = turn.work.codes.find(person.id, channel)
    if code is None or not code.is_good(number, turn.now):
        return _NO_MORE if code and code.tries >= TRIES else "No code is good any more; send a new one."
    if not may_be_code(typed):
        return "Write the six digits."
    if not code.is_it(typed):
        code.tries += 1
        left = TRIES - code.tries
        return f"That is not the code. It can be tried {left} more time{'s' * (left > 1)}." if left else _NO_MORE
    turn.work.codes.remove(code)
    turn.work.codes.withdraw(code.number, turn.now)
    is_sms = channel is Channel.SMS
    verified = replace(person, sms_verified_at=turn.now) if is_sms else replace(person, voice_verified_at=turn.now)
    change_directory(turn, [change_to(person, verified)], by)
    note_reached(turn, person)
    return None

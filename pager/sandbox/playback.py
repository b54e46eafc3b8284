"""Follows the application's TwiML on an answered call: says, listens for keys, goes on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urljoin

from pager.sandbox.records import Call, Mistake
from pager.sandbox.switchboard import Switchboard
from pager.sandbox.twiml import Gather, Hangup, Listen, Pause, Redirect, Say, TwimlError, Verb, parse_voice

KEYS = frozenset("0123456789*#")
APPLICATION_ERROR = "An application error has occurred. Goodbye."


class Playback:
    """Plays documents on calls; `hang_up` ends a call that has no more to follow."""

    def __init__(self, board: Switchboard, hang_up: Callable[[Call], None]) -> None:
        self._board = board
        self._hang_up = hang_up

    def begin(self, call: Call) -> None:
        """Follow the TwiML that came with the call, or fetch it from the call's URL."""
        if call.twiml:
            call.document_url = call.url
            self._follow(call, call.twiml)
        else:
            self._fetch(call, call.url, {})

    def press(self, call: Call, keys: str) -> None:
        """Press keys one after the other, as long as the call listens. Raises Mistake where it does not."""
        if not keys or set(keys) - KEYS:
            raise Mistake("the keys of a telephone are 0 to 9, * and #")
        if call.gather is None:
            raise Mistake("nobody is waiting for a key on this call")
        for key in keys:
            if call.gather is not None:
                call.pressed += key
                self._take_key(call, call.gather, key)
        self._board.touch()

    def _take_key(self, call: Call, gather: Gather, key: str) -> None:
        if key and key in gather.finish_on_key:
            self._finish(call, gather)
            return
        call.digits += key
        if len(call.digits) == gather.num_digits:
            self._finish(call, gather)
        else:
            call.script = []  # the first key ends what is being said
            self._later(call, gather.timeout, lambda: self._finish(call, gather))

    def _finish(self, call: Call, gather: Gather) -> None:
        digits, call.digits, call.gather = call.digits, "", None
        if digits or gather.has_action_on_empty_result:
            self._fetch(call, urljoin(call.document_url, gather.action), {"Digits": digits})
        else:
            call.script, call.rest = call.rest, []
            self._go_on(call)

    def _fetch(self, call: Call, url: str, extra: dict[str, str]) -> None:
        call.turn += 1
        turn = call.turn
        call.script, call.rest = [], []

        def follow(status: int, body: str) -> None:
            if call.turn == turn:
                call.document_url = url
                self._follow(call, body if status == 200 else "")

        self._board.post(url, call_form(self._board, call) | extra, follow)

    def _follow(self, call: Call, document: str) -> None:
        try:
            call.script = parse_voice(document)
        except TwimlError as error:
            self._board.note("twiml", sid=call.sid, error=str(error))
            call.script = [Say(APPLICATION_ERROR), Hangup()]
        self._go_on(call)

    def _go_on(self, call: Call) -> None:
        self._board.touch()
        if not call.script:
            self._hang_up(call)
            return
        verb = call.script.pop(0)
        wait = self._carry_out(call, verb)
        if wait is not None:
            self._later(call, wait, lambda: self._go_on(call))

    def _carry_out(self, call: Call, verb: Verb) -> timedelta | None:
        """Do one verb and return how long it lasts, or None where the call takes another course."""
        if isinstance(verb, Say):
            call.heard.append(verb.text)
            return self._board.pace.speaking(verb.text)
        if isinstance(verb, Pause):
            return verb.length
        if isinstance(verb, Gather):
            call.gather, call.rest = verb, call.script
            call.script = [*verb.inside, Listen(verb.timeout)]
            return timedelta()
        if isinstance(verb, Listen):
            gather = call.gather
            if gather is not None:
                self._later(call, verb.length, lambda: self._finish(call, gather))
        elif isinstance(verb, Redirect):
            self._fetch(call, urljoin(call.document_url, verb.url), {})
        else:
            self._hang_up(call)
        return None

    def _later(self, call: Call, delay: timedelta, action: Callable[[], None]) -> None:
        """Do `action` after `delay` unless the call has taken another course by then; without delay, at once."""
        call.turn += 1
        turn = call.turn
        if not delay:
            action()
            return
        self._board.after(delay, lambda: action() if call.turn == turn else None)


def call_form(board: Switchboard, call: Call) -> dict[str, str]:
    """Return the fields that every webhook about a call carries."""
    return board.common_form(call.from_, call.to) | {
        "CallSid": call.sid,
        "CallStatus": call.status,
        "Direction": call.direction,
        "Caller": call.from_,
        "Called": call.to,
    }

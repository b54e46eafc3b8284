"""The carrier calls us: messages, keys, receipts. Each is checked, acted on once, and answered fast."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from flask import Blueprint, Response, request
from twilio.request_validator import RequestValidator

from pager.adapters.twilio import twiml
from pager.adapters.twilio.progress import receipt_of
from pager.domain.directory import Channel
from pager.domain.speech import inbound_speech
from pager.lifecycle.call import Press, Spoken, UnknownCallError, answer_call, keep_key, press_key
from pager.lifecycle.call_back import call_back
from pager.lifecycle.ports import StoreConflictError, StoreUnavailableError
from pager.lifecycle.receipt import receive
from pager.lifecycle.reply import Message, keep, reply
from pager.lifecycle.turn import Context

log = logging.getLogger(__name__)
Result = TypeVar("Result")

DATABASE_PAUSE_SECONDS = 4


def create_webhooks(context: Context, *, auth_tokens: Sequence[str], public_url: str) -> Blueprint:
    """Return the routes under `/twilio`; every one of them takes requests only that one of `auth_tokens` has signed."""
    webhooks = Blueprint("twilio", __name__, url_prefix="/twilio")
    validators = [RequestValidator(token) for token in auth_tokens]
    views = _Views(context)

    @webhooks.before_request
    def check_signature() -> tuple[str, int] | None:
        query = request.environ.get("QUERY_STRING", "")
        url = f"{public_url}{request.path}" + (f"?{query}" if query else "")
        signature = request.headers.get("X-Twilio-Signature")
        if signature is None or not any(one.validate(url, request.form, signature) for one in validators):
            return "the signature is missing or wrong", 403
        return None

    @webhooks.errorhandler(StoreUnavailableError)
    def is_away(_: StoreUnavailableError) -> tuple[str, int]:
        return "the database is away", 503

    webhooks.post("/sms")(views.sms)
    webhooks.post("/sms/status")(views.sms_status)
    webhooks.post("/voice")(views.voice)
    webhooks.post("/voice/keypress")(views.keypress)
    webhooks.post("/voice/status")(views.voice_status)
    webhooks.post("/voice/inbound")(views.inbound)
    return webhooks


@dataclass(frozen=True)
class _Views:
    context: Context

    def sms(self) -> Response:
        message = Message(
            carrier_id=request.form.get("MessageSid", ""),
            from_number=request.form.get("From", ""),
            to_number=request.form.get("To", ""),
            text=_storable(request.form.get("Body", "")),
        )
        if message.carrier_id:
            _take_message(self.context, message)
        return _xml(twiml.nothing())

    def sms_status(self) -> Response:
        form = request.form
        _take_receipt(self.context, Channel.SMS, form.get("MessageSid", ""), form.get("MessageStatus", ""))
        return _xml(twiml.nothing())

    def voice(self) -> Response:
        return _talk(lambda: answer_call(self.context, _token()), step=0, times=twiml.TIMES)

    def keypress(self) -> Response:
        step = request.args.get("step", 0, type=int)
        press = Press(
            call_id=request.form.get("CallSid", ""), step=step, token=_token(), digit=request.form.get("Digits", "")
        )
        return _talk(lambda: _press(self.context, press), step=step + 1)

    def voice_status(self) -> Response:
        form = request.form
        _take_receipt(self.context, Channel.VOICE, form.get("CallSid", ""), form.get("CallStatus", ""))
        return _xml(twiml.nothing())

    def inbound(self) -> Response:
        """Every caller hears the same, whoever they are; a responder who is waited for is called back."""
        call_id, caller = request.form.get("CallSid", ""), request.form.get("From", "")
        if call_id:
            try:
                _again_on_conflict(lambda: call_back(self.context, call_id, caller))
            except StoreUnavailableError:
                log.warning("call %s cannot be answered by a call: the database is away", call_id)
            except Exception:  # whatever it is, every caller hears the same
                log.exception("call %s could not be answered by a call", call_id)
        return _xml(twiml.speak(inbound_speech()))


def _take_message(context: Context, message: Message) -> None:
    """Act on a message; one that our own error keeps us from acting on is kept for the beat."""
    try:
        _again_on_conflict(lambda: reply(context, message))
    except StoreUnavailableError:
        raise
    except Exception:  # whatever it is, what was said must not be lost
        log.exception("message %s could not be handled; it is kept", message.carrier_id)
        keep(context, message)


def _take_receipt(context: Context, channel: Channel, sid: str, status: str) -> None:
    receipt = receipt_of(channel, _token(), sid, status, request.form.get("ErrorCode"))
    if receipt is not None:
        receive(context, receipt)


def _press(context: Context, press: Press) -> Spoken:
    """Do what a key says; where our own error is in the way it is kept, and the call begins again."""
    try:
        return _again_on_conflict(lambda: press_key(context, press))
    except (StoreUnavailableError, UnknownCallError):
        raise
    except Exception:  # whatever it is, what was pressed must not be lost
        log.exception("key %s could not be handled; it is kept", press.carrier_id)
        keep_key(context, press)
        return answer_call(context, press.token)


def _talk(speak: Callable[[], Spoken], *, step: int, times: int = 1) -> Response:
    try:
        spoken = speak()
    except UnknownCallError:
        return _xml(twiml.speak(inbound_speech()))
    except StoreUnavailableError:
        return _xml(twiml.wait(request.full_path, seconds=DATABASE_PAUSE_SECONDS))
    action = "/twilio/voice/keypress?" + urlencode({"delivery": _token(), "step": step})
    return _xml(twiml.ask(spoken, action, times=times))


def _again_on_conflict(act: Callable[[], Result]) -> Result:
    """Act; once more where two acts got in each other's way, or the same event came twice at one moment."""
    try:
        return act()
    except (StoreConflictError, StoreUnavailableError):
        return act()


def _storable(text: str) -> str:
    """Return a text without what a database refuses: NUL, and halves of characters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _token() -> str:
    return request.args.get("delivery", "")


def _xml(text: str) -> Response:
    return Response(text, mimetype="text/xml")

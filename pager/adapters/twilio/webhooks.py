"""The carrier calls us: messages, keys, receipts. Each is checked, acted on once, and answered fast."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from flask import Blueprint, Response, request
from twilio.request_validator import RequestValidator

from pager.adapters.twilio import twiml
from pager.adapters.twilio.faults import is_permanent
from pager.domain.speech import inbound_speech
from pager.lifecycle.call import Press, Spoken, answer_call, press_key
from pager.lifecycle.ports import StoreConflictError, StoreUnavailableError
from pager.lifecycle.receipt import Progress, Receipt, receive
from pager.lifecycle.reply import Message, keep, reply
from pager.lifecycle.turn import Context

log = logging.getLogger(__name__)
Result = TypeVar("Result")

SMS_PROGRESS = {
    "accepted": Progress.TAKEN,
    "queued": Progress.TAKEN,
    "sending": Progress.TAKEN,
    "sent": Progress.TAKEN,
    "delivered": Progress.DELIVERED,
    "read": Progress.DELIVERED,
    "undelivered": Progress.FAILED,
    "failed": Progress.FAILED,
    "canceled": Progress.FAILED,
}
CALL_PROGRESS = {
    "queued": Progress.TAKEN,
    "initiated": Progress.TAKEN,
    "ringing": Progress.TAKEN,
    "in-progress": Progress.ANSWERED,
    "completed": Progress.ENDED,
    "busy": Progress.UNANSWERED,
    "no-answer": Progress.UNANSWERED,
    "failed": Progress.FAILED,
    "canceled": Progress.FAILED,
}
CALL_CANNOT_BE_PLACED = "failed"
DATABASE_PAUSE_SECONDS = 4


def create_webhooks(context: Context, *, auth_token: str, public_url: str) -> Blueprint:
    """Return the routes under `/twilio`; every one of them takes signed requests only."""
    webhooks = Blueprint("twilio", __name__, url_prefix="/twilio")
    validator = RequestValidator(auth_token)
    views = _Views(context)

    @webhooks.before_request
    def check_signature() -> tuple[str, int] | None:
        query = request.environ.get("QUERY_STRING", "")
        url = f"{public_url}{request.path}" + (f"?{query}" if query else "")
        signature = request.headers.get("X-Twilio-Signature")
        if signature is None or not validator.validate(url, request.form, signature):
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
        status = request.form.get("MessageStatus", "")
        _take_receipt(self.context, SMS_PROGRESS.get(status), "MessageSid", status)
        return _xml(twiml.nothing())

    def voice(self) -> Response:
        return _talk(lambda: answer_call(self.context, _token()), step=0, times=twiml.TIMES)

    def keypress(self) -> Response:
        step = request.args.get("step", 0, type=int)
        press = Press(
            call_id=request.form.get("CallSid", ""), step=step, token=_token(), digit=request.form.get("Digits", "")
        )
        return _talk(lambda: _again_on_conflict(lambda: press_key(self.context, press)), step=step + 1)

    def voice_status(self) -> Response:
        status = request.form.get("CallStatus", "")
        _take_receipt(self.context, CALL_PROGRESS.get(status), "CallSid", status)
        return _xml(twiml.nothing())

    def inbound(self) -> Response:
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


def _take_receipt(context: Context, progress: Progress | None, sid_field: str, status: str) -> None:
    sid = request.form.get(sid_field, "")
    if progress is None or not sid:
        return
    code = request.form.get("ErrorCode")
    receive(
        context,
        Receipt(
            token=_token(),
            sid=sid,
            progress=progress,
            error=code or status if progress in (Progress.FAILED, Progress.UNANSWERED) else None,
            is_refused=is_permanent(code) or (sid_field == "CallSid" and status == CALL_CANNOT_BE_PLACED),
        ),
    )


def _talk(speak: Callable[[], Spoken], *, step: int, times: int = 1) -> Response:
    try:
        spoken = speak()
    except KeyError:
        return _xml(twiml.speak(inbound_speech()))
    except StoreUnavailableError:
        return _xml(twiml.wait(request.full_path, seconds=DATABASE_PAUSE_SECONDS))
    action = "/twilio/voice/keypress?" + urlencode({"delivery": _token(), "step": step})
    return _xml(twiml.ask(spoken, action, times=times))


def _again_on_conflict(act: Callable[[], Result]) -> Result:
    """Act; where the same event is being acted on at the same moment, look again once the other has."""
    try:
        return act()
    except StoreConflictError:
        return act()


def _storable(text: str) -> str:
    """Return a text without what a database refuses: NUL, and halves of characters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _token() -> str:
    return request.args.get("delivery", "")


def _xml(text: str) -> Response:
    return Response(text, mimetype="text/xml")

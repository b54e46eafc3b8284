"""The carrier's words for how far a message or a call has come, and what each means for us."""

from __future__ import annotations

from pager.adapters.twilio.faults import is_final, is_lasting, is_opt_out
from pager.domain.directory import Channel
from pager.lifecycle.receipt import Progress, Receipt

MESSAGES = {
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
CALLS = {
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


def receipt_of(channel: Channel, token: str, sid: str, status: str, code: str | None) -> Receipt | None:
    """Return what a status means; None for one that we do not know, or without the carrier's id."""
    progress = (CALLS if channel is Channel.VOICE else MESSAGES).get(status)
    if progress is None or not sid:
        return None
    cannot_be_placed = channel is Channel.VOICE and status == CALL_CANNOT_BE_PLACED
    has_failed = progress in (Progress.FAILED, Progress.UNANSWERED)
    return Receipt(
        token=token,
        sid=sid,
        progress=progress,
        error=(_code(code) or status) if has_failed else None,
        is_refused=has_failed and (is_final(code) or cannot_be_placed),
        is_lasting=has_failed and is_lasting(code),
        is_opted_out=has_failed and is_opt_out(code),
    )


def _code(code: str | None) -> str | None:
    """Return the carrier's code, a number; anything else is nothing to keep."""
    return code if code is not None and code.isascii() and code.isdecimal() else None

"""Answer somebody who wrote to us: at once, and sparingly where they do not stop writing."""

from __future__ import annotations

from datetime import timedelta

from pager.domain.delivery import DeliveryKind, DeliveryState
from pager.lifecycle.queue import queue_message
from pager.lifecycle.turn import Turn

# Of more messages from one number within this time than people write, each still counts; the last word is answered.
WITHIN = timedelta(minutes=1)
ANSWERED_AT_ONCE = 5


def say(
    turn: Turn,
    to_number: str,
    text: str,
    *,
    cause: str,
    about: str = "",
    responder: str | None = None,
    from_number: str | None = None,
) -> None:
    """Queue an answer; `cause` is the message that it answers, `about` the reference that it is about."""
    recent = turn.work.deliveries.answers_to(to_number, turn.now - WITHIN)
    instants = sorted({one.created_at for one in recent} - {turn.now})  # "ACK ALL" has many answers, and is one message
    is_too_much = len(instants) >= ANSWERED_AT_ONCE
    later = f"later:{about}:"
    waiting = [one for one in recent if one.state is DeliveryState.QUEUED and one.key.startswith(later)]
    if is_too_much and waiting:
        waiting[-1].body = text
        return
    queue_message(
        turn,
        DeliveryKind.CONFIRMATION,
        to_number,
        text,
        cause=f"{later}{cause}" if is_too_much else f"{cause}:{about}",
        responder=responder,
        from_number=from_number,
        due_at=instants[0] + WITHIN if is_too_much else None,
    )

"""Somebody calls us. Who calls proves nothing: whoever is waited for is called back, at their number on file."""

from __future__ import annotations

from datetime import timedelta

from pager.domain.delivery import Delivery, DeliveryKind, Priority, other_key
from pager.domain.directory import Channel, Responder
from pager.domain.page import PageState
from pager.domain.sender import sender_for
from pager.lifecycle.turn import Context, Turn, writing

KIND = "call"
# The caller's number can be made up: whoever does so makes nobody's telephone ring without a pause.
AGAIN_AFTER = timedelta(minutes=2)


def call_back(context: Context, call_id: str, from_number: str) -> None:
    """Call the responder with this number about each page that waits for them, once for each call of theirs."""
    with writing(context) as turn:
        if not turn.work.inbox.take(call_id, KIND, {"from_number": from_number}, turn.now):
            return
        responder = turn.work.directory.responder_with(from_number)
        if responder is not None and responder.voice is not None:
            _call(turn, responder, call_id)
        turn.work.inbox.mark_handled(call_id, turn.now)


def _call(turn: Turn, responder: Responder, call_id: str) -> None:
    number = responder.number(Channel.VOICE)
    if turn.work.deliveries.has_been_called(number, turn.now - AGAIN_AFTER):
        return
    for stake in turn.work.encounters.stakes(responder.id, responder.agency):
        if not stake.was_paged or stake.state is not PageState.PAGING:
            continue
        turn.work.deliveries.add(
            [
                Delivery(
                    key=other_key(f"call:{call_id}:{stake.page_id}", number, Channel.VOICE),
                    token=turn.context.make_token(),
                    kind=DeliveryKind.CALL_BACK,
                    priority=Priority.FIRST_PAGE,
                    channel=Channel.VOICE,
                    to_number=number,
                    from_number=sender_for(number, turn.context.senders),
                    created_at=turn.now,
                    due_at=turn.now,
                    encounter_id=stake.encounter_id,
                    page_id=stake.page_id,
                    responder=responder.id,
                    expires_at=turn.now + AGAIN_AFTER,
                )
            ]
        )

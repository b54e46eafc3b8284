"""The carrier tells how a message or a call went on. Receipts come in any order, twice, or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from pager.domain.decision import SIDE_RUNGS
from pager.domain.delivery import Delivery, DeliveryKind, DeliveryState
from pager.domain.directory import Channel
from pager.lifecycle.opt_out import note_refusals
from pager.lifecycle.record import fail, lock_delivery
from pager.lifecycle.turn import Context, Turn, writing


class Progress(StrEnum):
    """How far a message or a call has come."""

    TAKEN = "taken"  # the carrier has it
    DELIVERED = "delivered"  # an SMS: as far as the carrier knows
    ANSWERED = "answered"  # a call: by a person or a machine
    ENDED = "ended"  # a call, after having been answered
    UNANSWERED = "unanswered"  # a call: busy, or nobody there
    FAILED = "failed"


CALL_AGAIN_AFTER = timedelta(minutes=1)
_MUST_BE_HEARD = (DeliveryKind.CORRECTION, DeliveryKind.STAND_DOWN, DeliveryKind.QUESTION, DeliveryKind.NEWS)
_ENDS = (Progress.ENDED, Progress.UNANSWERED, Progress.FAILED)
_STATES = {
    Progress.TAKEN: DeliveryState.SENT,
    Progress.DELIVERED: DeliveryState.DELIVERED,
    Progress.ANSWERED: DeliveryState.ANSWERED,
    Progress.ENDED: DeliveryState.ANSWERED,
}


@dataclass(frozen=True)
class Receipt:
    """One receipt. `error` is the carrier's code or status; `is_refused`: it will not arrive any more, and is
    made up for at once; `is_lasting`: nor will anything on this channel; `is_opted_out`: its holder has opted out.
    """

    token: str
    sid: str
    progress: Progress
    error: str | None = None
    is_refused: bool = False
    is_lasting: bool = False
    is_opted_out: bool = False


def receive(context: Context, receipt: Receipt) -> None:
    """Note a receipt. One for a delivery that we do not know is ignored; so is one that would lead backwards."""
    with context.store.reading() as work:
        known = work.deliveries.by_token(receipt.token)
    if known is None:
        return
    with writing(context) as turn:
        delivery = lock_delivery(turn, known.id)
        delivery.note_sid(receipt.sid)
        if delivery.carrier_sid == receipt.sid:  # else of an earlier request for the same delivery
            _note(turn, delivery, receipt)
    if receipt.is_opted_out:
        note_refusals(context, [(delivery.to_number, delivery.from_number)])


def _note(turn: Turn, delivery: Delivery, receipt: Receipt) -> None:
    if receipt.progress is Progress.UNANSWERED and _may_call_again(turn, delivery):
        _call_again(turn, delivery, receipt)
        return
    if receipt.progress in (Progress.FAILED, Progress.UNANSWERED):
        fail(turn, delivery, receipt.error, is_refused=receipt.is_refused, is_lasting=receipt.is_lasting)
    elif receipt.progress is not Progress.TAKEN or delivery.state is DeliveryState.SENDING:
        delivery.become(_STATES[receipt.progress])
    if delivery.channel is Channel.VOICE and receipt.progress in _ENDS:
        delivery.ended_at = delivery.ended_at or turn.now


def _may_call_again(turn: Turn, delivery: Delivery) -> bool:
    """Once only, while it is wanted, and not where the next rung comes sooner."""
    again_at = turn.now + CALL_AGAIN_AFTER
    is_in_time = delivery.expires_at is None or again_at < delivery.expires_at
    is_under_way = delivery.state in (DeliveryState.SENDING, DeliveryState.SENT)
    return not delivery.is_recalled and is_under_way and is_in_time and _is_wanted(turn, delivery)


def _is_wanted(turn: Turn, delivery: Delivery) -> bool:
    """A page's call while its rung is the latest and its responder has not declined; what else must be heard."""
    if delivery.kind is not DeliveryKind.PAGE or delivery.page_id is None or delivery.responder is None:
        return delivery.kind in _MUST_BE_HEARD
    page = turn.work.encounters.page(delivery.page_id)
    respond_by = turn.work.encounters.get(page.encounter_id).respond_by
    is_latest = page.round == delivery.round and delivery.rung in (page.rung, *SIDE_RUNGS)
    has_declined = turn.work.encounters.commitment(page.id, delivery.responder).decline_holds
    return page.is_still_paging(respond_by) and is_latest and not has_declined


def _call_again(turn: Turn, delivery: Delivery, receipt: Receipt) -> None:
    """Back into the queue, under a new token: what the carrier still tells of the first call is not about this one."""
    delivery.become(DeliveryState.SENT)
    delivery.become(DeliveryState.QUEUED)
    delivery.is_recalled, delivery.error = True, receipt.error
    delivery.token = turn.context.make_token()
    delivery.carrier_sid, delivery.other_sid = None, delivery.carrier_sid
    delivery.due_at, delivery.ended_at = turn.now + CALL_AGAIN_AFTER, turn.now

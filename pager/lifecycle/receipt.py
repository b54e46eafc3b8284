"""The carrier tells how a message or a call went on. Receipts come in any order, twice, or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pager.domain.delivery import Delivery, DeliveryState
from pager.domain.directory import Channel
from pager.lifecycle.record import fail, lock_delivery
from pager.lifecycle.turn import Context, Turn, writing


class Progress(StrEnum):
    """How far a message or a call has come."""

    TAKEN = "taken"  # the carrier has it
    DELIVERED = "delivered"  # an SMS: as far as the carrier knows
    ANSWERED = "answered"  # a call: by a person or a machine
    ENDED = "ended"  # a call, after having been answered
    FAILED = "failed"


_STATES = {
    Progress.TAKEN: DeliveryState.SENT,
    Progress.DELIVERED: DeliveryState.DELIVERED,
    Progress.ANSWERED: DeliveryState.ANSWERED,
    Progress.ENDED: DeliveryState.ANSWERED,
}


@dataclass(frozen=True)
class Receipt:
    """One receipt. `error` is the carrier's code or status; `is_refused`: this number can never be reached so."""

    token: str
    sid: str
    progress: Progress
    error: str | None = None
    is_refused: bool = False


def receive(context: Context, receipt: Receipt) -> None:
    """Note a receipt. One for a delivery that we do not know is ignored; so is one that would lead backwards."""
    with context.store.reading() as work:
        known = work.deliveries.by_token(receipt.token)
    if known is None:
        return
    with writing(context) as turn:
        delivery = lock_delivery(turn, known.id)
        if delivery.carrier_sid is None:
            delivery.carrier_sid = receipt.sid
        if delivery.carrier_sid == receipt.sid:  # else of an earlier request for the same delivery
            _note(turn, delivery, receipt)


def _note(turn: Turn, delivery: Delivery, receipt: Receipt) -> None:
    if receipt.progress is Progress.FAILED:
        fail(turn, delivery, receipt.error, is_refused=receipt.is_refused)
    elif receipt.progress is not Progress.TAKEN or delivery.state is DeliveryState.SENDING:
        delivery.become(_STATES[receipt.progress])
    if delivery.channel is Channel.VOICE and receipt.progress in (Progress.ENDED, Progress.FAILED):
        delivery.ended_at = delivery.ended_at or turn.now

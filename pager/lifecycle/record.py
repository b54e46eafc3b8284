"""Record what became of the requests to the carrier."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from pager.domain.delivery import Delivery, DeliveryState
from pager.domain.pause import pause_before
from pager.lifecycle.fall_back import fall_back
from pager.lifecycle.ports import Outcome, OutcomeKind
from pager.lifecycle.turn import Context, Turn, writing

# How long an unknown outcome is given to show itself by a receipt before the carrier's list is asked.
GRACE = timedelta(seconds=5)


def record(context: Context, outcomes: Sequence[Outcome]) -> None:
    """Record outcomes, all in one transaction. Encounters are locked in the order of their ids, as everywhere."""
    with writing(context) as turn:
        encounters = {one.delivery_id: turn.work.deliveries.encounter_of(one.delivery_id) or 0 for one in outcomes}
        for outcome in sorted(outcomes, key=lambda one: (encounters[one.delivery_id], one.delivery_id)):
            record_one(turn, outcome)


def record_one(turn: Turn, outcome: Outcome) -> None:
    """Record one outcome. What receipts have told meanwhile is not undone."""
    delivery = lock_delivery(turn, outcome.delivery_id)
    if outcome.sid is not None:
        delivery.carrier_sid = outcome.sid
    if delivery.state is not DeliveryState.SENDING:
        return
    match outcome.kind:
        case OutcomeKind.TAKEN:
            delivery.become(DeliveryState.SENT)
        case OutcomeKind.REFUSED:
            fail(turn, delivery, outcome.error, is_refused=True)
        case OutcomeKind.NOT_TAKEN | OutcomeKind.UNAUTHORISED:
            delivery.error = outcome.error
            _try_again(delivery, turn.now)
        case OutcomeKind.UNKNOWN:
            delivery.error = outcome.error
            delivery.lease_until = turn.now + GRACE
        case OutcomeKind.UNWANTED:
            delivery.become(DeliveryState.WITHDRAWN)
            delivery.due_at, delivery.ended_at = None, turn.now


def lock_delivery(turn: Turn, delivery_id: int) -> Delivery:
    """Return a delivery after locking its encounter, so that nobody changes either until this unit of work ends."""
    encounter_id = turn.work.deliveries.encounter_of(delivery_id)
    if encounter_id is not None:
        turn.work.encounters.lock(encounter_id)
    return turn.work.deliveries.lock(delivery_id)


def fail(turn: Turn, delivery: Delivery, error: str | None, *, is_refused: bool) -> None:
    """A delivery has failed; where it was refused for good, make up for it."""
    if not delivery.become(DeliveryState.FAILED):
        return
    delivery.error, delivery.is_refused = error, is_refused
    delivery.due_at, delivery.ended_at = None, turn.now
    turn.work.flush()
    if is_refused:
        fall_back(turn, delivery)


def _try_again(delivery: Delivery, now: datetime) -> None:
    """Back into the queue, for the next sending number, after a pause; pointless past its expiry."""
    due_at = now + pause_before(delivery.attempts, delivery.token)
    delivery.become(DeliveryState.QUEUED)
    delivery.left_at = delivery.lease_until = delivery.from_number = None
    delivery.due_at = due_at

"""Record what became of the requests to the carrier."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from pager.domain.delivery import Delivery, DeliveryState
from pager.domain.pause import pause_before
from pager.domain.sender import next_sender
from pager.lifecycle.carrier import Outcome, OutcomeKind
from pager.lifecycle.fall_back import fall_back
from pager.lifecycle.opt_out import note_refusals
from pager.lifecycle.turn import Context, Turn, writing

# How long an unknown outcome is given to show itself by a receipt before the carrier's list is asked.
GRACE = timedelta(seconds=5)


def record(context: Context, outcomes: Sequence[Outcome]) -> None:
    """Record outcomes, all in one transaction and by few queries, however many there are."""
    with writing(context) as turn:
        found = _lock_deliveries(turn, [one.delivery_id for one in outcomes])
        taken = turn.work.deliveries.taken_sids([one.sid for one in outcomes if one.sid is not None])
        for outcome in sorted(outcomes, key=lambda one: one.delivery_id):
            is_sid_taken = bool(taken.get(outcome.sid or "", set()) - {outcome.delivery_id})
            _record_one(turn, found[outcome.delivery_id], outcome, is_sid_taken=is_sid_taken)
        refused = [found[one.delivery_id] for one in outcomes if one.is_opted_out]
    # Apart, since it locks other encounters; one that is lost on the way is told by the next refusal.
    note_refusals(context, [(delivery.to_number, delivery.from_number) for delivery in refused])


def _lock_deliveries(turn: Turn, ids: Collection[int]) -> Mapping[int, Delivery]:
    """Return deliveries by id after locking their encounters in the order of their ids, as everywhere."""
    turn.work.encounters.lock_all(turn.work.deliveries.encounters_of(ids))
    return {one.id: one for one in turn.work.deliveries.lock_all(ids)}


def _record_one(turn: Turn, delivery: Delivery, outcome: Outcome, *, is_sid_taken: bool) -> None:
    """Record one outcome. What receipts have told meanwhile is not undone.

    One that comes late, from a process that stood still or waited for the database, says nothing of a later request.
    `is_sid_taken`: another delivery is known under the id that the carrier gave.
    """
    if outcome.sid is not None and not is_sid_taken:
        delivery.note_sid(outcome.sid)
    if delivery.state is not DeliveryState.SENDING or outcome.attempt not in (None, delivery.attempts):
        return
    delivery.error = outcome.error
    match outcome.kind:
        case OutcomeKind.TAKEN if delivery.carrier_sid is not None:
            delivery.become(DeliveryState.SENT)
        case OutcomeKind.REFUSED:
            fail(turn, delivery, outcome.error, is_refused=True, is_lasting=outcome.is_lasting)
        case OutcomeKind.NOT_TAKEN:
            delivery.from_number = next_sender(delivery.from_number, turn.context.senders)
            _send_again(turn, delivery, turn.now + pause_before(delivery.attempts, delivery.token))
        case OutcomeKind.UNAUTHORISED:
            _send_again(turn, delivery, turn.now)  # it waits for the credentials, not for itself
        case OutcomeKind.NOT_FOUND | OutcomeKind.NOT_BEGUN:
            _send_again(turn, delivery, turn.now)
        case _:
            delivery.lease_until = turn.work.claims.lease_until(turn.now, GRACE)


def lock_delivery(turn: Turn, delivery_id: int) -> Delivery:
    """Return a delivery after locking its encounter, so that nobody changes either until this unit of work ends."""
    encounter_id = turn.work.deliveries.encounter_of(delivery_id)
    if encounter_id is not None:
        turn.work.encounters.lock(encounter_id)
    return turn.work.deliveries.lock(delivery_id)


def fail(turn: Turn, delivery: Delivery, error: str | None, *, is_refused: bool, is_lasting: bool = False) -> None:
    """A delivery has failed; where it will not arrive any more (`is_refused`), make up for it."""
    if not delivery.become(DeliveryState.FAILED):
        return
    delivery.error, delivery.is_refused, delivery.is_lasting = error, is_refused, is_lasting
    delivery.due_at, delivery.ended_at = None, turn.now
    turn.work.flush()
    if is_refused:
        fall_back(turn, delivery)


def _send_again(turn: Turn, delivery: Delivery, due_at: datetime) -> None:
    """Back into the queue, where it is still of use: it was surely not taken, so nobody was reached by it."""
    is_wanted = turn.work.deliveries.is_wanted(delivery.id, turn.now)
    delivery.left_at = delivery.lease_until = None
    if is_wanted:
        delivery.become(DeliveryState.QUEUED)
        delivery.due_at = due_at
    else:
        _withdraw(delivery, turn.now)


def _withdraw(delivery: Delivery, now: datetime) -> None:
    delivery.become(DeliveryState.WITHDRAWN)
    delivery.due_at, delivery.ended_at = None, now

"""Find out what became of a delivery whose outcome is unknown: the carrier's own list is asked for it."""

from __future__ import annotations

from dataclasses import replace

from pager.domain.delivery import Delivery
from pager.lifecycle.carrier import Carrier, CarrierUnavailableError, Outcome, OutcomeKind
from pager.lifecycle.turn import Context, reading


def resolve(context: Context, carrier: Carrier, delivery: Delivery) -> Outcome:
    """Return TAKEN with the carrier's id, NOT_FOUND where it has none that no delivery has claimed, else UNKNOWN."""
    return replace(_look_for(context, carrier, delivery), attempt=delivery.attempts)


def _look_for(context: Context, carrier: Carrier, delivery: Delivery) -> Outcome:
    try:
        found = carrier.find(delivery)
    except CarrierUnavailableError as error:
        return Outcome(delivery.id, OutcomeKind.UNKNOWN, error=str(error))
    with reading(context) as turn:
        known = turn.work.deliveries
        free = [
            sid
            for sid in found
            if not known.is_sid_taken(sid, delivery.id) and not known.was_sid_of_call(sid, delivery.to_number)
        ]
    if free:
        return Outcome(delivery.id, OutcomeKind.TAKEN, sid=free[0])
    return Outcome(delivery.id, OutcomeKind.NOT_FOUND)

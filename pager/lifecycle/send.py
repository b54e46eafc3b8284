"""Send one delivery: read its page again, then ask the carrier, with no transaction open."""

from __future__ import annotations

from pager.domain.delivery import Delivery
from pager.lifecycle.ports import Carrier, Outcome, OutcomeKind
from pager.lifecycle.turn import Context, reading


def send(context: Context, carrier: Carrier, delivery: Delivery) -> Outcome:
    """Return the outcome of a claimed delivery; one that nobody wants any more is not sent.

    A delivery whose lease has run out is left alone: another process may have it.
    """
    with reading(context) as turn:
        is_ours = delivery.lease_until is not None and turn.now < delivery.lease_until
        is_wanted = is_ours and turn.work.deliveries.is_wanted(delivery.id)
    if not is_ours:
        return Outcome(delivery.id, OutcomeKind.UNKNOWN, error="lease ran out")
    if not is_wanted:
        return Outcome(delivery.id, OutcomeKind.UNWANTED)
    return carrier.send(delivery)

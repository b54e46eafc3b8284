"""Send one delivery: read its page again, then ask the carrier, with no transaction open."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pager.domain.delivery import Delivery
from pager.lifecycle.carrier import Carrier, Outcome, OutcomeKind
from pager.lifecycle.turn import Context, reading


def send(context: Context, carrier: Carrier, delivery: Delivery, begin_before: datetime) -> Outcome:
    """Return the outcome of a claimed delivery; one that nobody wants any more is not sent.

    A request must begin before `begin_before`, so that it ends within the lease: past that another process may have
    the delivery, and this one leaves it alone.
    """
    with reading(context) as turn:
        is_wanted = turn.work.deliveries.is_wanted(delivery.id, turn.now)
    if context.clock.now() >= begin_before:
        outcome = Outcome(delivery.id, OutcomeKind.UNKNOWN, error="begun too late")
    elif not is_wanted:
        outcome = Outcome(delivery.id, OutcomeKind.UNWANTED)
    else:
        outcome = carrier.send(delivery)
    return replace(outcome, attempt=delivery.attempts)

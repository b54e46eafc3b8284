"""Send one delivery: read its page again, then ask the carrier, with no transaction open."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pager.domain.delivery import Delivery
from pager.lifecycle.carrier import Carrier, Outcome, OutcomeKind
from pager.lifecycle.turn import Context, glancing


def send(context: Context, carrier: Carrier, delivery: Delivery, begin_before: datetime) -> Outcome:
    """Return the outcome of a claimed delivery; one that nobody wants any more is not sent.

    A request must begin before `begin_before`, so that it ends within the lease: past that another process may have
    the delivery, and this one leaves it alone.
    """
    with glancing(context) as turn:
        is_wanted = turn.work.deliveries.is_wanted(delivery.id, turn.now)
    may_begin = is_wanted and context.clock.now() < begin_before
    outcome = carrier.send(delivery) if may_begin else Outcome(delivery.id, OutcomeKind.NOT_BEGUN)
    return replace(outcome, attempt=delivery.attempts)

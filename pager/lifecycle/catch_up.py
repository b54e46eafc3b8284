"""Take in what the carrier could not tell us: replies that came while we were away, receipts that never arrived."""

from __future__ import annotations

from datetime import datetime, timedelta

from pager.lifecycle.ledger import Ledger
from pager.lifecycle.ports import StoreConflictError
from pager.lifecycle.receipt import receive
from pager.lifecycle.reply import reply
from pager.lifecycle.turn import Context, reading

# A receipt that is to come has come by then; one of a call is late until the telephone has stopped ringing.
RECEIPT_IS_LATE_AFTER = timedelta(minutes=2)
NOT_ASKED_AFTER = timedelta(hours=1)
ASKED_AT_MOST = 50


def catch_up(context: Context, ledger: Ledger) -> None:
    """While an encounter is open, ask the carrier for messages to our numbers and for states that we never heard of.

    Each is acted on as if its webhook had come, once. Raises CarrierUnavailableError where the carrier is away.
    """
    with reading(context) as turn:
        since = turn.work.encounters.waiting_since()
        unreported = turn.work.deliveries.unreported(
            before=turn.now - RECEIPT_IS_LATE_AFTER, since=turn.now - NOT_ASKED_AFTER, limit=ASKED_AT_MOST
        )
    if since is not None:
        _take_messages(context, ledger, since)
    for delivery in unreported:
        receipt = ledger.progress(delivery)
        if receipt is not None:
            receive(context, receipt)


def _take_messages(context: Context, ledger: Ledger, since: datetime) -> None:
    messages = [message for number in context.senders for message in ledger.inbound(number, since)]
    with reading(context) as turn:
        known = turn.work.inbox.known([message.carrier_id for message in messages])
    for message in messages:
        if message.carrier_id not in known:
            try:
                reply(context, message)
            except StoreConflictError:
                continue  # its webhook has come at this moment

"""The carrier's own lists: messages that were sent to us, and how far what we sent has come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from requests import RequestException
from twilio.base.exceptions import TwilioException

from pager.adapters.twilio.carrier import TwilioCarrier
from pager.adapters.twilio.progress import receipt_of
from pager.domain.delivery import Delivery
from pager.domain.directory import Channel
from pager.lifecycle.carrier import CarrierUnavailableError
from pager.lifecycle.receipt import Receipt
from pager.lifecycle.reply import Message

LISTED_AT_MOST = 1_000
INBOUND = "inbound"


@dataclass(frozen=True)
class TwilioLedger:
    """Reads through the carrier's client."""

    carrier: TwilioCarrier

    def inbound(self, number: str, since: datetime) -> Sequence[Message]:
        listed = self._ask(lambda client: client.messages.list(to=number, date_sent_after=since, limit=LISTED_AT_MOST))
        messages = [one for one in listed if one.direction == INBOUND]
        return [Message(one.sid, one.from_, one.to, one.body or "") for one in reversed(messages)]

    def progress(self, delivery: Delivery) -> Receipt | None:
        sid = delivery.carrier_sid or ""
        is_call = delivery.channel is Channel.VOICE
        found = self._ask(lambda client: (client.calls if is_call else client.messages)(sid).fetch())
        code = None if is_call or found.error_code is None else str(found.error_code)
        return receipt_of(delivery.channel, delivery.token, sid, found.status, code)

    def _ask(self, question: Any) -> Any:
        try:
            return question(self.carrier.client)
        except (TwilioException, RequestException, ValueError) as error:
            raise CarrierUnavailableError(type(error).__name__) from error

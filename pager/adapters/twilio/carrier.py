"""The carrier: messages and calls through Twilio's SDK."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from requests import RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http import HttpClient
from twilio.rest import Client

from pager.adapters.twilio.faults import is_lasting, is_opt_out, outcome_of_fault, outcome_of_refusal
from pager.domain.delivery import Delivery
from pager.domain.directory import Channel
from pager.lifecycle.carrier import CarrierUnavailableError, Outcome, OutcomeKind

log = logging.getLogger(__name__)

# A page that comes long after it was sent does harm; the carrier would keep it for ten hours.
VALIDITY_SECONDS = 600
# How long a telephone rings; voicemail answers most before that.
RING_SECONDS = 25
# The carrier's clock and ours, and its times in whole seconds.
CLOCKS_MAY_DIFFER_BY = timedelta(minutes=2)
RECALL_MAY_DIFFER_BY = timedelta(seconds=45)
LISTED_AT_MOST = 50
CALL_EVENTS = ["initiated", "ringing", "answered", "completed"]


@dataclass
class TwilioCarrier:
    """Sends deliveries. One client a thread: the SDK does not promise to be safe across them.

    `auth_tokens` are the account's: while one takes the place of the other both may be given, and that which the
    carrier took last is used.
    """

    account_sid: str
    auth_tokens: tuple[str, ...]
    public_url: str
    make_http_client: Callable[[], HttpClient]
    is_authorised: bool = True
    _local: threading.local = field(default_factory=threading.local)
    _token: int = 0

    def send(self, delivery: Delivery) -> Outcome:
        """Ask the carrier once; every way that can go is an outcome.

        Where it refuses one auth token, and so surely took nothing, the other ones are tried.
        """
        for _ in self.auth_tokens:
            token = self._token
            outcome = self._send(delivery)
            if outcome.kind is not OutcomeKind.UNAUTHORISED:
                break
            self._token = (token + 1) % len(self.auth_tokens)
        return outcome

    def _send(self, delivery: Delivery) -> Outcome:
        try:
            sid = self._call(delivery) if delivery.channel is Channel.VOICE else self._message(delivery)
        except TwilioRestException as error:
            return self._refused(delivery, error)
        except (RequestException, ValueError) as error:  # ValueError: an answer that is not JSON
            log.warning("delivery %s: %s", delivery.id, type(error).__name__)
            return Outcome(delivery.id, outcome_of_fault(error), error=type(error).__name__)
        self.is_authorised = True
        if not sid:  # an empty answer
            return Outcome(delivery.id, OutcomeKind.UNKNOWN, error="no sid")
        return Outcome(delivery.id, OutcomeKind.TAKEN, sid=sid)

    def find(self, delivery: Delivery) -> Sequence[str]:
        """Return the ids, oldest first, of what the carrier has for this delivery's number since it left the queue.

        Told apart by number, sender and, of messages, body: the carrier keeps no key of ours. Its list may lag, so
        it is asked only after a few seconds. Raises CarrierUnavailableError.
        """
        if delivery.left_at is None:
            return []
        try:
            listed = (self.client.calls if delivery.channel is Channel.VOICE else self.client.messages).list(
                to=delivery.to_number, from_=delivery.from_number, limit=LISTED_AT_MOST
            )
        except (TwilioException, RequestException, ValueError) as error:
            raise CarrierUnavailableError(type(error).__name__) from error
        # A call made once more must not be taken for the one before it, which ended a minute earlier.
        since = delivery.left_at - (RECALL_MAY_DIFFER_BY if delivery.is_recalled else CLOCKS_MAY_DIFFER_BY)
        found = [one for one in listed if one.date_created is None or one.date_created >= since]
        if delivery.channel is Channel.SMS:
            found = [one for one in found if one.body == delivery.body]
        return [one.sid for one in reversed(found)]

    def _message(self, delivery: Delivery) -> str | None:
        message = self.client.messages.create(
            to=delivery.to_number,
            from_=delivery.from_number,
            body=delivery.body,
            status_callback=self._url("/twilio/sms/status", delivery),
            validity_period=VALIDITY_SECONDS,
        )
        sid: str | None = message.sid
        return sid

    def _call(self, delivery: Delivery) -> str | None:
        call = self.client.calls.create(
            to=delivery.to_number,
            from_=delivery.from_number,
            url=self._url("/twilio/voice", delivery),
            method="POST",
            status_callback=self._url("/twilio/voice/status", delivery),
            status_callback_event=CALL_EVENTS,
            timeout=RING_SECONDS,
        )
        sid: str | None = call.sid
        return sid

    def _refused(self, delivery: Delivery, error: TwilioRestException) -> Outcome:
        kind = outcome_of_refusal(error)
        log.warning("delivery %s: the carrier answered %s, code %s", delivery.id, error.status, error.code)
        self.is_authorised = kind is not OutcomeKind.UNAUTHORISED
        return Outcome(
            delivery.id,
            kind,
            error=str(error.code or error.status),
            is_lasting=is_lasting(error.code),
            is_opted_out=is_opt_out(error.code),
        )

    def _url(self, path: str, delivery: Delivery) -> str:
        return f"{self.public_url}{path}?{urlencode({'delivery': delivery.token})}"

    @property
    def client(self) -> Any:
        """This thread's client for the token in use, with its connection kept open."""
        clients = self._local.__dict__.setdefault("clients", {})
        token = self.auth_tokens[self._token]
        if token not in clients:
            clients[token] = Client(self.account_sid, token, http_client=self.make_http_client())
        return clients[token]

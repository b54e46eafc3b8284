"""Delete at the carrier what it keeps of a message or a call."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from requests import RequestException
from twilio.base.exceptions import TwilioRestException
from twilio.http import HttpClient
from twilio.rest import Client

from pager.adapters.twilio.faults import UNAUTHORISED_STATUSES
from pager.domain.directory import Channel
from pager.domain.retention import CarrierCopy
from pager.lifecycle.carrier import CarrierUnavailableError
from pager.lifecycle.retention_ports import NotErasedError

GONE = 404
TOO_MANY = 429


@dataclass(frozen=True)
class TwilioErasure:
    """Through the SDK, with each of the account's auth tokens until one is taken. For one thread."""

    account_sid: str
    auth_tokens: tuple[str, ...]
    make_http_client: Callable[[], HttpClient]

    def erase(self, copy: CarrierCopy) -> None:
        """Delete one message or call; gone already is as good."""
        for _ in self.auth_tokens:
            try:
                self._delete(self._clients[0], copy)
                return
            except TwilioRestException as error:
                if error.status == GONE:
                    return
                if error.status not in UNAUTHORISED_STATUSES:
                    raise _judged(error) from error
                self._clients.rotate()
            except (RequestException, ValueError) as error:  # ValueError: an answer that is not JSON
                raise CarrierUnavailableError(type(error).__name__) from error
        raise CarrierUnavailableError("it refuses TWILIO_ACCOUNT_SID with TWILIO_AUTH_TOKEN")

    def _delete(self, client: Client, copy: CarrierCopy) -> None:
        (client.calls if copy.channel is Channel.VOICE else client.messages)(copy.sid).delete()

    @cached_property
    def _clients(self) -> deque[Client]:
        make = self.make_http_client
        return deque(Client(self.account_sid, token, http_client=make()) for token in self.auth_tokens)


def _judged(error: TwilioRestException) -> Exception:
    """Tell a refusal of this one thing from a carrier that takes nothing now."""
    says = f"{error.status}, code {error.code}"
    is_away = error.status == TOO_MANY or error.status >= 500
    return CarrierUnavailableError(says) if is_away else NotErasedError(says)

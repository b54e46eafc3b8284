"""Whether the carrier takes our credentials: asked of it, with nothing sent to anybody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from requests import RequestException
from twilio.base.exceptions import TwilioRestException
from twilio.http import HttpClient
from twilio.rest import Client

from pager.adapters.twilio.faults import CREDENTIALS_REFUSED, UNAUTHORISED_STATUSES


@dataclass(frozen=True)
class Credentials:
    """An account at the carrier and its auth token; neither may be empty."""

    account_sid: str
    auth_token: str
    make_http_client: Callable[[], HttpClient]

    def check(self) -> str | None:
        """Return None where the account can be used, else why not."""
        client = Client(self.account_sid, self.auth_token, http_client=self.make_http_client())
        try:
            status = client.api.v2010.accounts(self.account_sid).fetch().status
        except TwilioRestException as error:
            if error.status in UNAUTHORISED_STATUSES or error.code == CREDENTIALS_REFUSED:
                return "the carrier refuses TWILIO_ACCOUNT_SID with TWILIO_AUTH_TOKEN"
            return f"the carrier answers {error.status}, code {error.code}"
        except (RequestException, ValueError) as error:  # ValueError: an answer that is not JSON
            return f"the carrier cannot be asked ({type(error).__name__})"
        return None if status == "active" else f"the account is {status or 'not described by the answer'}"

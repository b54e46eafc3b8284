"""The SDK's HTTP client with what it lacks: a time-out, open connections, and another host where one is set."""

from __future__ import annotations

from typing import Any

from requests.adapters import HTTPAdapter
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response

TWILIO = "https://api.twilio.com"
TIMEOUT_SECONDS = 8.0


class CarrierHttpClient(TwilioHttpClient):  # type: ignore[misc] # the SDK ships no types
    """Sends every request of the SDK to `api_url` where it is given; its own default is to wait without end."""

    def __init__(self, api_url: str | None = None) -> None:
        super().__init__(timeout=TIMEOUT_SECONDS)
        self._api_url = api_url or TWILIO
        if self.session is not None:
            self.session.mount("http://", HTTPAdapter(pool_maxsize=2))

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        return super().request(method, url.replace(TWILIO, self._api_url, 1), *args, **kwargs)

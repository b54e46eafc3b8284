"""The SDK's HTTP client with what it lacks: a time-out, open connections, and another host where one is set."""

from __future__ import annotations

from typing import Any

from requests import PreparedRequest, Session
from requests import Response as Answer
from requests.adapters import HTTPAdapter
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response

TWILIO = "https://api.twilio.com"
# Together no longer than a lease leaves a request (lifecycle/tick.py): what is begun must not arrive when another
# process has already found that it did not.
CONNECT_SECONDS, ANSWER_SECONDS = 2.5, 6.0


class _Adapter(HTTPAdapter):
    """Gives connecting and answering a time-out each: the SDK knows a single number, which would count for both."""

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Answer:
        return super().send(request, *args, **{**options, "timeout": (CONNECT_SECONDS, ANSWER_SECONDS)})


class CarrierHttpClient(TwilioHttpClient):  # type: ignore[misc] # the SDK ships no types
    """Sends every request of the SDK to `api_url` where it is given; its own default is to wait without end."""

    def __init__(self, api_url: str | None = None) -> None:
        super().__init__(timeout=CONNECT_SECONDS + ANSWER_SECONDS)
        self._api_url = api_url or TWILIO
        if self.session is not None:
            for scheme in ("http://", "https://"):
                self.session.mount(scheme, _Adapter(pool_maxsize=2))
            _read_environment(self.session, self._api_url)

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        return super().request(method, url.replace(TWILIO, self._api_url, 1), *args, **kwargs)


def _read_environment(session: Session, url: str) -> None:
    """Keep the proxy and certificates that the environment names for `url`: else it is read again for each request."""
    found = session.merge_environment_settings(url, {}, None, None, None)
    session.proxies, session.verify, session.cert = found["proxies"], found["verify"], found["cert"]
    session.trust_env = False

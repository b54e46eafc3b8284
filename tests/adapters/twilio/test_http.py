"""How long a request to the carrier may take, and what way it goes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

from pager.adapters.twilio.http import CarrierHttpClient
from pager.lifecycle.tick import LONGEST_REQUEST


def options_of_a_request(api_url: str | None, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return how a request of the SDK would be sent."""
    seen: dict[str, Any] = {}

    def answer(_: HTTPAdapter, __: PreparedRequest, **options: Any) -> Response:
        seen.update(options)
        response = Response()
        response.status_code, response._content = 200, b"{}"
        return response

    monkeypatch.setattr(HTTPAdapter, "send", answer)
    CarrierHttpClient(api_url).request("GET", "https://api.twilio.com/2010-04-01/Accounts.json")
    return seen


@pytest.mark.parametrize("api_url", [None, "http://carrier.test"])
def test_connecting_and_answering_together_end_within_the_lease(
    api_url: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    to_connect, to_answer = options_of_a_request(api_url, monkeypatch)["timeout"]
    assert timedelta(seconds=to_connect + to_answer) < LONGEST_REQUEST


def test_the_carrier_is_asked_through_the_proxy_and_with_the_certificates_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.test:3128")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/etc/county.pem")
    options = options_of_a_request(None, monkeypatch)
    assert options["proxies"]["https"] == "http://proxy.test:3128"
    assert options["verify"] == "/etc/county.pem"

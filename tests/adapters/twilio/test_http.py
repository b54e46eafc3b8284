"""How long a request to the carrier may take."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

from pager.adapters.twilio.http import CarrierHttpClient
from pager.lifecycle.tick import LONGEST_REQUEST


@pytest.mark.parametrize("api_url", [None, "http://carrier.test"])
def test_connecting_and_answering_together_end_within_the_lease(
    api_url: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, Any] = {}

    def answer(_: HTTPAdapter, __: PreparedRequest, **options: Any) -> Response:
        seen.update(options)
        response = Response()
        response.status_code, response._content = 200, b"{}"
        return response

    monkeypatch.setattr(HTTPAdapter, "send", answer)
    CarrierHttpClient(api_url).request("GET", "https://api.twilio.com/2010-04-01/Accounts.json")
    to_connect, to_answer = seen["timeout"]
    assert timedelta(seconds=to_connect + to_answer) < LONGEST_REQUEST

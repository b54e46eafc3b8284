"""In-process bridges, for tests: the SDK to a WSGI application, and the sandbox to a Flask test client."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response as SdkResponse
from werkzeug.test import Client, EnvironBuilder

from pager.sandbox.sandbox import Post

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication
    from flask import Flask

TWILIO = "https://api.twilio.com"


class WsgiAdapter(BaseAdapter):
    """A `requests` transport that calls a WSGI application instead of opening a socket.

    A body shorter than was announced raises ChunkedEncodingError, as on a real connection that breaks.
    """

    def __init__(self, application: WSGIApplication) -> None:
        super().__init__()
        self._client = Client(application)

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: ARG002 - the signature is the base class's
        timeout: Any = None,  # noqa: ARG002
        verify: Any = True,  # noqa: ARG002
        cert: Any = None,  # noqa: ARG002
        proxies: Any = None,  # noqa: ARG002
    ) -> requests.Response:
        parts = urlsplit(request.url or "")
        builder = EnvironBuilder(
            path=parts.path,
            base_url=f"{parts.scheme}://{parts.netloc}",
            query_string=parts.query,
            method=request.method or "GET",
            headers=list(request.headers.items()),
            input_stream=io.BytesIO(_as_bytes(request.body)),
        )
        answer = self._client.open(builder)
        announced = answer.headers.get("Content-Length", type=int)
        if announced is not None and len(answer.data) < announced:
            raise requests.exceptions.ChunkedEncodingError("connection broken", request=request)
        response = requests.Response()
        response.status_code = answer.status_code
        response.headers = CaseInsensitiveDict(answer.headers.items())
        response.raw = io.BytesIO(answer.data)
        response.url = request.url or ""
        response.request = request
        response.encoding = "utf-8"
        return response

    def close(self) -> None:
        """Hold nothing open."""


class BridgedHttpClient(TwilioHttpClient):  # type: ignore[misc] # the SDK ships no types
    """The SDK's HTTP client with Twilio's host replaced by `api_url`, in process where an application is given."""

    def __init__(self, api_url: str, application: WSGIApplication | None = None, timeout: float | None = None) -> None:
        super().__init__(timeout=timeout)
        self._api_url = api_url.rstrip("/")
        if application is not None and self.session is not None:
            adapter = WsgiAdapter(application)
            self.session.mount("http://", adapter)
            self.session.mount("https://", adapter)

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> SdkResponse:
        return super().request(method, url.replace(TWILIO, self._api_url, 1), *args, **kwargs)


def post_into(application: Flask) -> Post:
    """Return a `post` for Sandbox that calls a Flask application, with the raw query string as it came."""

    def post(url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, str]:
        parts = urlsplit(url)
        response = application.test_client().post(
            parts.path,
            base_url=f"{parts.scheme}://{parts.netloc}",
            query_string=parts.query,
            data=dict(form),
            headers=dict(headers),
        )
        return response.status_code, response.get_data(as_text=True)

    return post


def _as_bytes(body: str | bytes | Iterable[bytes] | None) -> bytes:
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    return body if isinstance(body, bytes) else b"".join(body)

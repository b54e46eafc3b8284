"""The HTTP server as `pager serve` runs it."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
import requests

from pager.adapters.web.server import serve
from tests.browser.serving import free_port

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


@pytest.fixture(autouse=True)
def old_handler() -> Iterator[None]:
    handler = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, handler)


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_leaves_the_pages_what_a_proxy_says_of_who_asks_and_ends_when_told() -> None:
    told, port = [], free_port()

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        told.append((environ["REMOTE_ADDR"], environ.get("HTTP_X_FORWARDED_FOR")))
        start_response("200 OK", [("Content-Length", "0")])
        return [b""]

    def ask() -> None:
        try:
            requests.get(f"http://127.0.0.1:{port}/", headers={"X-Forwarded-For": "8.8.8.8"}, timeout=10)
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    asking = threading.Thread(target=ask)
    serve(app, "127.0.0.1", port, asking.start)
    asking.join()
    assert told == [("127.0.0.1", "8.8.8.8")]

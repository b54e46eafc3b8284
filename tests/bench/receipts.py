"""How many status receipts a second the webhook takes, over HTTP, each signed, each about another message."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode, urlsplit

from twilio.request_validator import RequestValidator

from tests.bench.carrier import Request
from tests.bench.timing import seconds
from tests.crash.life import ACCOUNT

POSTERS = 8
_VALIDATOR = RequestValidator(ACCOUNT.token)


class Webhooks:
    """The carrier's side of our webhooks, on connections that are kept open, one a thread."""

    def __init__(self, url: str) -> None:
        self._url, self._local = url, threading.local()

    def prepared(self, path: str, form: dict[str, str]) -> Callable[[], None]:
        """Return what posts one event, its signature made; it raises AssertionError where the answer is not 200."""
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Twilio-Signature": _VALIDATOR.compute_signature(self._url + path, form),
        }
        return lambda: self._send(path, urlencode(form), headers)

    def _send(self, path: str, body: str, headers: dict[str, str]) -> None:
        if not hasattr(self._local, "connection"):
            host = urlsplit(self._url)
            self._local.connection = http.client.HTTPConnection(host.hostname or "", host.port, timeout=60)
        self._local.connection.request("POST", path, body, headers)
        answer = self._local.connection.getresponse()
        answer.read()
        assert answer.status == 200, f"{path}: {answer.status}"


def receipts_a_second(url: str, messages: Sequence[Request]) -> float:
    """Tell the service at `url` that these messages were delivered; return how many it heard a second."""
    webhooks = Webhooks(url)
    posts = [webhooks.prepared(_path(one.callback), _delivered(one)) for one in messages]
    with ThreadPoolExecutor(POSTERS) as pool:
        return len(posts) / seconds(lambda: list(pool.map(lambda post: post(), posts)))


def _path(callback: str) -> str:
    parts = urlsplit(callback)
    return f"{parts.path}?{parts.query}"


def _delivered(message: Request) -> dict[str, str]:
    return {"MessageSid": message.sid, "MessageStatus": "delivered", "To": message.to, "AccountSid": ACCOUNT.sid}

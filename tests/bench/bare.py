"""The baselines: what the machine needs for a commit, and the bare Twilio SDK for its messages."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

from sqlalchemy import text
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from pager.adapters.outbox import THREADS
from pager.adapters.twilio.carrier import VALIDITY_SECONDS
from pager.adapters.twilio.http import TWILIO
from tests.bench.carrier import Carrier, Request
from tests.bench.stage import Site, fewer_if_quick
from tests.bench.timing import milliseconds, seconds
from tests.crash.life import ACCOUNT, OURS

COMMITS = fewer_if_quick(200, 50)


def commit_milliseconds(site: Site) -> float:
    """Return what one row of some hundred bytes costs, committed by itself as everything of ours is: the median."""
    with site.store.engine.begin() as connection:
        connection.execute(text("CREATE TABLE bare (id INTEGER PRIMARY KEY, body TEXT)"))

    def commit(number: int) -> None:
        with site.store.engine.begin() as connection:
            connection.execute(text("INSERT INTO bare VALUES (:id, :body)"), {"id": number, "body": "x" * 300})

    numbers = count()
    return milliseconds(lambda: commit(next(numbers)), COMMITS)


def sdk_seconds(carrier: Carrier, like: Sequence[Request]) -> float:
    """Return how long the SDK alone needs for the same messages, in a pool as large as ours; clients are made ready."""
    bare = _BareSdk(carrier)
    with ThreadPoolExecutor(THREADS) as pool:
        ready = threading.Barrier(THREADS)
        list(pool.map(lambda one: bare.warm_up(one, ready), [like[0]] * THREADS))
        return seconds(lambda: list(pool.map(bare.send, like)))


def sdk_milliseconds(carrier: Carrier, like: Request) -> float:
    """Return how long the SDK alone needs for one message at a time: the median."""
    bare = _BareSdk(carrier)
    return milliseconds(lambda: bare.send(like), COMMITS)


class _BareSdk:
    """Sends messages as the service does, and does nothing else: one client a thread."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier, self._local = carrier, threading.local()

    def warm_up(self, message: Request, ready: threading.Barrier) -> None:
        """Make this thread's client and open its connection; ends when all threads have."""
        self.send(message)
        ready.wait()

    def send(self, message: Request) -> None:
        if not hasattr(self._local, "client"):
            self._local.client = Client(ACCOUNT.sid, ACCOUNT.token, http_client=_ElsewhereHttpClient(self._carrier.url))
        self._local.client.messages.create(
            to=message.to,
            from_=OURS,
            body=message.body,
            status_callback=message.callback,
            validity_period=VALIDITY_SECONDS,
        )


class _ElsewhereHttpClient(TwilioHttpClient):  # type: ignore[misc] # the SDK ships no types
    """The SDK's own client as it comes, but for the host, which it has fixed."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._carrier_url = url

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        return super().request(method, url.replace(TWILIO, self._carrier_url, 1), *args, **kwargs)

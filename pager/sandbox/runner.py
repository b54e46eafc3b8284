"""Keeps a sandbox going beside a real server: a thread that does what is due and posts it over HTTP."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from threading import Event, Thread

import requests

from pager.sandbox.sandbox import Post, Sandbox

BEAT = 0.05
CONNECT_TIMEOUT, READ_TIMEOUT = 5.0, 15.0

log = logging.getLogger(__name__)


def post_over_http(session: requests.Session) -> Post:
    """Return a `post` for Sandbox that uses `session`, with the carrier's own time-outs."""

    def post(url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, str]:
        prepared = session.prepare_request(requests.Request("POST", url, data=dict(form), headers=dict(headers)))
        prepared.url = url  # requests tidies a URL's escapes, and the signature is over the URL as it was given
        try:
            answer = session.send(prepared, timeout=(CONNECT_TIMEOUT, READ_TIMEOUT), allow_redirects=False)
        except requests.ConnectionError as error:
            raise ConnectionError(str(error)) from error
        return answer.status_code, answer.text

    return post


class Runner:
    """Steps a sandbox every 50 ms, in a daemon thread, from `start` to `stop`; after each step does `also`."""

    def __init__(self, sandbox: Sandbox, also: Callable[[], None] | None = None) -> None:
        self._sandbox, self._also = sandbox, also
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="sandbox", daemon=True)

    @property
    def is_running(self) -> bool:
        return self._thread.is_alive()

    def start(self) -> None:
        """Connect the sandbox to the application over HTTP and begin."""
        self._sandbox.post = post_over_http(requests.Session())
        self._thread.start()

    def stop(self) -> None:
        """End after the step that is under way; one that was never started is left as it is."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(timeout=READ_TIMEOUT)

    def _run(self) -> None:
        while not self._stopping.wait(BEAT):
            self._do("a step of the sandbox", self._sandbox.step)
            if self._also is not None:
                self._do("what is done beside the sandbox", self._also)

    def _do(self, what: str, step: Callable[[], object]) -> None:
        try:
            step()
        except Exception:  # one fault must not end a demonstration
            log.exception("%s failed", what)

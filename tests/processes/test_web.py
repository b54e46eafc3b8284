"""The web as its callers meet it on a real port."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
import requests

from tests.processes.running import ANSWER_WITHIN_SECONDS, Process, scene, until
from tests.web.pages_support import token_of

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


def test_connections_that_nobody_uses_keep_no_dispatcher_out(sqlite_url: str, tmp_path: Path) -> None:
    with scene(tmp_path, sqlite_url) as it, ExitStack() as idle:
        serve = it.start("serve", PAGER_ENGINE="off")
        for _ in range(300):
            idle.enter_context(socket.create_connection(("127.0.0.1", serve.port)))
        assert serve.trigger().status_code == 201


SIGN_INS, TRIGGERS = 40, 10


@contextmanager
def guessing(at: Process) -> Iterator[list[int]]:
    """Let people guess passwords without a pause for as long as the block lasts; yields what they were answered."""
    answered: list[int] = []
    ending = Event()

    def guess(number: int) -> None:
        browser = requests.Session()
        browser.headers["X-Forwarded-For"] = f"8.8.8.{number}"
        url, attempt = f"{at.url}/sign-in", 0
        token = token_of(browser.get(url, timeout=ANSWER_WITHIN_SECONDS).text)
        while not ending.is_set():
            attempt += 1
            form = {"csrf_token": token, "email": f"guess{number}-{attempt}@county.example", "password": "wrong"}
            answered.append(browser.post(url, data=form, timeout=ANSWER_WITHIN_SECONDS).status_code)

    threads = [Thread(target=guess, args=(number,)) for number in range(SIGN_INS)]
    for thread in threads:
        thread.start()
    try:
        yield answered
    finally:
        ending.set()
        for thread in threads:
            thread.join()


def test_triggers_are_answered_while_forty_people_sign_in(sqlite_url: str, tmp_path: Path) -> None:
    with scene(tmp_path, sqlite_url) as it:
        serve = it.start("serve", PAGER_ENGINE="off")
        with guessing(serve) as answered:
            until(lambda: len(answered) >= SIGN_INS, "forty sign-ins", serve.log)
            assert [serve.trigger().status_code for _ in range(TRIGGERS)] == [201] * TRIGGERS
        assert set(answered) <= {422, 429, 503}
        assert {422, 503} <= set(answered)

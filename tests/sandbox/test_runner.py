"""The sandbox beside a real server: over HTTP, and by itself."""

from __future__ import annotations

from threading import Event

import pytest
import requests

from pager.sandbox.bridge import WsgiAdapter
from pager.sandbox.runner import Runner, post_over_http
from pager.sandbox.sandbox import Sandbox
from tests.sandbox.support import ACCOUNT, APP, FakeClock, World


def test_posts_a_url_exactly_as_it_was_signed(world: World) -> None:
    session = requests.Session()
    session.mount("http://", WsgiAdapter(world.office.app()))
    world.sandbox.post = post_over_http(session)
    world.text()
    world.sandbox.settle()
    assert [(hook.query, hook.is_signed) for hook in world.office.hooks] == [("delivery=9&w=%7E", True)] * 2


def test_a_connection_that_fails_is_told_from_an_answer_that_does_not_come() -> None:
    class Broken(WsgiAdapter):
        def send(self, *_args: object, **_kwargs: object) -> requests.Response:
            raise requests.ConnectionError("refused")

    session = requests.Session()
    session.mount("http://", Broken(FakeApp()))
    with pytest.raises(ConnectionError):
        post_over_http(session)(f"{APP}/twilio/sms", {}, {})


class FakeApp:
    """Never called."""

    def __call__(self, *_args: object) -> list[bytes]:
        raise AssertionError


class Stepped(Sandbox):
    """A sandbox whose first step fails, and which tells of the second."""

    def __init__(self) -> None:
        super().__init__(FakeClock(), ACCOUNT, APP)
        self.steps = 0
        self.went_on = Event()

    def step(self, _now: object = None) -> int:
        self.steps += 1
        if self.steps == 1:
            raise RuntimeError("a fault of the sandbox")
        self.went_on.set()
        return 0


def test_goes_on_after_a_step_that_failed_and_stops_when_told() -> None:
    sandbox = Stepped()
    runner = Runner(sandbox)
    runner.start()
    assert sandbox.went_on.wait(timeout=5)
    runner.stop()
    assert not runner.is_running

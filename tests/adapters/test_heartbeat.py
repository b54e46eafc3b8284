"""The heartbeat goes out while the work is done, and stops when it is not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import requests
import responses

from pager.adapters.guarded_http import ForbiddenAddressError
from pager.adapters.heartbeat import Heartbeat
from pager.config import SettingsError, read_settings
from tests.world import World

URL = "https://monitor.example/secret-path/?key=secret-query"


class Monitored:
    """A world with a heartbeat, and what the outside monitor hears of it."""

    def __init__(self, url: str) -> None:
        self.world = World(url)
        self.beat_at: datetime | None = self.world.clock.now()
        self.is_carrier_ok = True
        self.heartbeat = Heartbeat(self.world.context, URL, lambda: self.beat_at, lambda: self.is_carrier_ok)

    def heard(self, **answer: object) -> int:
        """Send the heartbeat, or hold it back, and return how many requests the monitor got."""
        with responses.RequestsMock(assert_all_requests_are_fired=False) as monitor:
            monitor.get(URL, **answer)
            monitor.get("https://elsewhere.example/", body="moved here")
            self.heartbeat.send()
            return len(monitor.calls)


@pytest.fixture
def monitored(sqlite_url: str) -> Iterator[Monitored]:
    monitored = Monitored(sqlite_url)
    yield monitored
    monitored.world.close()


def test_is_sent_while_all_is_well(monitored: Monitored) -> None:
    assert monitored.heard() == 1


def test_gives_up_after_five_seconds(monitored: Monitored) -> None:
    with responses.RequestsMock() as monitor:
        waits = responses.matchers.request_kwargs_matcher({"timeout": 5.0, "stream": True})
        monitor.get(URL, match=[waits])
        monitored.heartbeat.send()


def test_is_held_back_once_the_engine_is_silent(monitored: Monitored) -> None:
    monitored.world.clock.move(timedelta(seconds=9))
    assert monitored.heard() == 1
    monitored.world.clock.move(timedelta(seconds=1))
    assert monitored.heard() == 0
    monitored.beat_at = None
    assert monitored.heard() == 0


def test_is_held_back_while_the_carrier_refuses_our_credentials(monitored: Monitored) -> None:
    monitored.is_carrier_ok = False
    assert monitored.heard() == 0


def test_is_held_back_while_something_waits_unsent_for_over_a_minute(monitored: Monitored) -> None:
    monitored.world.trigger(settle=False)
    for wait, heard in ((timedelta(seconds=60), 1), (timedelta(seconds=1), 0)):
        monitored.world.clock.move(wait)
        monitored.beat_at = monitored.world.clock.now()
        assert monitored.heard() == heard
    monitored.world.settle()
    assert monitored.heard() == 1


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 301, "headers": {"Location": "https://elsewhere.example/"}},
        {"status": 500},
        {"body": requests.ConnectTimeout(URL)},
        {"body": requests.exceptions.InvalidURL(URL)},
    ],
    ids=["moved", "error", "time-out", "address"],
)
def test_a_monitor_that_fails_is_logged_without_its_address(
    monitored: Monitored, caplog: pytest.LogCaptureFixture, answer: dict[str, object]
) -> None:
    assert monitored.heard(**answer) == 1
    assert "the heartbeat" in caplog.text
    assert "secret" not in caplog.text


def test_the_address_is_kept_as_it_stands() -> None:
    assert read_settings({"PAGER_HEARTBEAT_URL": " https://monitor.example/ping/ "}).heartbeat_url == (
        "https://monitor.example/ping/"
    )


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("ftp://monitor.example", "must begin with http:// or https://"),
        ("file:///etc/passwd", "must begin with http:// or https://"),
        ("https://", "names no host"),
        ("https://ana:secret@monitor.example/", "must not hold a user name or a password"),
        ("https://@monitor.example/", "must not hold a user name or a password"),
    ],
)
def test_an_address_that_is_none_for_it_stops_the_start(address: str, says: str) -> None:
    with pytest.raises(SettingsError, match=f"PAGER_HEARTBEAT_URL {says}"):
        read_settings({"PAGER_HEARTBEAT_URL": address})


def test_what_it_may_not_be_sent_to_is_logged_without_its_address(
    monitored: Monitored, caplog: pytest.LogCaptureFixture
) -> None:
    assert monitored.heard(body=ForbiddenAddressError()) == 1
    assert "the heartbeat is not sent: its address is link-local" in caplog.text
    assert "secret" not in caplog.text

"""HTTP that never leads to where a machine's own secrets are told."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network

import pytest
import requests
from flask import Flask
from urllib3.connection import HTTPConnection

from pager.adapters import guarded_http
from pager.adapters.guarded_http import ForbiddenAddressError, guarded_session, is_forbidden
from tests.browser.serving import served

FORBIDDEN = [
    *("169.254.169.254", "169.254.0.1", "fe80::1", "fe80::1%eth0", "::ffff:169.254.169.254"),
    *("100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254"),
    *("0.0.0.0", "::", "224.0.0.1", "ff02::1"),
]


@pytest.mark.parametrize("address", FORBIDDEN)
def test_no_machine_s_own_secrets_are_asked_for(address: str) -> None:
    assert is_forbidden(address)


@pytest.mark.parametrize("address", ["203.0.113.7", "2001:db8::7", "10.0.0.7", "192.168.1.7", "fd00::7", "127.0.0.1"])
def test_a_monitor_may_stand_anywhere_else(address: str) -> None:
    assert not is_forbidden(address)


class Monitor:
    """A server that counts what it is asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.app = Flask("monitor")
        self.app.add_url_rule("/", view_func=self.answer)

    def answer(self) -> str:
        self.asked += 1
        return "thank you"


@pytest.fixture
def monitor() -> Iterator[tuple[Monitor, str]]:
    monitor = Monitor()
    with served(monitor.app) as address:
        yield monitor, address


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_asks_what_may_be_asked(monitor: tuple[Monitor, str]) -> None:
    with guarded_session() as session:
        assert session.get(monitor[1], timeout=10).text == "thank you"
    assert monitor[0].asked == 1


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_what_a_name_leads_to_is_looked_at_before_anything_is_asked(
    monitor: tuple[Monitor, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guarded_http, "METADATA", (ip_network("127.0.0.1"),))
    with guarded_session() as session, pytest.raises(ForbiddenAddressError):
        session.get(monitor[1], timeout=10)
    assert monitor[0].asked == 0


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_tls_is_looked_at_likewise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("urllib3.connection.HTTPSConnection.connect", HTTPConnection.connect)
    monkeypatch.setattr(guarded_http, "METADATA", (ip_network("127.0.0.1"),))
    with served(Monitor().app) as address, guarded_session() as session, pytest.raises(ForbiddenAddressError):
        session.get(address.replace("http:", "https:"), timeout=10)


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_nobody_there_is_an_error_like_any_other() -> None:
    with guarded_session() as session, pytest.raises(requests.ConnectionError):
        session.get("http://127.0.0.1:1/", timeout=10)

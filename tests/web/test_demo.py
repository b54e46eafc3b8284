"""The demonstration's pages: its visitor is signed in without a password, and only there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from pager.demo.service import Demo, make_demo
from pager.demo.visitor import EMAIL
from tests.web.pages_support import post, sign_in, token_of

ANA = "+12135550101"
SAYS_SO = "Signed in by the demonstration, as an administrator."


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    demo = make_demo(8000, tmp_path)
    yield demo
    demo.stop()


@pytest.fixture
def browser(demo: Demo) -> FlaskClient:
    return demo.app.test_client()


def test_the_visitor_is_signed_in_and_told_by_whom(demo: Demo, browser: FlaskClient) -> None:
    page = browser.get("/").text
    assert "Open encounters" in page
    assert SAYS_SO in page
    assert EMAIL in page
    assert browser.get("/users").status_code == 200
    assert "signed in by the demonstration, as an administrator" in demo.welcome()


def test_one_session_does_for_many_requests(demo: Demo, browser: FlaskClient) -> None:
    for path in ("/", "/board/encounters", "/account"):
        assert browser.get(path).status_code == 200
    with demo.store.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM sessions").scalar() == 1


def test_who_signs_out_may_try_the_sign_in(demo: Demo, browser: FlaskClient) -> None:
    post(browser, "/sign-out", form="/")
    assert browser.get("/").status_code == 303
    assert sign_in(browser, EMAIL, demo.secrets.password).status_code == 303
    page = browser.get("/").text
    assert EMAIL in page
    assert SAYS_SO not in page
    assert demo.secrets.password in demo.welcome()


def test_the_next_start_keeps_the_secrets_and_brings_the_visitor_back(demo: Demo, tmp_path: Path) -> None:
    with demo.store.writing() as work:
        visitor = work.users.by_email(EMAIL)
        assert visitor is not None
        visitor.is_active = False
    again = make_demo(8000, tmp_path)
    assert again.secrets == demo.secrets
    assert again.app.test_client().get("/users").status_code == 200
    again.stop()


def test_the_one_call_needs_its_key_and_no_page(demo: Demo, browser: FlaskClient) -> None:
    call = {"station": "compton", "callback": "310-555-0100"}
    key = {"Authorization": f"Bearer {demo.secrets.api_key}"}
    assert browser.post("/api/v1/encounters", json=call, headers=key).status_code == 201
    assert browser.post("/api/v1/encounters", json=call).status_code == 401


def test_a_webhook_needs_its_signature_and_no_page(browser: FlaskClient) -> None:
    assert browser.post("/twilio/sms", data={"Body": "ACK"}).status_code == 403


def test_the_wall_takes_what_was_pressed_on_its_own_page_only(browser: FlaskClient) -> None:
    fields = {"number": ANA, "text": "HELLO"}
    assert browser.post("/sandbox/reply", data=fields).status_code == 400
    token = token_of(browser.get("/sandbox/").text)
    assert browser.post("/sandbox/reply", data={**fields, "csrf_token": token}).status_code == 303


def test_scripts_at_the_wall_and_the_carrier_itself_need_no_page(browser: FlaskClient) -> None:
    assert browser.post("/sandbox/api/reply", json={"number": ANA, "text": "HELLO"}).status_code == 200
    account = f"/sandbox/carrier/2010-04-01/Accounts/AC{'0' * 32}/Messages.json"
    assert browser.post(account, data={}).status_code == 401

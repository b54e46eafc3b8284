"""Signing in and out in a browser: the form, what it says, where it leads, and what it lets nobody do."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask, Request
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import create_environ

from pager.adapters.web.sign_in import waiting
from pager.adapters.web.sign_in_network import network_of
from pager.adapters.web.sign_in_next import own_path
from tests.passwords import GOOD
from tests.web.pages_support import ADMIN, DCFS, DISPATCHER, VIEWER, post, secret_of, sign_in, signed_in, texts
from tests.world import World

HOUR = timedelta(hours=1)


def test_who_is_not_signed_in_is_led_to_the_form_and_back(app: Flask) -> None:
    browser = app.test_client()
    answer = browser.get("/audit?before=7")
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=%2Faudit%3Fbefore%3D7")
    assert 'value="/audit?before=7"' in browser.get(answer.location).text
    assert sign_in(browser, ADMIN, next_="/audit?before=7").location == "/audit?before=7"


@pytest.mark.parametrize("email", [ADMIN, DISPATCHER, VIEWER])
def test_the_board_is_for_those_who_have_to_do_with_every_agency(app: Flask, email: str) -> None:
    browser = signed_in(app, email)
    page = browser.get("/").text
    assert "Open encounters" in page
    assert email in page
    assert browser.get("/board/encounters").status_code == 200


def test_an_agency_administrator_is_led_to_their_own_page(app: Flask) -> None:
    browser = signed_in(app, DCFS)
    assert browser.get("/").location == "/agencies"
    assert browser.get("/agencies").location == "/agencies/dcfs/roster"
    assert browser.get("/board/encounters").status_code == 403
    assert "agency administrator of dcfs" in browser.get("/account").text


def test_a_board_that_asks_without_a_session_is_told_so(app: Flask) -> None:
    assert app.test_client().get("/board/encounters").status_code == 401


def test_a_wrong_password_is_told_and_the_email_kept(app: Flask) -> None:
    answer = sign_in(app.test_client(), password="wrong")
    assert answer.status_code == 422
    assert "Email and password do not belong together" in answer.text
    assert f'value="{DISPATCHER}"' in answer.text
    assert "wrong" not in answer.text


def test_a_user_who_is_not_there_hears_the_same(app: Flask) -> None:
    known = sign_in(app.test_client(), password="wrong").text
    unknown = sign_in(app.test_client(), email="nobody@county.example", password="wrong").text
    assert words(unknown.replace("nobody@county.example", DISPATCHER)) == words(known)


def words(page: str) -> list[str]:
    """Return the lines of a page without its token, which is never the same."""
    return [line for line in page.splitlines() if "csrf_token" not in line]


def test_what_is_missing_is_said_beside_its_field(app: Flask) -> None:
    answer = post(app.test_client(), "/sign-in", email="", password="")
    assert "Write your email address." in answer.text
    assert "Write your password." in answer.text
    assert 'aria-describedby="password-mistake"' in answer.text


@pytest.mark.parametrize(
    ("fields", "focus"),
    [
        ({"email": "", "password": ""}, "email"),
        ({"email": DISPATCHER, "password": ""}, "password"),
        ({"email": DISPATCHER, "password": "wrong"}, "password"),
        ({"email": "a" * 300, "password": "wrong"}, "email"),
    ],
)
def test_after_a_mistake_the_title_says_so_and_the_cursor_stands_where_it_is_mended(
    app: Flask, fields: dict[str, str], focus: str
) -> None:
    browser = app.test_client()
    assert focus_of(browser.get("/sign-in").text) == ["email"]
    answer = post(browser, "/sign-in", **fields)
    assert "<title>Sign-in failed" in answer.text
    assert focus_of(answer.text) == [focus]
    assert "Field cannot" not in answer.text


def focus_of(page: str) -> list[str]:
    """Return which fields of a page the cursor is put in."""
    return re.findall(r'<input[^>]* autofocus[^>]* id="(\w+)"', page)


def test_who_will_soon_be_signed_out_can_sign_in_again_before(app: Flask, world: World) -> None:
    browser = signed_in(app)
    stay(browser, world, 23)
    assert sign_in(browser).status_code == 303
    world.clock.move(HOUR / 2)
    assert browser.get("/board/encounters").status_code == 200


def stay(browser: FlaskClient, world: World, half_hours: int) -> None:
    """Let time pass while the board asks."""
    for _ in range(half_hours):
        world.clock.move(HOUR / 2)
        browser.get("/board/encounters")


def test_the_board_says_half_an_hour_ahead_when_its_user_will_be_signed_out(app: Flask, world: World) -> None:
    browser = signed_in(app)
    stay(browser, world, 22)
    assert "Session-Ends" not in browser.get("/board/encounters").headers
    assert 'role="status" hidden>You will be signed out' in browser.get("/").text
    stay(browser, world, 1)
    etag = browser.get("/board/encounters").headers["ETag"]
    answer = browser.get("/board/encounters", headers={"If-None-Match": etag})
    assert (answer.status_code, answer.headers["Session-Ends"]) == (304, "2026-03-02T23:00:00+00:00")
    assert texts(browser.get("/").text, "ends")[0].startswith("You will be signed out at 3:00pm .")


def test_after_too_many_failures_the_answer_says_how_long_to_wait(app: Flask) -> None:
    browser = app.test_client()
    for _ in range(5):
        sign_in(browser, password="wrong")
    answer = sign_in(browser, password=GOOD)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "5")
    assert "Try again in 5 seconds" in answer.text
    assert browser.get("/").status_code == 303


def test_failures_are_counted_by_the_network_that_a_proxy_tells_of(app: Flask) -> None:
    browser = app.test_client()
    browser.environ_base["HTTP_X_FORWARDED_FOR"] = "203.0.113.9, 8.8.8.8"
    for number in range(20):
        sign_in(browser, f"guess{number}@county.example", "wrong")
    assert sign_in(browser).status_code == 429
    assert sign_in(app.test_client()).status_code == 303


@pytest.mark.parametrize(
    ("peer", "told", "network"),
    [
        ("127.0.0.1", "8.8.8.8", "8.8.8.8"),
        ("10.0.0.7", "203.0.113.9, 8.8.4.4", "8.8.4.4"),
        ("8.8.8.8", "8.8.4.4", "8.8.8.8"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "rubbish", "127.0.0.1"),
        ("2001:4860:4860::8888", "", "2001:4860:4860::/64"),
        ("::1", "2001:4860:4860::1:2", "2001:4860:4860::/64"),
        ("::ffff:8.8.8.8", "", "8.8.8.8"),
    ],
)
def test_knows_who_asks_behind_a_proxy_and_believes_nobody_else(peer: str, told: str, network: str) -> None:
    request = Request({**create_environ(headers={"X-Forwarded-For": told}), "REMOTE_ADDR": peer})
    assert network_of(request) == network


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "http://evil.example",
        "http:evil.example",
        "https:/evil.example",
        "@evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        " //evil.example",
        "%2F%2Fevil.example",
        "",
        "account",
        "/" + "a" * 600,
        "/account\r\nSet-Cookie: a=b",
    ],
)
def test_signing_in_leads_to_no_other_site(unchanged: Flask, wanted: str) -> None:
    assert sign_in(unchanged.test_client(), next_=wanted).location == "/"


@pytest.mark.parametrize("wanted", ["/", "/account", "/audit?before=7", "/users/3", "/%2F%2Fevil.example", "/@evil"])
def test_signing_in_leads_to_any_page_of_ours(wanted: str) -> None:
    assert own_path(wanted) == wanted


@given(st.text(st.sampled_from("/\\.:@%?#a\t\n ;&2Ff"), max_size=12))
def test_a_destination_always_begins_with_one_slash_and_holds_nothing_that_a_browser_drops(wanted: str) -> None:
    path = own_path(wanted)
    assert path.startswith("/")
    assert not path.startswith(("//", "/\\"))
    assert not set(path) & set("\\\t\n\r #")


def test_signing_in_begins_a_new_session_whatever_the_browser_held(app: Flask) -> None:
    browser = app.test_client()
    browser.get("/sign-in")
    with browser.session_transaction() as before:
        before["planted"] = "by somebody else"
        old_token = before["csrf_token"]
    sign_in(browser)
    first = secret_of(browser)
    with browser.session_transaction() as after:
        assert "planted" not in after
        assert after.get("csrf_token") != old_token
    post(browser, "/sign-out", form="/account")
    sign_in(browser)
    assert secret_of(browser) != first


def test_signing_out_ends_the_session_for_a_copied_cookie_too(app: Flask) -> None:
    browser, thief = signed_in(app), app.test_client()
    secret = secret_of(browser)
    with thief.session_transaction() as session:
        session["_user_id"] = secret
    assert thief.get("/").status_code == 200
    assert post(browser, "/sign-out", form="/").location == "/sign-in"
    assert browser.get("/").status_code == 303
    assert thief.get("/").status_code == 303


def test_signing_out_is_no_link(app: Flask) -> None:
    browser = signed_in(app)
    assert browser.get("/sign-out").status_code == 405
    assert browser.get("/").status_code == 200


def test_who_is_signed_in_already_needs_no_form(app: Flask) -> None:
    assert signed_in(app).get("/sign-in?next=/account").location == "/account"


def test_signing_in_as_another_ends_the_session_of_the_first(app: Flask) -> None:
    browser, copy = signed_in(app), app.test_client()
    with copy.session_transaction() as session:
        session["_user_id"] = secret_of(browser)
    post(browser, "/sign-in", form="/account", email=VIEWER, password=GOOD)
    assert VIEWER in browser.get("/account").text
    assert copy.get("/account").status_code == 303


def test_a_session_ends_by_itself(app: Flask, world: World) -> None:
    browser = signed_in(app)
    world.clock.move(HOUR)
    assert browser.get("/").status_code == 303
    assert browser.get("/board/encounters").status_code == 401


def test_an_open_board_keeps_its_user_signed_in_for_a_shift(app: Flask, world: World) -> None:
    browser = signed_in(app)
    for _ in range(23):
        world.clock.move(HOUR / 2)
        assert browser.get("/board/encounters").status_code == 200
    world.clock.move(HOUR / 2)
    assert browser.get("/board/encounters").status_code == 401


@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/account", "/users/new", "/users/1/deactivate"])
def test_nothing_is_taken_that_was_not_sent_from_a_page_of_ours(app: Flask, path: str) -> None:
    answer = signed_in(app, ADMIN).post(path, data={"email": ADMIN, "password": GOOD})
    assert answer.status_code == 400
    assert "Please do that once more" in answer.text


def test_a_page_that_is_not_for_a_role_says_whom_it_is_for(app: Flask) -> None:
    answer = signed_in(app, VIEWER).get("/users")
    assert answer.status_code == 403
    assert "You are signed in as viewer" in answer.text


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "1 second."), (5, "5 seconds."), (120, "120 seconds."), (121, "3 minutes.")]
)
def test_says_how_long_to_wait_and_never_less(seconds: float, words: str) -> None:
    assert waiting(timedelta(seconds=seconds)).endswith(f"Try again in {words}")

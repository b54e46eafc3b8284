"""One's own account, and the one-time link by which a password is set."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from pager.lifecycle.reset_password import reset_password
from tests.passwords import GOOD, OTHER
from tests.web.pages_support import DCFS, DISPATCHER, post, sign_in, signed_in, token_of, user
from tests.web.whole_app import serve_app
from tests.world import World


def link_for(world: World, email: str = DISPATCHER) -> str:
    """Return the path of a fresh link."""
    return f"/password/{reset_password(world.context, user(world, email).id, 'tests')}"


def test_an_account_says_who_one_is(app: Flask) -> None:
    page = signed_in(app, DCFS).get("/account").text
    assert DCFS in page
    assert "agency administrator of dcfs" in page


def test_the_password_is_changed_by_whoever_knows_the_old_one(app: Flask) -> None:
    here, there = signed_in(app), signed_in(app)
    answer = post(here, "/account", old=GOOD, new=OTHER, again=OTHER)
    assert answer.status_code == 303
    assert "Your password is changed. Everywhere else you are signed out." in here.get("/account").text
    assert there.get("/account").status_code == 303
    assert sign_in(app.test_client(), password=OTHER).status_code == 303
    assert sign_in(app.test_client(), password=GOOD).status_code == 422


@pytest.mark.parametrize(
    ("old", "new", "again", "says"),
    [
        ("wrong", OTHER, OTHER, "This is not your password."),
        (GOOD, "short", "short", "needs at least 12"),
        (GOOD, DISPATCHER, DISPATCHER, "is the email address"),
        (GOOD, "password-1234", "password-1234", "one of the commonest"),
        (GOOD, GOOD, GOOD, "The new password is the old one"),
        (GOOD, OTHER, GOOD, "The two are not the same."),
        ("", OTHER, OTHER, "Write the password that you have now."),
    ],
)
def test_says_what_is_wrong_with_a_change_and_changes_nothing(
    app: Flask, old: str, new: str, again: str, says: str
) -> None:
    answer = post(signed_in(app), "/account", old=old, new=new, again=again)
    assert answer.status_code == 422
    assert says in answer.text
    assert sign_in(app.test_client()).status_code == 303


def test_guessing_the_old_password_is_slowed_down(app: Flask) -> None:
    browser = signed_in(app)
    for _ in range(5):
        post(browser, "/account", old="wrong", new=OTHER, again=OTHER)
    assert "Try again in 5 seconds" in post(browser, "/account", old=GOOD, new=OTHER, again=OTHER).text


def test_a_link_sets_the_password_and_leads_to_the_sign_in(app: Flask, world: World) -> None:
    browser, path = app.test_client(), link_for(world)
    assert DISPATCHER in browser.get(path).text
    answer = post(browser, path, new=OTHER, again=OTHER)
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert "Your password is set. Sign in with it." in browser.get("/sign-in").text
    assert sign_in(browser, password=OTHER).status_code == 303


def test_looking_at_a_link_does_not_use_it_up_and_using_it_does(app: Flask, world: World) -> None:
    browser, path = app.test_client(), link_for(world)
    assert [browser.get(path).status_code for _ in range(3)] == [200, 200, 200]
    post(browser, path, new=OTHER, again=OTHER)
    answer = browser.get(path)
    assert answer.status_code == 404
    assert "This link is no longer good" in answer.text


def test_a_link_sent_twice_from_one_browser_is_no_longer_good(app: Flask, world: World) -> None:
    browser, path = app.test_client(), link_for(world)
    sent = {"csrf_token": token_of(browser.get(path).text), "new": OTHER, "again": OTHER}
    assert browser.post(path, data=sent).status_code == 303
    answer = browser.post(path, data=sent)
    assert answer.status_code == 404
    assert "This link is no longer good" in answer.text


def test_a_good_link_takes_nothing_that_was_not_sent_from_its_page(app: Flask, world: World) -> None:
    answer = app.test_client().post(link_for(world), data={"new": OTHER, "again": OTHER})
    assert answer.status_code == 400
    assert "Please do that once more" in answer.text


def test_a_link_is_good_for_a_day_only(app: Flask, world: World) -> None:
    browser, path = app.test_client(), link_for(world)
    form = browser.get(path)
    world.clock.move(timedelta(hours=24))
    assert "This link is no longer good" in browser.get(path).text
    assert post(browser, path, form="/sign-in", new=OTHER, again=OTHER).status_code == 404
    assert form.status_code == 200
    assert sign_in(browser, password=GOOD).status_code == 303


@pytest.mark.parametrize(("new", "again", "says"), [("short", "short", "at least 12"), (OTHER, GOOD, "not the same")])
def test_says_what_is_wrong_with_a_first_password(app: Flask, world: World, new: str, again: str, says: str) -> None:
    browser, path = app.test_client(), link_for(world)
    answer = post(browser, path, new=new, again=again)
    assert answer.status_code == 422
    assert says in answer.text
    assert post(browser, path, new=OTHER, again=OTHER).status_code == 303


def test_using_a_link_signs_out_whoever_was_signed_in_here(app: Flask, world: World) -> None:
    browser = signed_in(app, DCFS)
    post(browser, link_for(world), new=OTHER, again=OTHER)
    assert browser.get("/account").status_code == 303


def test_a_guessed_link_is_no_longer_good_either(app: Flask) -> None:
    assert app.test_client().get("/password/guessed").status_code == 404


def test_the_secret_of_a_link_is_told_to_nobody_and_written_nowhere(
    sqlite_url: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = serve_app(sqlite_url)

    def fail(*_: object) -> None:
        raise RuntimeError("at the worst moment")

    monkeypatch.setattr("pager.adapters.web.account_link.user_of_link", fail)
    with caplog.at_level("DEBUG"):
        answer = whole.app.test_client().get("/password/the-secret")
    assert (answer.status_code, answer.headers["Referrer-Policy"]) == (500, "no-referrer")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "RuntimeError" in caplog.text
    assert "the-secret" not in caplog.text + answer.text
    whole.store.engine.dispose()

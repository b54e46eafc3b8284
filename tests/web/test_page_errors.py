"""Whatever goes wrong on a page is said in plain words, and says nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from tests.passwords import GOOD
from tests.web.api_support import FlakyStore
from tests.web.pages_support import DISPATCHER, pages_app, signed_in, token_of
from tests.web.whole_app import serve_app
from tests.world import World

FALLBACK = "Telephone the agencies by the printed list."


def test_with_the_database_away_every_page_says_what_to_do(world: World) -> None:
    store = FlakyStore(world.store)
    browser = signed_in(pages_app(world, replace(world.context, store=store)))
    store.is_away = True
    for path in ("/", "/board/encounters", "/account", "/users", "/audit", "/sign-in", "/password/token"):
        answer = browser.get(path)
        assert answer.status_code == 503, path
        assert FALLBACK in answer.text


def test_with_the_database_away_nobody_is_told_that_their_password_is_wrong(world: World) -> None:
    store = FlakyStore(world.store)
    browser = pages_app(world, replace(world.context, store=store)).test_client()
    token = token_of(browser.get("/sign-in").text)
    store.is_away = True
    answer = browser.post("/sign-in", data={"csrf_token": token, "email": DISPATCHER, "password": GOOD})
    assert answer.status_code == 503
    assert FALLBACK in answer.text


def test_a_fault_of_ours_shows_nothing_of_what_it_was(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("details")

    browser = signed_in(app)
    monkeypatch.setattr("pager.adapters.web.board.overviews", fail)
    answer = browser.get("/")
    assert answer.status_code == 500
    assert "Something went wrong here" in answer.text
    assert "details" not in answer.text
    assert "details" in caplog.text


def test_a_page_that_is_not_there_says_so_and_the_api_says_it_in_its_own_way(sqlite_url: str) -> None:
    whole = serve_app(sqlite_url)
    browser = whole.app.test_client()
    page, problem = browser.get("/nowhere"), browser.get("/api/v1/nowhere")
    assert (page.status_code, problem.status_code) == (404, 404)
    assert "There is no such page" in page.text
    assert "This page takes nothing" in browser.post("/audit").text
    assert problem.content_type == "application/problem+json"
    whole.store.engine.dispose()

"""Few check passwords at once; who is one too many is sent away before anything is read or written."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import event

from pager.adapters.web.crowd import AT_ONCE, Crowd, CrowdedError
from pager.adapters.web.server import THREADS
from tests.web.pages_support import pages_app, signed_in, token_of
from tests.world import World

FREE_FOR_TRIGGERS = 12


@pytest.fixture
def full(world: World, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The pages of `world`, in a process in which as many as may are signing in."""
    monkeypatch.setattr("pager.adapters.web.crowd.AT_ONCE", 0)
    return pages_app(world)


@pytest.fixture
def statements(world: World) -> Iterator[list[str]]:
    """What is asked of the database."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(world.store.engine, "before_cursor_execute", note)
    yield asked
    event.remove(world.store.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("path", ["/sign-in", "/account", "/password/some"])
def test_one_too_many_is_sent_away_at_once_and_nothing_is_read_or_written(
    app: Flask, full: Flask, statements: list[str], path: str
) -> None:
    there, browser = signed_in(app), full.test_client()
    with there.session_transaction() as of_app, browser.session_transaction() as of_full:
        of_full.update(of_app)
    token = token_of(browser.get("/account").text)
    statements.clear()
    answer = browser.post(path, data={"csrf_token": token, "email": "ana@county.example", "password": "wrong"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert "Many people are signing in" in answer.text
    assert statements == []


def test_looking_at_the_form_is_for_any_number(full: Flask) -> None:
    assert full.test_client().get("/sign-in").status_code == 200


def test_a_place_is_free_again_however_it_went() -> None:
    def fail() -> None:
        raise ValueError("somewhere within")

    entered = Crowd().few(fail)
    for _ in range(2 * AT_ONCE):
        with pytest.raises(ValueError, match="within"):
            entered()


def test_the_places_are_those_of_all_views_together() -> None:
    crowd, refused = Crowd(), []

    def enter(deep: int) -> None:
        try:
            crowd.few(lambda: enter(deep + 1))()
        except CrowdedError:
            refused.append(deep)

    enter(0)
    assert refused == [AT_ONCE]


def test_threads_stay_free_for_triggers() -> None:
    assert THREADS - AT_ONCE >= FREE_FOR_TRIGGERS

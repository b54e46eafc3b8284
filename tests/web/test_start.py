"""Opening an encounter from the board."""

from __future__ import annotations

import re
from datetime import timedelta
from threading import Lock

import pytest
from flask import Flask
from flask.testing import FlaskClient

from pager.adapters.web import start as start_form
from pager.domain.encounter import Encounter
from tests.web.pages_support import ADMIN, DISPATCHER, VIEWER, pages_app, post, signed_in, token_of, user
from tests.world import World

FORM = {"station": "compton", "callback": "310-555-0100"}


def opened(world: World) -> list[Encounter]:
    with world.store.reading() as work:
        return list(work.encounters.listing(state=None, stations=(), before=None, limit=50))


def start(browser: FlaskClient, **fields: str) -> str:
    """Start by the form of the board and return the page that is shown then."""
    return browser.get(post(browser, "/start", form="/", **(FORM | fields)).location).text


def test_one_button_pages_every_agency(app: Flask, world: World) -> None:
    page = start(signed_in(app))
    [encounter] = opened(world)
    assert f"{encounter.reference} is open: 5 agencies are paged." in page
    assert (encounter.station, encounter.callback, encounter.is_drill) == ("compton", "+13105550100", False)


def test_who_started_it_is_on_the_timeline(app: Flask, world: World) -> None:
    start(signed_in(app))
    [encounter] = opened(world)
    with world.store.reading() as work:
        first = work.timeline.of(encounter.id)[0]
    assert first.data["actor"] == f"user {user(world, DISPATCHER).id}"


def test_station_and_callback_are_remembered(app: Flask) -> None:
    page = start(signed_in(app))
    assert '<option value="compton" selected>' in page
    assert 'value="310-555-0100"' in page


def test_a_drill_leaves_out_whom_the_policy_lets_it(app: Flask, world: World) -> None:
    with world.store.writing() as work:
        work.directory.station("compton").policy = "outlying-station"
    browser = signed_in(app)
    assert "Leave out PROB" in browser.get("/").text
    start(browser, drill="yes", leave_out="probation")
    [encounter] = opened(world)
    assert encounter.is_drill
    assert encounter.left_out == ["probation"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"callback": "110"}, "callback is not a telephone number that can be called"),
        ({"callback": ""}, "callback must be a text"),
        ({"station": "mars"}, "choose a station"),
        ({"station": ""}, "choose a station"),
    ],
)
def test_what_cannot_be_paged_is_told_and_nothing_is_lost(
    app: Flask, world: World, fields: dict[str, str], said: str
) -> None:
    browser = signed_in(app)
    answer = post(browser, "/start", form="/", **(FORM | fields))
    assert answer.status_code == 422
    assert f"Nothing was paged: {said}" in answer.text
    assert world.context.fallback_text in answer.text
    assert 'value="310-555-0100"' in answer.text or "callback" in fields
    assert opened(world) == []


def test_a_second_start_for_a_station_is_pointed_out_and_not_blocked(app: Flask, world: World) -> None:
    browser = signed_in(app)
    start(browser)
    world.clock.move(timedelta(minutes=2))
    answer = post(browser, "/start", form="/", **FORM)
    assert answer.status_code == 409
    assert "was opened 2 minutes ago" in answer.text
    assert len(opened(world)) == 1
    known = re.search(r'name="is_another_than" value="(.*?)"', answer.text)
    assert known is not None
    assert post(browser, "/start", form="/", **FORM, is_another_than=known[1]).status_code == 303
    assert len(opened(world)) == 2
    assert post(browser, "/start", form="/", **FORM, is_another_than=known[1]).status_code == 409  # pressed twice


def test_a_drill_is_said_to_be_one(app: Flask) -> None:
    browser = signed_in(app)
    assert "is open, as a drill" in start(browser, drill="yes")


def test_who_has_been_signed_out_is_told_that_nothing_was_paged(app: Flask, world: World) -> None:
    browser = signed_in(app)
    token = token_of(browser.get("/").text)
    world.clock.move(timedelta(hours=13))
    answer = browser.post("/start", data={"csrf_token": token, **FORM}, follow_redirects=True)
    assert "Nothing was paged. Telephone the agencies by the printed list." in answer.text
    assert opened(world) == []


@pytest.mark.parametrize("fields", [{"station": "lancaster"}, {"drill": "yes"}])
def test_another_station_and_a_drill_are_no_second_start(app: Flask, world: World, fields: dict[str, str]) -> None:
    browser = signed_in(app)
    start(browser)
    start(browser, **fields)
    assert len(opened(world)) == 2


def test_after_five_minutes_it_is_another_encounter(app: Flask, world: World) -> None:
    browser = signed_in(app)
    start(browser)
    world.clock.move(timedelta(minutes=5))
    start(browser)
    assert len(opened(world)) == 2


def test_only_those_who_may_open_are_offered_it(app: Flask, world: World) -> None:
    assert "Page all agencies" in signed_in(app, ADMIN).get("/").text
    viewer = signed_in(app, VIEWER)
    assert "Page all agencies" not in viewer.get("/").text
    assert post(viewer, "/start", form="/account", **FORM).status_code == 403
    assert opened(world) == []
    assert "Page all agencies" in signed_in(app, DISPATCHER).get("/").text


def test_one_start_that_hangs_holds_up_no_other_for_long(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start_form, "LONGEST_WAIT_SECONDS", 0.01)
    lock = Lock()
    lock.acquire()  # whoever has it does not come back
    monkeypatch.setattr(start_form, "Lock", lambda: lock)
    start(signed_in(pages_app(world)))
    assert len(opened(world)) == 1

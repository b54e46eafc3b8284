"""The demonstration's tour, speed and scenarios as forms, without a script; its engine does not run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from pager.demo.service import Demo, make_demo
from tests.web.pages_support import token_of

WALL = "/sandbox/"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    demo = make_demo(8000, tmp_path_factory.mktemp("demo"))
    yield demo
    demo.stop()


@pytest.fixture
def browser(demo: Demo) -> Iterator[FlaskClient]:
    browser = demo.app.test_client()
    yield browser
    press(browser, "begin-tour")
    press(browser, "speed", speed="1")


def press(browser: FlaskClient, action: str, **fields: str) -> TestResponse:
    token = token_of(browser.get(WALL).text)
    return browser.post(f"{WALL}{action}", data={**fields, "csrf_token": token})


def next_step(browser: FlaskClient) -> str:
    found = re.search(r'aria-current="step">\s*<h3>.*?</span>(.*?)\s*<span', browser.get(WALL).text)
    assert found is not None
    return unescape(found[1]).strip()


def test_a_step_is_done_by_what_has_happened_and_begun_again_nothing_has(browser: FlaskClient) -> None:
    assert next_step(browser) == "Page Compton"
    answer = press(browser, "page-compton", anchor="tour")
    assert (answer.status_code, answer.location) == (303, "/sandbox/#tour")
    assert next_step(browser) == "Answer on Ana's telephone"
    press(browser, "begin-tour")
    assert next_step(browser) == "Page Compton"


def test_an_encounter_that_was_opened_elsewhere_counts_and_a_page_that_was_opened(
    demo: Demo, browser: FlaskClient
) -> None:
    answer = browser.post(
        "/api/v1/encounters",
        json={"station": "compton", "callback": "310-555-0100"},
        headers={"Authorization": f"Bearer {demo.secrets.api_key}"},
    )
    page = f"/encounters/{answer.get_json()['reference']}"
    shown = browser.get(WALL).text
    assert f'href="{page}"' not in shown, "its step has not come yet"
    browser.get(page)
    shown = browser.get(WALL).text
    assert "See who is coming" in shown.split('class="step is-done')[-1]
    assert f'href="{page}"' in shown


def test_the_tour_can_be_hidden_and_begun(browser: FlaskClient) -> None:
    press(browser, "hide-tour")
    assert "Page Compton" not in browser.get(WALL).text
    press(browser, "begin-tour")
    assert next_step(browser) == "Page Compton"


def test_time_is_sped_up_and_said_to_be(demo: Demo, browser: FlaskClient) -> None:
    assert "Time runs as it does." in browser.get(WALL).text
    press(browser, "speed", speed="45")
    assert demo.window.player.play is None
    assert "Time runs 45 times as fast" in browser.get(WALL).text


def test_time_that_passes_until_a_telephone_rings_is_fast_until_it_does(demo: Demo, browser: FlaskClient) -> None:
    press(browser, "until-it-rings", person="dmh-arpi")
    demo.window.look()
    assert "Time runs 45 times as fast" in browser.get(WALL).text
    browser.post("/sandbox/api/dial", json={"number": "+12135550121"})  # she is on the telephone
    demo.window.look()
    assert "Time runs as it does." in browser.get(WALL).text


def test_a_scenario_is_played_and_stopped_by_form(browser: FlaskClient) -> None:
    press(browser, "play", scenario="decline")
    shown = browser.get(WALL).text
    for words in ("is being played", "Minute 0 of 5", "Ben Okafor writes NO", "is paged, rung 1", "Stop"):
        assert words in shown
    press(browser, "stop")
    shown = browser.get(WALL).text
    for words in ("stopped", "nobody came", "Play at 45", "Time runs as it does."):
        assert words in shown


@pytest.mark.parametrize(
    ("action", "fields", "words"),
    [
        ("speed", {"speed": "1000"}, "speed: &#39;1000&#39; is none of 1, 10, 45"),
        ("speed", {}, "speed: &#39;&#39; is none of 1, 10, 45"),
        ("play", {"scenario": "flood"}, "scenario: &#39;flood&#39; is none of all, nobody"),
        ("stop", {}, "nothing is being played"),
        ("until-it-rings", {"person": "nobody"}, "person: name somebody of the tour who can be called"),
    ],
)
def test_says_what_is_wrong_with_what_was_asked(
    browser: FlaskClient, action: str, fields: dict[str, str], words: str
) -> None:
    answer = press(browser, action, **fields)
    assert answer.status_code == 409
    assert words in answer.text


def test_scripts_can_do_it_too_and_are_told_what_there_is(browser: FlaskClient) -> None:
    assert browser.post("/sandbox/api/speed", json={"speed": 10}).status_code == 200
    answer = browser.post("/sandbox/api/warp", json={})
    assert "play, stop, page-compton" in answer.get_json()["error"]


def test_a_demonstration_that_ends_pages_nobody_at_its_next_start_and_its_clock_goes_on(tmp_path: Path) -> None:
    demo = make_demo(8000, tmp_path)
    demo.window.player.start("nobody")
    with demo.store.writing() as work:
        play = demo.window.player.play
        assert play is not None
        work.engines.beat("the engine", play.opened_at + timedelta(days=2), is_carrier_ok=True)
    demo.stop()
    browser = (again := make_demo(8000, tmp_path)).app.test_client()
    key = {"Authorization": f"Bearer {demo.secrets.api_key}"}
    assert browser.get("/api/v1/encounters?state=open", headers=key).get_json()["items"] == []
    assert re.search(r"4[78] h \d+ min ahead of this machine", browser.get(WALL).text)
    again.stop()

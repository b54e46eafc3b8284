"""The board: every open encounter in words, and a 304 while nothing changes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from pager.adapters.web.board_cards import time_left
from pager.lifecycle.close import close
from pager.lifecycle.report import report_acknowledgement
from pager.lifecycle.turn import writing
from pager.sandbox.wall import wall_blueprint
from tests.clock import START
from tests.web.pages_support import pages_app, signed_in, texts
from tests.world import World

ANA, BEN = "+12135550101", "+12135550102"
COMING = (
    ("dcfs", "dcfs-ana"),
    ("dhs", "dhs-dan"),
    ("dmh", "dmh-gus"),
    ("probation", "probation-jon"),
    ("advocates", "advocates-mia"),
)
PRIMARIES = ("+12135550101", "+12135550111", "+12135550121", "+12135550131", "+12135550141")


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return signed_in(app)


def lane(browser: FlaskClient, agency: str) -> str:
    """Return the words of an agency's lane on the only open encounter."""
    return texts(browser.get("/board/encounters").text, f"-{agency}")[0]


def pass_minutes(world: World, browser: FlaskClient, minutes: int) -> None:
    """Move the clock while the board asks, as it does in a browser, so that its user stays signed in."""
    for _ in range(0, minutes, 5):
        world.clock.move(timedelta(minutes=5))
        browser.get("/board/encounters")


def test_shows_an_encounter_with_its_station_times_and_callback(world: World, browser: FlaskClient) -> None:
    reference = world.trigger(callback="310-555-0100 x12").overview.encounter.reference
    text = texts(browser.get("/").text, reference)[0]
    assert f"{reference} Compton Station 90 min left" in text
    assert "Opened Mon Mar 2, 3:00am Respond by 4:30am Callback 310-555-0100 x12" in text


def test_says_which_rung_and_when_the_next_one_comes(world: World, browser: FlaskClient) -> None:
    world.trigger()
    assert lane(browser, "dcfs") == "DCFS Paging rung 0: Ana Ruiz; next at 3:02am"


def test_says_who_comes_and_when(world: World, browser: FlaskClient) -> None:
    world.trigger()
    world.text(ANA, "ACK 25")
    assert lane(browser, "dcfs") == "DCFS Coming Ana Ruiz, ETA 3:25am, 65 min to spare"


def test_says_that_an_eta_is_missing_or_after_the_window(world: World, browser: FlaskClient) -> None:
    world.trigger()
    world.text(ANA, "ACK")
    assert lane(browser, "dcfs") == "DCFS Coming Ana Ruiz, no ETA yet"
    world.text(ANA, "ETA 95")
    assert "Ana Ruiz, ETA 4:35am, 5 min after the window closes" in lane(browser, "dcfs")


def test_names_who_stands_by(world: World, browser: FlaskClient) -> None:
    world.trigger()
    world.pass_time(timedelta(minutes=8))
    world.text(ANA, "ACK 25")
    world.text(BEN, "ACK 30")
    assert lane(browser, "dcfs") == "DCFS Coming Ana Ruiz, ETA 3:33am, 57 min to spare standby: Ben Okafor"


def test_says_who_is_on_scene_since_when(world: World, browser: FlaskClient) -> None:
    world.trigger()
    world.text(ANA, "ACK 25")
    world.clock.move(timedelta(minutes=20))
    world.text(ANA, "HERE")
    assert lane(browser, "dcfs") == "DCFS On scene Ana Ruiz, since 3:20am"


def test_says_that_an_agency_pages_anew_because_nobody_comes_any_more(world: World, browser: FlaskClient) -> None:
    world.trigger()
    world.text(ANA, "ACK 25")
    world.text(ANA, "NO")
    assert "round 2: nobody comes any more" in lane(browser, "dcfs")


def test_flags_a_late_agency_in_words(world: World, browser: FlaskClient) -> None:
    reference = world.trigger().overview.encounter.reference
    pass_minutes(world, browser, 95)
    world.settle()
    assert lane(browser, "dcfs").startswith("DCFS Paging Late rung ")
    assert "late by 5 min" in texts(browser.get("/").text, reference)[0]


def test_counts_no_time_once_everybody_is_there(world: World, browser: FlaskClient) -> None:
    reference = world.trigger().overview.encounter.reference
    for number in PRIMARIES:
        world.text(number, "HERE")
    pass_minutes(world, browser, 95)
    text = texts(browser.get("/").text, reference)[0]
    assert "everybody is there" in text
    assert "late" not in text


def test_names_the_agencies_that_were_left_out(world: World, browser: FlaskClient) -> None:
    encounter = world.trigger().overview.encounter
    with writing(world.context) as turn:
        turn.work.encounters.lock(encounter.id).left_out = ["probation", "gone"]
    html = browser.get("/board/encounters").text
    assert texts(html, "-probation")[-1] == "PROB Left out not paged"
    assert texts(html, "-gone") == ["GONE Left out not paged"]


def test_marks_a_drill(world: World, browser: FlaskClient) -> None:
    reference = world.trigger(drill=True).overview.encounter.reference
    assert texts(browser.get("/").text, reference)[0].startswith(f"Drill {reference}")


def test_puts_first_what_needs_a_human(world: World, browser: FlaskClient) -> None:
    opened = [world.trigger(drill=is_drill).overview.encounter.reference for is_drill in (False, True, False, False)]
    answered, drill, older, newer = opened
    for number in PRIMARIES:
        world.text(number, f"ACK 25 {answered}")
    with writing(world.context) as turn:
        newest = turn.work.encounters.lock_reference(newer)
        assert newest is not None
        turn.work.encounters.pages(newest.id)[0].is_late = True
    html = browser.get("/board/encounters").text
    assert sorted(opened, key=lambda reference: html.index(f'id="{reference}"')) == [newer, older, drill, answered]
    assert "4 open, 3 waiting for an answer" in texts(html, "summary")[0]


def test_shows_every_open_encounter_however_many(
    world: World, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pager.adapters.web.board.AT_A_TIME", 2)
    opened = {world.trigger().overview.encounter.reference for _ in range(5)}
    html = browser.get("/").text
    assert {reference for reference in opened if texts(html, reference)} == opened


def test_forgets_an_encounter_that_is_closed_and_says_what_to_do_then(world: World, browser: FlaskClient) -> None:
    reference = world.trigger().overview.encounter.reference
    assert reference in browser.get("/").text
    close(world.context, reference, None)
    page = browser.get("/").text
    assert reference not in page
    assert "No encounter is open One appears here by itself" in texts(page, "nothing-open")[0]


def test_answers_304_until_something_changes(world: World, browser: FlaskClient) -> None:
    world.trigger()
    first = browser.get("/board/encounters")
    world.clock.move(timedelta(seconds=1))
    etag = browser.get("/board/encounters").headers["ETag"]
    world.clock.move(timedelta(seconds=1))
    again = browser.get("/board/encounters", headers={"If-None-Match": etag})
    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
    assert again.headers["Board-Time"] == "2026-03-02T11:00:02+00:00"


def test_answers_anew_when_a_page_changes(world: World, browser: FlaskClient) -> None:
    world.trigger()
    etag = browser.get("/board/encounters").headers["ETag"]
    world.text(ANA, "ACK 25")
    answer = browser.get("/board/encounters", headers={"If-None-Match": etag})
    assert answer.status_code == 200
    assert answer.headers["ETag"] != etag


def test_escapes_what_people_wrote(world: World, browser: FlaskClient) -> None:
    with writing(world.context) as turn:
        turn.work.directory.responder("dcfs-ana").name = "<script>alert(1)</script>"
        turn.work.directory.station("compton").name = '"><img src=x>'
    world.trigger()
    world.text(ANA, "ACK 25")
    page = browser.get("/").text
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_leads_to_the_wall_only_where_there_is_one(world: World, browser: FlaskClient) -> None:
    assert "/sandbox/" not in browser.get("/").text
    app = pages_app(world)
    app.register_blueprint(wall_blueprint(world.sandbox))
    assert 'href="/sandbox/"' in signed_in(app).get("/").text


def test_holds_no_inline_script_or_style(world: World, browser: FlaskClient) -> None:
    world.trigger()
    page = browser.get("/").text
    assert page.count("<script") == page.count('<script src="/')
    assert " style=" not in page
    assert "<style" not in page


def test_says_what_to_do_when_the_database_is_away(world: World, browser: FlaskClient) -> None:
    with world.store.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE encounters RENAME TO elsewhere")
    for path in ("/", "/board/encounters"):
        answer = browser.get(path)
        assert answer.status_code == 503
        assert "Telephone the agencies by the printed list." in answer.text


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (5400, "90 min left"),
        (61, "1 min left"),
        (59, "less than 1 min left"),
        (0, "late by less than 1 min"),
        (-300, "late by 5 min"),
        (7200, "2 h 0 min left"),
        (-7860, "late by 2 h 11 min"),
    ],
)
def test_writes_the_time_left_in_full_minutes(seconds: int, words: str) -> None:
    assert time_left(START + timedelta(seconds=seconds), START) == words


def test_of_many_open_encounters_those_that_need_nobody_are_told_in_brief(world: World, app: Flask) -> None:
    opened = [world.trigger(settle=False).overview.encounter.reference for _ in range(7)]
    for agency, responder in COMING:
        report_acknowledgement(world.context, opened[0], agency, responder, 30)
    page = signed_in(app).get("/board/encounters").text
    assert page.count("is-brief") == 1
    assert "Ana Ruiz, ETA" not in page

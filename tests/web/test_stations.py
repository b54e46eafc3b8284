"""The pages on which administrators keep the stations."""

from __future__ import annotations

import pytest
from flask import Flask

from pager.domain.directory import Station
from pager.lifecycle.turn import reading, writing
from tests.web.pages_support import ADMIN, DCFS, DISPATCHER, VIEWER, post, signed_in
from tests.web.test_people import seen_on
from tests.world import World

NEW, ONE = "/stations/new", "/stations/compton"
PALMDALE = {"code": "palmdale", "name": "Palmdale Station", "short": "Palmdale Stn", "policy": "first-responder"}
COMPTON = {"name": "Compton Station", "short": "Compton Stn", "policy": "first-responder"}


def station(world: World, code: str = "compton") -> Station:
    with reading(world.context) as turn:
        return turn.work.directory.station(code)


@pytest.mark.parametrize("email", [DCFS, DISPATCHER, VIEWER])
def test_they_are_for_administrators_only(app: Flask, email: str) -> None:
    browser = signed_in(app, email)
    assert [browser.get(path).status_code for path in ("/stations", NEW, ONE)] == [403] * 3
    for path in (NEW, ONE, f"{ONE}/deactivate", f"{ONE}/reactivate"):
        assert post(browser, path, form="/account", **PALMDALE).status_code == 403


def test_lists_every_station_and_marks_what_is_to_be_seen_to(app: Flask, world: World) -> None:
    with writing(world.context) as turn:
        turn.work.directory.station("compton").policy = "gone"
        turn.work.directory.station("lancaster").is_active = False
    browser = signed_in(app, ADMIN)
    post(browser, NEW, **PALMDALE, live_since="2026-04-01")
    page = browser.get("/stations").text
    for said in (
        "there is no such policy",
        "deactivated",
        "from Apr 1, 2026",
        "Palmdale Stn",
        'href="/stations/compton"',
    ):
        assert said in page, said


def test_a_new_station_opens_encounters_and_its_page_shows_what_a_page_says(app: Flask, world: World) -> None:
    browser = signed_in(app, ADMIN)
    answer = post(browser, NEW, **PALMDALE)
    page = browser.get(answer.location).text
    assert (answer.location, "encounter, Palmdale Stn. On scene by" in page) == ("/stations/palmdale", True)
    assert world.trigger("palmdale").overview.encounter.station == "palmdale"


def test_a_short_name_that_messages_cut_is_marked(app: Flask) -> None:
    browser = signed_in(app, ADMIN)
    says = "does not fit into one message"
    assert says not in browser.get(ONE).text
    for short in ("The Palmdale Station of the Sheriff of the County of Los Angeles", "Пальмдейл"):
        post(browser, ONE, **{**COMPTON, "short": short, "seen": seen_on(browser.get(ONE).text)})
        assert says in browser.get(ONE).text


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"code": "Palm Dale"}, "Palm Dale should be small letters"),
        ({"code": "compton"}, "There is a station compton already."),
        ({"code": "new"}, "new is the name of this page"),
        ({"name": ""}, "Should be one line of 1 to 100 characters."),
        ({"short": "x" * 101}, "Should be one line of 1 to 100 characters."),
        ({"policy": "none"}, "Choose one of those offered."),
        ({"live_since": "1.4.2026"}, "1.4.2026 is not a day; write it like 2026-01-31."),
    ],
)
def test_says_beside_the_field_what_is_wrong(unchanged: Flask, fields: dict[str, str], says: str) -> None:
    answer = post(signed_in(unchanged, ADMIN), NEW, **{**PALMDALE, **fields})
    assert (answer.status_code, says in answer.text) == (422, True)


def test_a_policy_that_is_gone_is_chosen_anew(app: Flask, world: World) -> None:
    with writing(world.context) as turn:
        turn.work.directory.station("compton").policy = "gone"
    browser = signed_in(app, ADMIN)
    page = browser.get(ONE).text
    assert "There is no policy gone any more" in page
    assert post(browser, ONE, **{**COMPTON, "policy": "", "seen": seen_on(page)}).status_code == 422
    assert post(browser, ONE, **COMPTON, seen=seen_on(page)).status_code == 303


def test_the_second_of_two_administrators_sees_what_is_there_now_and_may_save_again(app: Flask, world: World) -> None:
    browser = signed_in(app, ADMIN)
    seen = seen_on(browser.get(ONE).text)
    post(browser, ONE, **{**COMPTON, "short": "Compton", "seen": seen})
    conflict = post(browser, ONE, **{**COMPTON, "name": "Compton", "seen": seen})
    assert conflict.status_code == 409
    assert "It is now: <strong>Compton Station</strong>" in conflict.text
    assert 'value="Compton Stn"' in conflict.text
    assert post(browser, ONE, **{**COMPTON, "name": "Compton"}, seen=seen_on(conflict.text)).status_code == 303
    assert (station(world).name, station(world).short) == ("Compton", "Compton Stn")


def test_who_does_not_tell_what_they_saw_changes_nothing(app: Flask, world: World) -> None:
    conflict = post(signed_in(app, ADMIN), ONE, **{**COMPTON, "name": "Compton"})
    assert (conflict.status_code, station(world).name) == (409, "Compton Station")


def test_a_station_with_open_encounters_goes_only_where_that_is_confirmed(app: Flask, world: World) -> None:
    reference, browser = world.trigger().overview.encounter.reference, signed_in(app, ADMIN)
    shown = post(browser, f"{ONE}/deactivate", form=ONE)
    assert (shown.status_code, reference in shown.text) == (409, True)
    assert post(browser, f"{ONE}/deactivate", form=ONE, is_confirmed="yes").location == ONE
    assert not station(world).is_active
    post(browser, f"{ONE}/reactivate", form=ONE)
    assert station(world).is_active


def test_a_station_that_is_not_there_is_no_page(app: Flask) -> None:
    browser = signed_in(app, ADMIN)
    assert browser.get("/stations/nowhere").status_code == 404
    assert post(browser, "/stations/nowhere/deactivate", form=ONE).status_code == 404

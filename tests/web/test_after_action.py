"""The after-action page: a drawing to scale, the same in words, and all that happened."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from pager.adapters.web.after_action_drawing import LEFT, RIGHT, WIDTH, Drawing, Lane, Row, draw
from pager.adapters.web.encounter_words import Names
from pager.domain.follow_up import Outcome
from pager.lifecycle.after_action import after_action
from pager.lifecycle.close import cancel, close
from pager.lifecycle.follow_up import close_follow_up
from pager.lifecycle.trigger import Triggered
from pager.lifecycle.turn import reading
from tests.people import ANA, DAN
from tests.web.after_action_support import MINUTE, policies_that_leave_out, whole_encounter
from tests.web.pages_support import DCFS, DISPATCHER, VIEWER, pages_app, signed_in, texts
from tests.world import World, policy_of

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def told(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, str]]:
    """A world in which probation may be left out, and the reference of an encounter that is over."""
    path = shutil.copy(sqlite_template, tmp_path_factory.mktemp("told") / "pager.db")
    world = World(f"sqlite:///{path}", policies=policies_that_leave_out("probation"))
    yield world, reference(whole_encounter(world))
    world.close()


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    """Two agencies, of which one is looked at."""
    world = World(sqlite_url, policies=policy_of("dcfs", "dhs"))
    yield world
    world.close()


def reference(triggered: Triggered) -> str:
    return triggered.overview.encounter.reference


def page_of(app: Flask, of: str, email: str = DISPATCHER) -> str:
    answer = signed_in(app, email).get(f"/encounters/{of}/after-action")
    assert answer.status_code == 200
    return answer.text


def rows(html: str) -> dict[str, str]:
    """Return the rows of the table under the drawing, by agency."""
    return {row.partition(" ")[0]: row.partition(" ")[2] for row in texts_of_rows(html)}


def texts_of_rows(html: str) -> list[str]:
    return [row for number in range(1, 10) for row in texts(html, f"in-words-{number}")]


def drawing(world: World, of: str) -> Drawing:
    with reading(world.context) as turn:
        encounter = turn.work.encounters.find(of)
        assert encounter is not None
        return draw(turn, after_action(turn, encounter, shows_words=False), Names(turn.work.directory))


def lane(drawn: Drawing, name: str) -> Lane:
    return next(one for one in drawn.lanes if one.name == name)


def svg_of(html: str) -> ElementTree.Element:
    """Return the drawing of a page, parsed as XML: it must be well-formed."""
    found = re.search(r'<svg class="drawing".*?</svg>', html, re.DOTALL)
    assert found is not None
    return ElementTree.fromstring(found[0].replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def test_says_in_words_how_each_agency_fared(told: tuple[World, str]) -> None:
    world, of = told
    found = rows(page_of(pages_app(world), of))
    assert found["DCFS"] == (
        "first 3:00am 0 at 3:00am, 1 at 3:02am Ana Ruiz after 3 min (3:03am), ETA 3:28am "
        "Ana Ruiz after 27 min (3:27am) inside the window –"  # noqa: RUF001 - as it is printed
    )
    assert "round 2: 9 at 3:38am, 10 at 3:40am" in found["DHS"]
    assert "Eva Soto after 64 min (4:04am) inside the window Dan Lee: lapsed 3:38am" in found["DHS"]
    assert "7 at 3:25am and 7 more until 4:00am" in found["DMH"]
    assert "Gus Roy after 101 min (4:41am) late by 11 min" in found["DMH"]
    assert found["ADV"].endswith("Mia Cruz: released 3:12am")
    assert found["PROB"].startswith("left out")


def test_draws_where_things_were_in_time(told: tuple[World, str]) -> None:
    drawn = drawing(*told)
    minute = (WIDTH - LEFT - RIGHT) / 105  # from the opening to the end, a quarter of an hour past the window
    shapes = {(shape.kind, round((shape.x - LEFT) / minute)) for shape in lane(drawn, "DMH").shapes}
    assert {("paged", 0), ("paged", 60), ("acknowledged", 64), ("late", 90), ("eta", 99), ("arrived", 101)} <= shapes
    assert [(line.kind, round((line.x - LEFT) / minute)) for line in drawn.lines] == [
        *[("respond-by", 90), ("opened", 0), ("ended", 105)]
    ]
    bars = [(bar.state, round((bar.x1 - LEFT) / minute)) for bar in lane(drawn, "DHS").bars]
    assert bars == [("paging", 0), ("acknowledged", 3), ("paging", 38), ("acknowledged", 42), ("on_scene", 64)]


def test_tells_things_apart_by_words_too(told: tuple[World, str]) -> None:
    drawn = drawing(*told)
    assert [word.text for word in lane(drawn, "DHS").words if word.text != "ETA"] == [
        *["on scene", "ACK", "lapsed", "ACK", "round 2"]
    ]
    assert {"late", "on scene"} <= {word.text for word in lane(drawn, "DMH").words}
    assert [word.text for word in lane(drawn, "PROB").words] == ["left out: not paged"]
    assert [word.text for word in lane(drawn, "DCFS").rungs] == ["0", "1"]


def test_an_eta_that_nobody_waited_for_is_not_drawn(told: tuple[World, str]) -> None:
    etas = [shape for shape in lane(drawing(*told), "ADV").shapes if shape.kind == "eta"]
    assert len(etas) == 1


def test_no_word_covers_another() -> None:
    row = Row(10)
    assert row.place(300, "on scene") is not None
    assert row.place(310, "ETA") is None
    assert row.place(400, "ETA") is not None


def test_words_stay_on_the_drawing() -> None:
    first, last = Row(10).place(LEFT, "opened 3:00am"), Row(10).place(WIDTH, "closed 4:45am")
    assert first is not None
    assert last is not None
    assert LEFT < first.x < last.x < WIDTH - 30


def test_the_drawing_has_a_name_and_a_description_and_is_well_formed(told: tuple[World, str]) -> None:
    world, of = told
    svg = svg_of(page_of(pages_app(world), of))
    named = svg.attrib["aria-labelledby"].split()
    assert svg.attrib["role"] == "img"
    assert [svg[number].attrib["id"] for number in (0, 1)] == named
    assert of in (svg[0].text or "")
    assert len(svg.findall(f".//{SVG}text[@class='name']")) == 5


def test_nothing_on_the_page_needs_a_script_or_a_style_of_its_own(told: tuple[World, str]) -> None:
    world, of = told
    html = page_of(pages_app(world), of)
    assert "style=" not in html
    assert "<style" not in html
    assert re.findall(r"<script[^>]*>", html) == ['<script src="/assets/theme.js">']


def test_the_whole_timeline_stands_below_with_who_and_what(told: tuple[World, str]) -> None:
    world, of = told
    whole = texts(page_of(pages_app(world), of), "whole-timeline")[0]
    assert "3:03am DCFS comes, there at 3:28am (by SMS) Ana Ruiz" in whole
    assert "looked at dispatcher@county.example" in whole
    assert whole.index("rung 0") < whole.index("is on scene") < whole.index("the encounter is closed")


def test_free_words_are_shown_to_those_only_who_may_read_them(told: tuple[World, str]) -> None:
    app, of = pages_app(told[0]), told[1]
    assert "gate two" in page_of(app, of, DISPATCHER)
    assert "gate two" not in page_of(app, of, VIEWER)


def test_an_agency_s_administrator_does_not_see_it(told: tuple[World, str]) -> None:
    browser = signed_in(pages_app(told[0]), DCFS)
    assert browser.get(f"/encounters/{told[1]}/after-action").status_code == 403


def test_that_it_was_looked_at_stands_on_the_timeline(world: World, app: Flask) -> None:
    triggered = world.trigger()
    page_of(app, reference(triggered), VIEWER)
    assert [event.kind.value for event in world.timeline(triggered)].count("viewed") == 1


@pytest.mark.parametrize("unknown", ["7ZZQD", "nothing", "7zzqd"])
def test_an_unknown_reference_is_not_found(browser: FlaskClient, unknown: str) -> None:
    assert browser.get(f"/encounters/{unknown}/after-action").status_code == 404


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return signed_in(app)


def test_an_open_encounter_is_shown_as_it_stands(world: World, app: Flask) -> None:
    of = reference(world.trigger())
    world.text(ANA, "ACK 25")
    world.pass_time(10 * MINUTE)
    html = page_of(app, of)
    assert texts(html, "state") == ["open: this is how it stands at 3:10am"]
    assert "nobody not on scene so far; 80 min left" in rows(html)["DCFS"]
    assert "now 3:10am" in {line.word.text for line in drawing(world, of).lines}


def test_one_that_was_cancelled_at_once_says_so(world: World, app: Flask) -> None:
    of = reference(world.trigger())
    cancel(world.context, of, None)
    html = page_of(app, of)
    assert texts(html, "state") == ["cancelled at 3:00am"]
    assert "not on scene; cancelled before the window closed" in rows(html)["DCFS"]


def test_days_of_waiting_are_drawn_without_a_heap_of_words(world: World, app: Flask) -> None:
    of = reference(world.trigger())
    world.text(DAN, "HERE")
    for _ in range(13):
        world.clock.move(120 * MINUTE)
        world.settle()
    drawn = drawing(world, of)
    assert {tick.day for tick in drawn.ticks if tick.day} == {"Mon Mar 2", "Tue Mar 3"}
    middles = sorted(word.x for word in lane(drawn, "DCFS").rungs)
    assert min(later - earlier for earlier, later in pairwise(middles)) > 6
    assert "more until" in rows(page_of(app, of))["DCFS"]


def test_an_end_long_after_presses_nothing_together(world: World) -> None:
    of = reference(world.trigger())
    for number in (ANA, DAN):
        world.text(number, "HERE")
    world.clock.move(timedelta(hours=12))
    close(world.context, of, None)
    assert {line.kind for line in drawing(world, of).lines} == {"opened", "respond-by"}


def test_a_drill_says_so(world: World, app: Flask) -> None:
    real, drill = (reference(world.trigger(drill=is_drill)) for is_drill in (False, True))
    assert ">Drill</span>" in page_of(app, drill)
    assert ">Drill</span>" not in page_of(app, real)


def test_says_what_became_of_the_follow_ups(world: World, app: Flask) -> None:
    of = reference(world.trigger())
    close_follow_up(world.context, of, "health_evaluation", Outcome.COMPLETED)
    found = texts(page_of(app, of), "follow-ups")[0]
    assert "Comprehensive health evaluation DHS Thu Mar 5, 3:00am completed, 3:00am" in found
    assert "Safe placement and care DCFS Thu Mar 5, 3:00am open" in found

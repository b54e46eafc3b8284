"""A dispatcher's whole evening in a browser: start, answers, an alarm, a correction, an arrival, the end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.serving import served
from tests.browser.signing_in import sign_in
from tests.browser.watched import Watched
from tests.web.pages_support import pages_app
from tests.world import World

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

TWO_SECONDS = 2_000
SOON = 20_000


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    world = World(sqlite_url)
    yield world
    world.close()


@pytest.fixture
def page(world: World, browser: Browser) -> Iterator[Page]:
    with served(pages_app(world)) as address, browser.new_context(base_url=address) as context:
        watched = Watched(context.new_page())
        sign_in(watched.page)
        yield watched.page
    assert watched.complaints_but("Failed to load resource") == []


def start(page: Page, world: World) -> str:
    """Start an encounter by the form and return its reference."""
    page.get_by_label("Station").select_option("compton")
    page.get_by_label("Callback, where officers can be reached").fill("310-555-0100")
    page.get_by_role("button", name="Page all agencies").click()
    expect(page.get_by_text("5 agencies are paged")).to_be_visible()
    world.settle()
    return page.locator("a.reference").inner_text()


def test_from_the_start_to_the_end(world: World, page: Page) -> None:
    reference = start(page, world)
    lane = page.locator(f"[id='{reference}-dcfs']")
    expect(lane).to_contain_text("Paging", timeout=SOON)
    world.text("+12135550101", "ACK 25")
    expect(lane).to_contain_text("Coming Ana Ruiz, ETA 3:25am, 65 min to spare", timeout=TWO_SECONDS)
    world.pass_time(timedelta(minutes=16))
    need = page.locator(f"[id='{reference}-dhs-need']")
    expect(need).to_contain_text("Nobody has answered, telephone them", timeout=SOON)
    expect(page).to_have_title("(4) Needs you! Open encounters \N{EN DASH} Pager")
    page.get_by_role("link", name=reference).click()
    page.get_by_label("Station", exact=True).select_option("lancaster")
    page.get_by_role("button", name="Correct").click()
    expect(page.get_by_text("Everybody who was paged or comes is told.").first).to_be_visible()
    page.get_by_label("Who", exact=True).select_option("dhs-dan")
    page.get_by_role("button", name="Is on scene").click()
    expect(page.locator("#lane-dhs")).to_contain_text("On scene")
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Not closed: DCFS, DMH, PROB, ADV not there yet.")
    page.get_by_role("button", name="Close all the same").click()
    expect(page.get_by_text("The encounter is closed.")).to_be_visible()
    expect(page.locator("#clock")).to_contain_text("Closed")
    page.get_by_role("link", name="After-action page, for printing").click()
    expect(page.get_by_role("main")).to_contain_text("Ana Ruiz")
    expect(page.locator("svg").first).to_be_visible()


def test_the_alarm_sounds_until_it_is_silenced_and_again_for_another(world: World, page: Page) -> None:
    start(page, world)
    world.pass_time(timedelta(minutes=16))
    alarm = page.locator("#alarm")
    expect(alarm).to_contain_text("5 agencies need you.", timeout=SOON)
    page.keyboard.press("Shift")  # a browser is silent until somebody is there
    expect(alarm).to_have_attribute("data-alarm", "sounding")
    page.get_by_role("button", name="Silence").press("Enter")
    expect(alarm).to_have_attribute("data-alarm", "silent")
    expect(alarm).to_contain_text("The sound is off until something else does.")
    world.trigger(station="lancaster")
    world.pass_time(timedelta(minutes=16))
    expect(alarm).to_have_attribute("data-alarm", "sounding", timeout=SOON)


def test_the_page_of_an_encounter_keeps_itself_up_to_date_and_what_is_half_written(world: World, page: Page) -> None:
    reference = start(page, world)
    page.get_by_role("link", name=reference).click()
    page.get_by_label("There in how many minutes, if said").fill("40")
    page.locator("#paged-dcfs summary").click()
    world.text("+12135550111", "ACK")
    expect(page.locator("#lane-dhs")).to_contain_text("Coming", timeout=SOON)
    expect(page.get_by_label("There in how many minutes, if said")).to_have_value("40")
    expect(page.locator("#paged-dcfs")).to_have_attribute("open", "")


def test_a_second_start_is_pointed_out(world: World, page: Page) -> None:
    reference = start(page, world)
    page.get_by_role("button", name="Page all agencies").click()
    expect(page.get_by_role("alert")).to_contain_text(f"Encounter {reference} for the same station was opened")
    page.get_by_role("button", name="It is another: page all agencies").click()
    expect(page.locator("a.reference")).to_have_count(2)


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_the_pages_fit_the_width_and_axe_finds_nothing(browser: Browser, world: World, width: int, scheme: str) -> None:
    reference = world.trigger().overview.encounter.reference
    world.pass_time(timedelta(minutes=16))
    with (
        served(pages_app(world)) as address,
        browser.new_context(
            base_url=address,
            color_scheme=scheme,  # type: ignore[arg-type]  # one of those it knows
            viewport={"width": width, "height": 800},
        ) as context,
    ):
        page = context.new_page()
        sign_in(page)
        for path in ("/", f"/encounters/{reference}", f"/encounters/{reference}/after-action"):
            page.goto(path)
            page.wait_for_load_state("load")
            assert page.evaluate("document.documentElement.scrollWidth") == width
            found = Axe().run(page).response["violations"]
            assert not found, [(one["id"], [node["target"] for node in one["nodes"]]) for one in found]


def test_focus_stays_and_a_press_counts_while_the_page_keeps_itself_up_to_date(world: World, page: Page) -> None:
    page.goto(f"/encounters/{start(page, world)}")
    button = page.locator("#lane-dhs").get_by_role("button", name="Page the next rung now")
    button.focus()
    with page.expect_response("**/now"), page.expect_response("**/now"):
        page.wait_for_timeout(2_100)
    expect(button).to_be_focused()
    world.text("+12135550101", "ACK")
    expect(page.locator("#lane-dcfs")).to_contain_text("Coming", timeout=SOON)
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The next rung is paged now.")).to_be_visible()


def test_a_drill_does_not_come_back_with_the_back_button(world: World, page: Page) -> None:
    page.get_by_text("Drill, leave out an agency").click()
    page.get_by_label("This is a drill").check()
    start(page, world)
    page.go_back()
    assert not page.get_by_label("This is a drill").is_checked()


def test_who_is_signed_out_elsewhere_sees_nothing_of_an_encounter(world: World, page: Page) -> None:
    page.goto(f"/encounters/{start(page, world)}")
    expect(page.get_by_label("Who", exact=True)).to_be_visible()
    page.context.clear_cookies()
    expect(page.locator("#signed-out")).to_be_visible(timeout=SOON)
    expect(page.get_by_label("Who", exact=True)).to_be_hidden()

"""An administrator keeps a month of duty in a browser: a rotation, an override, a gap that vanishes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.serving import served
from tests.browser.signing_in import sign_in
from tests.browser.watched import Watched
from tests.web.pages_support import ADMIN, DCFS, pages_app
from tests.world import World

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

ROSTER = "/agencies/dcfs/roster"
# As the county of the tests, but that nobody is primary from the 8th of March on.
ENDING = "dcfs, tier: primary, responder: dcfs-ana, start: 2026-01-01T00:00, end: 2026-03-08T00:00"


@pytest.fixture
def world(sqlite_url: str, tmp_path: Path) -> Iterator[World]:
    world = World(sqlite_url)
    county = tmp_path / "county.yaml"
    county.write_text(world.county.read_text().replace(ENDING.replace("2026-03-08", "2027-01-01"), ENDING))
    world.load(county)
    yield world
    world.close()


@pytest.fixture
def page(world: World, browser: Browser) -> Iterator[Page]:
    with served(pages_app(world)) as address, browser.new_context(base_url=address) as context:
        watched = Watched(context.new_page())
        yield watched.page
    assert watched.complaints_but("Failed to load resource") == []


def test_a_gap_vanishes_once_people_take_turns(page: Page) -> None:
    sign_in(page, DCFS)
    expect(page.get_by_role("heading", name="Roster of Agency dcfs")).to_be_visible()
    page.get_by_role("link", name="Later").click()
    expect(page.get_by_text("1 gap", exact=False).first).to_be_visible()
    page.get_by_role("link", name="New rotation").click()
    page.get_by_label("Place 1").select_option("dcfs-ana")
    page.get_by_label("Place 2").select_option("dcfs-ben")
    page.get_by_label("From").fill("2026-03-08T00:00")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("the rotation of Ana Ruiz and Ben Okafor")).to_be_visible()
    page.get_by_role("link", name="Later").click()
    expect(page.get_by_text("No gap in this time.")).to_be_visible()


def test_a_gap_is_filled_from_where_it_is_seen_without_a_mouse(page: Page) -> None:
    sign_in(page, DCFS, path=f"{ROSTER}?day=2026-03-09")
    page.get_by_role("link", name="Fill this gap").first.focus()
    page.keyboard.press("Enter")
    page.get_by_label("Who").select_option("dcfs-cho")
    page.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("On the roster: Cho Park, primary")).to_be_visible()


def test_somebody_is_put_in_for_a_turn(page: Page) -> None:
    sign_in(page, DCFS, path=f"{ROSTER}/new")
    page.get_by_label("Kind").select_option("override")
    page.get_by_label("Who").select_option("dcfs-ben")
    page.get_by_label("From").fill("2026-03-07T18:00")
    page.get_by_label("Until").fill("2026-03-08T08:00")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row", name="Sat Mar 7 ").last).to_contain_text("18:00\N{EN DASH}24:00 Ben Okafor")


def test_another_agencys_roster_is_closed(page: Page) -> None:
    sign_in(page, DCFS)
    answer = page.goto("/agencies/dhs/roster")
    assert answer is not None
    assert answer.status == 403
    expect(page.get_by_text("This is another agency's.")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (320, "light"), (1280, "dark"), (1280, "light")])
def test_the_roster_fits_the_width(browser: Browser, world: World, width: int, scheme: str) -> None:
    with (
        served(pages_app(world)) as address,
        browser.new_context(
            base_url=address,
            color_scheme=scheme,  # type: ignore[arg-type]  # one of those it knows
            viewport={"width": width, "height": 800},
        ) as context,
    ):
        page = context.new_page()
        sign_in(page, ADMIN, path=f"{ROSTER}?view=month")
        page.wait_for_load_state("networkidle")  # styles are there
        assert page.evaluate("document.documentElement.scrollWidth") == width

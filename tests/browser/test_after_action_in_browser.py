"""The after-action page as people look at it: narrow and dark, by keyboard, and on paper."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.serving import served
from tests.browser.signing_in import sign_in
from tests.web.after_action_support import policies_that_leave_out, whole_encounter
from tests.web.pages_support import pages_app
from tests.world import World

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

# What paper leaves within its margins of 10 mm, lying on its side, in pixels of 1/96 inch.
SHEETS = {"A4": (1046, 718), "Letter": (980, 740)}


@pytest.fixture(scope="module")
def told(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, str]]:
    """A world, and the reference of an encounter with five agencies: one lapsed, one late, one left out."""
    path = shutil.copy(sqlite_template, tmp_path_factory.mktemp("told") / "pager.db")
    world = World(f"sqlite:///{path}", policies=policies_that_leave_out("probation"))
    yield world, whole_encounter(world).overview.encounter.reference
    world.close()


@pytest.fixture
def page(browser: Browser, told: tuple[World, str]) -> Iterator[Page]:
    """That encounter's page."""
    world, reference = told
    with served(pages_app(world)) as url, browser.new_context(base_url=url) as context:
        page = context.new_page()
        sign_in(page, path=f"/encounters/{reference}/after-action")
        page.wait_for_selector("#whole-timeline")
        yield page


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(page: Page, width: int, scheme: str) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of those it knows
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_where_the_drawing_is_wider_it_scrolls_by_keyboard(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    region = page.get_by_role("region", name="Agency by agency, to scale").first
    region.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('.scrolls').scrollLeft > 0")


@pytest.mark.parametrize("sheet", SHEETS)
def test_the_drawing_and_the_same_in_words_fit_one_sheet(page: Page, sheet: str) -> None:
    width, height = SHEETS[sheet]
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": width, "height": height})
    box = page.locator(".in-words").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= height
    assert not page.get_by_role("navigation").first.is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_what_is_printed_takes_no_more_sheets_than_the_timeline_needs(page: Page) -> None:
    sheets = re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))
    assert 2 <= len(sheets) <= 5

"""An administrator imports a month of shifts in a browser, with a mistake in line 3 that is put right."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.serving import served
from tests.browser.signing_in import sign_in
from tests.browser.watched import Watched
from tests.web.pages_support import DCFS, pages_app
from tests.world import World

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

IMPORT = "/agencies/dcfs/import"
TABLE = """tier,responder,start,end,stations
primary,dcfs-ben,2026-07-04T18:00,2026-07-05T08:00,compton
backup,dcfs-cho,2026-07-04T18:00,2026-07-05T08:00,compton lancaster
"""


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    world = World(sqlite_url)
    yield world
    world.close()


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def page(world: World, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    with (
        served(pages_app(world)) as address,
        browser.new_context(base_url=address, java_script_enabled=request.param) as context,
    ):
        watched = Watched(context.new_page())
        yield watched.page
    assert watched.complaints_but("Failed to load resource") == []


def choose(page: Page, path: Path, text: str) -> None:
    path.write_text(text)
    page.get_by_label("Shifts, as CSV").set_input_files(path)
    page.get_by_role("button", name="See what it changes").click()


def test_a_mistake_in_line_3_is_told_put_right_and_the_file_imported(page: Page, tmp_path: Path) -> None:
    sign_in(page, DCFS, path=IMPORT)
    choose(page, tmp_path / "july.csv", TABLE.replace("cho", "chu"))
    expect(page.get_by_role("row", name="Line 3")).to_contain_text("there is no responder dcfs-chu")
    choose(page, tmp_path / "july.csv", TABLE)
    expect(page.get_by_text("2 added, 0 changed, 0 as they are.")).to_be_visible()
    page.get_by_role("button", name="Import these 2 changes").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 changes imported.")).to_be_visible()


def test_what_was_fetched_is_imported_without_a_change(page: Page, tmp_path: Path) -> None:
    sign_in(page, DCFS, path=IMPORT)
    with page.expect_download() as fetched:
        page.get_by_role("link", name="The shifts of DCFS as CSV").click()
    assert fetched.value.suggested_filename == "dcfs-shifts.csv"
    choose(page, tmp_path / "again.csv", fetched.value.path().read_text())
    expect(page.get_by_text("Nothing: all 3 shifts in it are on the roster as they are.")).to_be_visible()

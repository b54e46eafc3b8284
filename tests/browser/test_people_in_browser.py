"""An administrator adds a person in a browser and verifies their number with the code that it is sent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.serving import served
from tests.browser.signing_in import sign_in
from tests.browser.watched import Watched
from tests.web.pages_support import ADMIN, DCFS, pages_app
from tests.world import World

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

PEOPLE, DEE = "/agencies/dcfs/people", "+12135550104"


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    world = World(sqlite_url)
    yield world
    world.close()


@pytest.fixture
def page(world: World, browser: Browser) -> Iterator[Page]:
    with served(pages_app(world)) as address, browser.new_context(base_url=address) as context:
        watched = Watched(context.new_page())
        yield watched.page
    assert watched.complaints_but("Failed to load resource") == []


def test_somebody_new_is_added_and_their_number_verified(world: World, page: Page) -> None:
    sign_in(page, DCFS, path=PEOPLE)
    page.get_by_role("link", name="New person").click()
    page.get_by_label("Name").fill("Dee Moss")
    page.get_by_label("SMS number").fill("213-555-0104")
    page.get_by_label("Consent to be called").select_option("on a form")
    page.get_by_role("button", name="Add").click()
    page.get_by_role("button", name="Send a code by SMS").click()
    world.settle()
    code = world.messages(DEE)[-1][-7:-1]
    page.get_by_label("The six digits").fill(f"{(int(code) + 1) % 1_000_000:06}")
    page.get_by_role("button", name="Verify").click()
    expect(page.get_by_label("The six digits")).to_have_accessible_description(
        "That is not the code. It can be tried 4 more times."
    )
    page.get_by_label("The six digits").fill(code)
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="SMS")).to_contain_text("verified Mar 2, 2026")
    page.get_by_role("link", name="People").last.click()
    expect(page.get_by_role("row", name="Dee Moss")).to_contain_text("on a form, Mar 2, 2026")


def test_somebody_on_the_roster_goes_by_keyboard_once_the_gap_was_read(page: Page) -> None:
    sign_in(page, DCFS, path=f"{PEOPLE}/dcfs-ana")
    page.get_by_role("button", name="Deactivate").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("No primary, now to")
    page.get_by_role("button", name="Deactivate all the same").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Ana Ruiz is deactivated")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_every_page_fits_the_width_in_the_colours_of_the_system(page: Page, width: int, scheme: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    sign_in(page, ADMIN, path="/account")
    for path in (
        *(PEOPLE, f"{PEOPLE}/new", f"{PEOPLE}/dcfs-ana", "/agencies/dcfs/duty-phone"),
        *("/stations", "/stations/new", "/stations/compton"),
    ):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") == width, path
        assert page.evaluate("document.documentElement.dataset.bsTheme") == scheme

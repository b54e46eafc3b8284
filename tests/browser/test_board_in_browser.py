"""The board in a browser: it changes by itself, keeps the focus, and says when it has lost touch."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Response
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.serving import served
from tests.browser.signing_in import sign_in
from tests.browser.watched import Watched
from tests.web.pages_support import pages_app
from tests.world import World

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

ANA = "+12135550101"
# What a strict server would send: anything inline would be refused, and the browser would say so on its console.
POLICY = "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'"


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    world = World(sqlite_url)
    yield world
    world.close()


@pytest.fixture
def page(world: World, browser: Browser) -> Iterator[Page]:
    """A dispatcher's board, its clock in the test's hands; nothing but a request that fails may be on its console."""
    app = pages_app(world)

    @app.after_request
    def refuse_inline(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        return response

    with served(app) as address, browser.new_context(base_url=address) as context:
        watched = Watched(context.new_page())
        sign_in(watched.page)
        yield watched.page
    assert watched.complaints_but("net::ERR_FAILED") == []


def part(page: Page, id_: str) -> Locator:
    return page.locator(f'[id="{id_}"]')


def test_shows_an_acknowledgement_without_loading_again(world: World, page: Page) -> None:
    reference = world.trigger().overview.encounter.reference
    page.goto("/")
    page.evaluate("window.isTheSamePage = true")
    lane = part(page, f"{reference}-dcfs")
    expect(lane).to_contain_text("Paging")
    world.text(ANA, "ACK 25")
    expect(lane).to_contain_text("Coming Ana Ruiz, ETA 3:25am, 65 min to spare", timeout=20_000)
    expect(part(page, "news")).to_contain_text(f"{reference}, DCFS: Coming")
    assert page.evaluate("window.isTheSamePage")


def test_shows_a_new_encounter_and_forgets_none_of_the_focus(world: World, page: Page) -> None:
    first = world.trigger().overview.encounter.reference
    page.goto("/")
    part(page, f"{first}-callback").focus()
    world.text(ANA, "ACK 25")
    second = world.trigger().overview.encounter.reference
    expect(part(page, second)).to_be_visible(timeout=20_000)
    expect(part(page, f"{first}-dcfs")).to_contain_text("Ana Ruiz")
    expect(part(page, f"{first}-callback")).to_be_focused()


def test_counts_the_time_by_the_clock_of_the_service_and_as_the_server_writes_it(world: World, page: Page) -> None:
    reference = world.trigger().overview.encounter.reference
    page.goto("/")
    left = part(page, reference).locator(".time-left")
    for passed, words in (
        (30, "59 min left"),
        (59, "less than 1 min left"),
        (2, "late by 1 min"),
        (55, "late by 56 min"),
        (59, "late by 115 min"),
        (6, "late by 2 h 1 min"),
    ):
        world.clock.move(timedelta(minutes=passed, seconds=5))
        expect(left).to_have_text(words, timeout=20_000)


def test_goes_on_counting_and_says_so_when_it_has_lost_touch(world: World, page: Page) -> None:
    reference = world.trigger().overview.encounter.reference
    page.clock.install()
    page.goto("/")
    expect(part(page, reference)).to_be_visible()
    page.route("**/board/encounters", lambda route: route.abort())
    page.clock.run_for(4_000)
    expect(part(page, "touch")).to_be_empty()
    page.clock.run_for(64_000)
    expect(part(page, "touch")).to_contain_text("Lost touch with the service. What is shown is how it was at 3:00")
    expect(part(page, reference).locator(".time-left")).to_have_text("88 min left")
    page.unroute("**/board/encounters")
    page.clock.run_for(1_000)
    expect(part(page, "touch")).to_be_empty()


def test_does_not_take_another_answer_for_the_board(world: World, page: Page) -> None:
    reference = world.trigger().overview.encounter.reference
    page.goto("/")
    page.route("**/board/encounters", lambda route: route.fulfill(body="<p>Please sign in to this network</p>"))
    for _ in range(2):
        page.wait_for_event("requestfinished", lambda request: request.url.endswith("/board/encounters"))
    expect(part(page, reference)).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_fits_the_width_in_the_colours_of_the_system(world: World, page: Page, width: int, scheme: str) -> None:
    world.trigger(drill=True)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto("/")
    assert page.evaluate("document.documentElement.dataset.bsTheme") == scheme
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_says_when_its_user_will_be_signed_out_until_they_sign_in_again_in_a_new_tab(world: World, page: Page) -> None:
    expect(part(page, "ends")).to_be_hidden()
    for _ in range(23):
        world.clock.move(timedelta(minutes=30))
        page.request.get("/board/encounters")
    expect(part(page, "ends")).to_contain_text("You will be signed out at 3:00 PM")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Sign in again in a new tab").click()
    sign_in(opened.value, path="/sign-in")
    expect(part(page, "ends")).to_be_hidden()

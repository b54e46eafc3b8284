"""The guided tour and a scenario at speed, in a real browser, from the first button to the last."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from pager.demo.service import make_demo
from tests.browser.serving import free_port, served
from tests.browser.watched import Watched

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

SOON = 30_000  # a busy machine takes its time


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    demo = make_demo(free_port(), tmp_path_factory.mktemp("demo"))
    with served(demo.app, int(demo.url.rpartition(":")[2])):
        demo.start()
        yield demo.url
        demo.stop()


@pytest.fixture
def watched(browser: Browser, url: str) -> Iterator[Watched]:
    with browser.new_context(base_url=url, viewport={"width": 1280, "height": 900}) as context:
        yield Watched(context.new_page())


def press_enter_on(page: Page, name: str) -> None:
    """Press a button by keyboard."""
    page.get_by_role("button", name=name).first.press("Enter")


def answer(page: Page, link: str, button: str) -> None:
    """Follow a step's link to a telephone and press a button there."""
    page.get_by_role("link", name=link).click()
    page.locator("article:target").get_by_role("button", name=button, exact=False).first.click()


def expect_step(page: Page, title: str) -> None:
    expect(page.locator("[aria-current=step] h3")).to_contain_text(title, timeout=SOON)


def violations(page: Page) -> list[str]:
    return [str((one["id"], one["nodes"][0]["target"])) for one in Axe().run(page).response["violations"]]


def test_the_tour_leads_from_a_page_to_its_after_action_page(watched: Watched) -> None:
    page = watched.page
    page.goto("/sandbox/")
    press_enter_on(page, "Page Compton")
    expect_step(page, "Answer on Ana's telephone")
    answer(page, "To Ana's telephone", "ACK 25")
    expect_step(page, "Say no on Thuy's telephone")
    answer(page, "To Thuy's telephone", "NO")
    expect_step(page, "See who is coming")
    page.locator("[aria-current=step]").get_by_role("link", name="The page of").click()
    expect(page.get_by_text("Ana Ruiz").first).to_be_visible(timeout=SOON)
    page.goto("/sandbox/")
    press_enter_on(page, "Let time pass until it rings")
    answer(page, "To Arpi's telephone", "Answer")
    page.locator("article:target").get_by_role("button", name="Press 1").click(timeout=SOON)
    expect_step(page, "Ana is there")
    answer(page, "To Ana's telephone", "HERE")
    expect_step(page, "Close the encounter")
    assert violations(page) == []
    page.locator("[aria-current=step]").get_by_role("link", name="The page of").click()
    page.get_by_role("button", name="Close").first.click()
    page.get_by_role("button", name="Close").first.click()
    page.goto("/sandbox/")
    expect_step(page, "Look back")
    page.get_by_role("link", name="After-action page").click()
    page.goto("/sandbox/")
    expect(page.get_by_text("That was the tour.")).to_be_visible(timeout=SOON)
    assert watched.complaints_but("409") == [], "closing was refused once: agencies were not there yet"


def test_a_scenario_plays_by_itself_at_forty_five_times_the_speed(watched: Watched) -> None:
    page = watched.page
    page.set_viewport_size({"width": 320, "height": 800})
    page.emulate_media(color_scheme="dark")
    page.goto("/sandbox/")
    press_enter_on(page, "Somebody says no")
    expect(page.get_by_text("is being played").first).to_be_visible(timeout=SOON)
    press_enter_on(page, "45")
    scenarios = page.get_by_role("region", name="Scenarios to watch")
    expect(scenarios).to_contain_text("Darnell Washington picks up and presses 2, done", timeout=SOON)
    expect(scenarios).to_contain_text("Grace Kim comes", timeout=SOON)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    expect(scenarios).to_contain_text("Grace Kim was coming", timeout=SOON)
    assert page.get_by_role("button", name="1", pressed=True).first.is_visible(), "time runs as it does again"
    assert watched.complaints == []

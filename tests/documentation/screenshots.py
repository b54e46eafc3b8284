"""Takes the quickstart's pictures anew: `make screenshots`. Nobody in them is real."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, FloatRect, Page, ViewportSize, expect, sync_playwright

from pager.demo.service import Demo, make_demo
from tests.browser.conftest import CHROMIUM
from tests.browser.serving import free_port, served
from tests.documentation.pages import DOCS

IMAGES = DOCS / "images"
SOON = 30_000
SIZE: ViewportSize = {"width": 1120, "height": 700}


def down_to(page: Page, selector: str) -> FloatRect:
    """Return the part of a page from its top down to the end of an element."""
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return {"x": 0, "y": 0, "width": SIZE["width"], "height": box["y"] + box["height"] + 16}


def take_all(demo: Demo, browser: Browser) -> None:
    """Go the quickstart's way, and take a picture wherever it shows one."""
    context = browser.new_context(base_url=demo.url, viewport=SIZE, timezone_id="America/Los_Angeles")
    board, wall = context.new_page(), context.new_page()
    board.goto("/")
    board.get_by_label("Station").select_option(label="LASD Compton Station")
    board.get_by_label("Callback").fill("310-555-0100")
    board.screenshot(path=IMAGES / "quickstart-start.png", clip=down_to(board, ".start"))
    board.get_by_role("button", name="Page all agencies").click()
    wall.goto("/sandbox/")
    ana = wall.get_by_role("article").filter(has=wall.get_by_role("heading", name="Ana Ruiz"))
    expect(ana).to_contain_text("On scene by", timeout=SOON)
    ana.screenshot(path=IMAGES / "quickstart-telephone.png")
    ana.get_by_role("button", name="ACK 25").click()
    expect(ana).to_contain_text("Not you? Reply NO", timeout=SOON)
    board.goto("/")
    expect(board.get_by_text("Coming")).to_have_count(1, timeout=SOON)
    board.screenshot(path=IMAGES / "quickstart-coming.png", clip=down_to(board, "#encounters"))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        demo = make_demo(free_port(), Path(folder))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        with served(demo.app, int(demo.url.rpartition(":")[2])):
            demo.start()
            take_all(demo, browser)
            browser.close()
            demo.stop()


if __name__ == "__main__":
    main()

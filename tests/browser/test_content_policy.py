"""Every page under the content policy, in a browser: nothing on its console, and the policy bites."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from pager.demo.service import make_demo
from tests.browser.all_pages import PAGES
from tests.browser.serving import free_port, served
from tests.browser.watched import Watched

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

SOON = 20_000


@pytest.fixture
def watched(browser: Browser, tmp_path: Path) -> Iterator[Watched]:
    """A visitor of the demonstration; its engine does not run, and nothing is paged."""
    demo = make_demo(free_port(), tmp_path)
    with served(demo.app, int(demo.url.rpartition(":")[2])), browser.new_context(base_url=demo.url) as context:
        yield Watched(context.new_page())


def test_no_page_breaks_the_policy(watched: Watched) -> None:
    for path in (*PAGES, "/api/docs"):
        watched.page.goto(path)
        watched.page.wait_for_load_state("networkidle")
    assert [text for text in watched.complaints if "/nothing: Failed to load resource" not in text] == []


def test_the_viewer_of_the_api_shows_a_call_and_makes_it(watched: Watched) -> None:
    page = watched.page
    page.goto("/api/docs")
    page.get_by_text("/livez").click(timeout=SOON)
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".live-responses-table tbody .response-col_status").first).to_contain_text("200", timeout=SOON)
    assert watched.complaints == []


def test_the_wall_can_be_pressed(watched: Watched) -> None:
    page = watched.page
    page.goto("/sandbox/")
    telephone = page.get_by_role("article").first
    telephone.get_by_text("Write or call").click()
    telephone.get_by_role("button", name="STATUS").click()
    expect(telephone.get_by_role("listitem")).to_contain_text("STATUS", timeout=SOON)
    assert watched.complaints == []


def test_what_stands_inline_or_comes_from_elsewhere_is_refused(watched: Watched) -> None:
    page = watched.page
    page.goto("/sign-in")
    page.evaluate(
        """() => {
          const inline = document.createElement("script");
          inline.textContent = "window.isBroken = true";
          const image = document.createElement("img");
          image.src = "https://elsewhere.example/seen.png";
          document.body.append(inline, image);
          document.body.insertAdjacentHTML("beforeend", '<p style="color: red" onclick="window.isBroken = true">x</p>');
        }"""
    )
    assert page.evaluate("window.isBroken") is None
    refused = "".join(watched.complaints)
    for directive in ("script", "img-src", "style"):
        assert directive in refused, refused

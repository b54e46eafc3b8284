"""Every page, looked over by axe: names, roles, contrast, structure; in both schemes of colour, wide and narrow."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from pager.demo.service import make_demo
from tests.browser.all_pages import PAGES
from tests.browser.serving import free_port, served

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_axe_finds_nothing_on_any_page(browser: Browser, tmp_path: Path, width: int, scheme: str) -> None:
    demo, found = make_demo(free_port(), tmp_path), list[str]()
    with (
        served(demo.app, int(demo.url.rpartition(":")[2])),
        browser.new_context(
            base_url=demo.url,
            color_scheme=scheme,  # type: ignore[arg-type]  # one of those it knows
            viewport={"width": width, "height": 800},
        ) as context,
    ):
        page = context.new_page()
        for path in PAGES:
            page.goto(path)
            for one in Axe().run(page).response["violations"]:
                found.append(f"{path}: {one['id']} at {[node['target'] for node in one['nodes']]}")
    assert not found, "\n".join(found)

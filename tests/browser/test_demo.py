"""The demonstration as its visitor meets it: one call, telephones that light up, and answers that reach the board."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Locator, Page, expect

from pager.demo.service import Demo, make_demo
from tests.browser.serving import free_port, served

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

SOON = 20_000  # a busy machine takes its time; an idle one needs under two seconds
FIVE = ("Ana Ruiz", "Thuy Tran", "Arpi Hakobyan", "Malik Johnson", "Hana Yoshida")


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    demo = make_demo(free_port(), tmp_path)
    with served(demo.app, int(demo.url.rpartition(":")[2])):
        demo.start()
        yield demo
        demo.stop()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context() as context:
        yield context.new_page()


def telephone(page: Page, name: str) -> Locator:
    return page.get_by_role("article").filter(has=page.get_by_role("heading", name=name))


def call(demo: Demo) -> str:
    """Make the one call that the demonstration prints, and return the reference."""
    answer = requests.post(
        f"{demo.url}/api/v1/encounters",
        json={"station": "compton", "callback": "310-555-0100"},
        headers={"Authorization": f"Bearer {demo.secrets.api_key}"},
        timeout=10,
    )
    assert answer.status_code == 201
    assert answer.json().get("warnings", []) == []
    reference: str = answer.json()["reference"]
    return reference


def test_one_call_lights_up_five_telephones_and_an_answer_reaches_the_board(demo: Demo, page: Page) -> None:
    page.goto(f"{demo.url}/sandbox/")
    reference = call(demo)
    for name in FIVE:
        expect(telephone(page, name)).to_contain_text(f"{reference} ", timeout=SOON)
    ana = telephone(page, "Ana Ruiz")
    ana.get_by_role("button", name="ACK 25").click()
    expect(ana).to_contain_text("Not you? Reply NO", timeout=SOON)
    page.goto(demo.url)
    expect(page.get_by_text("Coming")).to_have_count(1, timeout=SOON)
    expect(page.locator("body")).to_contain_text("Ana Ruiz")
    expect(page.locator("body")).to_contain_text("Signed in by the demonstration, as an administrator.")


def test_the_welcome_names_the_call_that_works(demo: Demo) -> None:
    assert demo.secrets.api_key in demo.welcome()
    assert f"{demo.url}/api/v1/encounters" in demo.welcome()

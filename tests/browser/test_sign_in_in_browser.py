"""Signing in as people do it: the form, a wrong password, time that runs out, a link, a password of one's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Response
from playwright.sync_api import Browser, Page, expect

from pager.lifecycle.reset_password import reset_password
from tests.browser.serving import served
from tests.browser.signing_in import sign_in
from tests.browser.test_board_in_browser import POLICY
from tests.browser.watched import Watched
from tests.passwords import GOOD, OTHER
from tests.web.pages_support import ADMIN, DCFS, DISPATCHER, pages_app, user
from tests.world import PUBLIC_URL, World

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

SOON = 20_000


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    world = World(sqlite_url)
    yield world
    world.close()


@pytest.fixture
def page(world: World, browser: Browser) -> Iterator[Page]:
    """A browser in which nobody is signed in; nothing inline may be refused on its console."""
    app = pages_app(world)

    @app.after_request
    def refuse_inline(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        return response

    with served(app) as address, browser.new_context(base_url=address) as context:
        watched = Watched(context.new_page())
        yield watched.page
    assert watched.complaints_but("Failed to load resource") == []


def test_the_form_leads_to_the_page_that_was_wanted(page: Page) -> None:
    sign_in(page, ADMIN, path="/users")
    expect(page.get_by_role("heading", name="Users")).to_be_visible()
    expect(page.get_by_role("banner")).to_contain_text(ADMIN)
    expect(page.get_by_role("link", name="Users")).to_have_attribute("aria-current", "page")


def test_a_wrong_password_is_told_and_the_right_one_lets_in(page: Page) -> None:
    sign_in(page, password="wrong")
    expect(page.get_by_role("alert")).to_have_text("Email and password do not belong together.")
    expect(page.get_by_label("Email")).to_have_value(DISPATCHER)
    page.get_by_label("Password").fill(GOOD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Open encounters")).to_be_visible()


def test_signing_out_works_by_keyboard_and_leaves_nothing_behind(page: Page) -> None:
    sign_in(page)
    page.get_by_role("button", name="Sign out").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto("/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_an_open_board_says_so_when_time_has_signed_its_user_out(world: World, page: Page) -> None:
    reference = world.trigger().overview.encounter.reference
    sign_in(page)
    expect(page.locator(f"[id='{reference}']")).to_be_visible()
    world.clock.move(timedelta(hours=1))
    expect(page.get_by_role("alert")).to_contain_text("You are signed out", timeout=SOON)
    expect(page.locator(f"[id='{reference}']")).to_have_count(0)
    page.get_by_role("alert").get_by_role("link", name="Sign in").click()
    page.get_by_label("Email").fill(DISPATCHER)
    page.get_by_label("Password").fill(GOOD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(f"[id='{reference}']")).to_be_visible()


def test_a_board_comes_back_once_somebody_has_signed_in_elsewhere_in_the_browser(world: World, page: Page) -> None:
    reference = world.trigger().overview.encounter.reference
    sign_in(page)
    world.clock.move(timedelta(hours=1))
    expect(page.get_by_role("alert")).to_be_visible(timeout=SOON)
    sign_in(page.context.new_page())
    expect(page.locator(f"[id='{reference}']")).to_be_visible(timeout=SOON)
    expect(page.get_by_role("alert")).to_be_hidden()


def test_an_administrator_makes_a_user_whose_link_lets_them_in(page: Page) -> None:
    sign_in(page, ADMIN, path="/users/new")
    page.get_by_label("Email").fill("new@county.example")
    page.get_by_label("Role").select_option("viewer")
    page.get_by_role("button", name="Make the user and a link").click()
    link = page.locator("code").inner_text()
    page.get_by_role("button", name="Sign out").click()
    page.goto(link.removeprefix(PUBLIC_URL))
    set_password(page, OTHER)
    expect(page.get_by_text("Your password is set.")).to_be_visible()
    sign_in(page, "new@county.example", OTHER)
    expect(page.get_by_role("banner")).to_contain_text("viewer")


def set_password(page: Page, password: str) -> None:
    page.get_by_label("New password").fill(password)
    page.get_by_label("Once more").fill(password)
    page.get_by_role("button", name="the password").click()


def test_a_link_works_once(world: World, page: Page) -> None:
    path = f"/password/{reset_password(world.context, user(world, DCFS).id, 'tests')}"
    page.goto(path)
    set_password(page, "short")
    expect(page.get_by_label("New password")).to_have_accessible_description(re.compile("needs at least 12"))
    set_password(page, OTHER)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto(path)
    expect(page.get_by_role("heading", name="This link is no longer good")).to_be_visible()


def test_a_changed_password_signs_out_every_other_browser(page: Page, browser: Browser) -> None:
    sign_in(page)
    with browser.new_context(base_url=page.url) as context:
        other = context.new_page()
        sign_in(other)
        expect(other.get_by_role("heading", name="Open encounters")).to_be_visible()
        page.goto("/account")
        page.get_by_label("Your password now").fill(GOOD)
        set_password(page, OTHER)
        expect(page.get_by_text("Your password is changed.")).to_be_visible()
        expect(other.get_by_role("alert")).to_contain_text("You are signed out", timeout=SOON)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_every_page_fits_the_width_in_the_colours_of_the_system(
    world: World, page: Page, width: int, scheme: str
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    sign_in(page, ADMIN)
    one = f"/users/{user(world, DCFS).id}"
    for path in ("/", "/users", "/users/new", one, "/audit", "/account", "/password/none", "/users/999"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") == width, path
        assert page.evaluate("document.documentElement.dataset.bsTheme") == scheme

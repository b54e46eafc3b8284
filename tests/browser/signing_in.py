"""Signing in by the form, as people do."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.passwords import GOOD
from tests.web.pages_support import DISPATCHER


def sign_in(page: Page, email: str = DISPATCHER, password: str = GOOD, path: str = "/") -> None:
    """Open a page that asks who one is, and say so; then that page is open, unless the password is wrong."""
    page.goto(path)
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()

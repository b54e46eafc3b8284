"""The pages of a world, people who sign in to them, and the reading of pages as people read them."""

from __future__ import annotations

import re
from contextlib import suppress
from html.parser import HTMLParser

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from pager.adapters.web.page_errors import PageErrors
from pager.adapters.web.pages import register_pages
from pager.domain.user import Role, User
from pager.lifecycle.manage_users import Rights, UserRefusedError, create_user
from pager.lifecycle.turn import Context
from tests.passwords import GOOD, FakePasswords
from tests.world import PUBLIC_URL, World

_WITHOUT_END = {"meta", "link", "img", "br", "circle", "path"}


ADMIN, DISPATCHER, VIEWER, DCFS = (f"{name}@county.example" for name in ("admin", "dispatcher", "viewer", "dcfs"))
ROLES = {
    ADMIN: Rights(Role.ADMIN),
    DISPATCHER: Rights(Role.DISPATCHER),
    VIEWER: Rights(Role.VIEWER),
    DCFS: Rights(Role.AGENCY_ADMIN, "dcfs"),
}


def pages_app(world: World, context: Context | None = None) -> Flask:
    """Return an application that serves the pages of `world` and nothing else; each of ROLES has the password GOOD.

    `context` stands in for the world's own.
    """
    app, passwords = Flask("pages-in-tests"), FakePasswords()
    app.secret_key = "of the tests"
    register_pages(app, context or world.context, passwords, PUBLIC_URL, PageErrors(world.context.fallback_text))
    for email, rights in ROLES.items():
        with suppress(UserRefusedError):  # another application of the same world has made them
            create_user(world.context, email, rights, "tests", password=passwords.hash(GOOD))
    return app


def user(world: World, email: str) -> User:
    with world.store.reading() as work:
        found = work.users.by_email(email)
    assert found is not None
    return found


def post(browser: FlaskClient, path: str, form: str | None = None, **fields: str) -> TestResponse:
    """Post to `path` with the token from the page `form`, which is the same page unless it is named."""
    return browser.post(path, data={"csrf_token": token_of(browser.get(form or path).text), **fields})


def token_of(html: str) -> str:
    """Return the CSRF token of a page."""
    found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', html)
    assert found is not None, "there is no form on this page"
    return found[1]


def sign_in(browser: FlaskClient, email: str = DISPATCHER, password: str = GOOD, next_: str = "/") -> TestResponse:
    """Sign in by the form."""
    return post(browser, "/sign-in", email=email, password=password, next=next_)


def secret_of(browser: FlaskClient) -> str:
    """Return the secret of the session that a browser holds."""
    with browser.session_transaction() as session:
        return str(session["_user_id"])


def signed_in(app: Flask, email: str = DISPATCHER) -> FlaskClient:
    """Return a browser in which somebody has just signed in."""
    browser = app.test_client()
    assert sign_in(browser, email).status_code == 303
    return browser


def texts(html: str, id_end: str) -> list[str]:
    """Return the text of each element whose id ends with `id_end`, its words one space apart."""
    reader = _Reader(id_end)
    reader.feed(html)
    return [" ".join(" ".join(parts).split()) for parts in reader.found]


class _Reader(HTMLParser):
    def __init__(self, id_end: str) -> None:
        super().__init__()
        self.id_end, self.depth = id_end, 0
        self.found: list[list[str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.depth == 0 and (dict(attrs).get("id") or "").endswith(self.id_end):
            self.depth = 1
            self.found.append([])
        elif self.depth and tag not in _WITHOUT_END:
            self.depth += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element that ends where it begins holds no text."""

    def handle_endtag(self, tag: str) -> None:
        if self.depth and tag not in _WITHOUT_END:
            self.depth -= 1

    def handle_data(self, data: str) -> None:
        if self.depth:
            self.found[-1].append(data)

"""The lock of a page that is for signed-in users: whom it lets in, and what becomes of the others."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import flask_login
import pytest
from flask import Blueprint, Flask, Request
from werkzeug.test import TestResponse

from pager.adapters.web.authority import (
    PUBLIC,
    SignedIn,
    allows,
    authority_of,
    current_user,
    declared,
    refuse_undeclared,
    register_declared,
)
from pager.domain.user import Role, User
from tests.clock import START


def locked_app() -> Flask:
    """Return an application with a page, a poll and a public page; the header `Role` says who is signed in."""
    app = Flask("locked")
    app.secret_key = "of the tests"  # who is sent away is told why
    login = flask_login.LoginManager(app)

    @login.request_loader  # type: ignore[untyped-decorator]  # the library ships no types
    def load(request: Request) -> SignedIn | None:
        role = request.headers.get("Role")
        return SignedIn(User("ana@example.org", Role(role), START), "secret") if role else None

    @app.route("/users", methods=["GET", "POST"])
    @allows(Role.ADMIN, Role.AGENCY_ADMIN)
    def users() -> str:
        return current_user().email

    @app.get("/poll")
    @allows(is_poll=True)
    def poll() -> str:
        return "news"

    app.add_url_rule("/help", view_func=declared(lambda: "help", PUBLIC), endpoint="help")
    app.add_url_rule("/forgotten", view_func=lambda: "forgotten", endpoint="forgotten")
    app.before_request(refuse_undeclared)
    return app


def ask(path: str, role: str = "", method: str = "GET") -> TestResponse:
    headers = {"Role": role} if role else {}
    return locked_app().test_client().open(path, method=method, headers=headers)


@pytest.mark.parametrize(
    ("role", "status"), [("admin", 200), ("agency_admin", 200), ("dispatcher", 403), ("viewer", 403)]
)
def test_lets_in_the_roles_that_it_names(role: str, status: int) -> None:
    assert ask("/users", role).status_code == status


@pytest.mark.parametrize("role", list(Role))
def test_without_a_role_named_every_user_is_let_in(role: Role) -> None:
    assert ask("/poll", role).text == "news"


def test_who_is_not_signed_in_goes_to_sign_in_and_comes_back() -> None:
    sent = ask("/users?from=1&to=a%20b")
    assert (sent.status_code, urlsplit(sent.location).path) == (303, "/sign-in")
    assert parse_qs(urlsplit(sent.location).query) == {"next": ["/users?from=1&to=a%20b"]}


def test_what_was_posted_without_a_sign_in_is_not_posted_again() -> None:
    assert parse_qs(urlsplit(ask("/users", method="POST").location).query) == {"next": ["/"]}


def test_a_script_is_told_and_not_sent_elsewhere() -> None:
    assert ask("/poll").status_code == 401


@pytest.mark.parametrize("path", ["/users?%0d%0aSet-Cookie:%20a=b", "/users?\r\nSet-Cookie: a=b", "/users?next=//evil"])
def test_an_address_puts_nothing_into_the_headers_of_the_way_to_sign_in(path: str) -> None:
    sent = ask(path)
    assert "Set-Cookie" not in sent.headers
    assert sent.location.startswith("/sign-in?next=%2Fusers%3F")


def test_a_route_that_does_not_say_whom_it_is_for_is_for_nobody() -> None:
    assert ask("/forgotten", "admin").status_code == 500
    assert ask("/help").text == "help"
    assert ask("/nothing").status_code == 404


def test_a_blueprint_with_one_lock_declares_it_for_each_of_its_views() -> None:
    app, blueprint = Flask("mounted"), Blueprint("one", "one", static_folder=None)
    blueprint.add_url_rule("/a", view_func=lambda: "a", endpoint="a")
    app.add_url_rule("/b", view_func=lambda: "b", endpoint="b")
    register_declared(app, blueprint, PUBLIC)
    assert (authority_of(app, "one.a"), authority_of(app, "b")) == (PUBLIC, None)

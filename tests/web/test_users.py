"""The pages on which administrators decide who signs in."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from pager.domain.user import Role
from tests.passwords import GOOD, OTHER
from tests.web.pages_support import ADMIN, DCFS, DISPATCHER, VIEWER, post, sign_in, signed_in, user
from tests.world import PUBLIC_URL, World

NEW = "new@county.example"
DEEDS = ("deactivate", "reactivate", "link")


def link_in(answer: TestResponse) -> str:
    """Return the path of the link that a page shows."""
    found = re.search(rf">{PUBLIC_URL}(/password/\w+)<", answer.text)
    assert found is not None
    return found[1]


def page_of(world: World, email: str) -> str:
    return f"/users/{user(world, email).id}"


def test_lists_everybody_with_role_and_state(app: Flask) -> None:
    page = signed_in(app, ADMIN).get("/users").text
    assert all(email in page for email in (ADMIN, DISPATCHER, VIEWER, DCFS))
    assert "agency administrator of dcfs" in page


@pytest.mark.parametrize("email", [DISPATCHER, VIEWER, DCFS])
def test_they_are_for_administrators_only(app: Flask, world: World, email: str) -> None:
    browser, path = signed_in(app, email), page_of(world, ADMIN)
    assert [browser.get(one).status_code for one in ("/users", "/users/new", path)] == [403] * 3
    for deed in ("/users/new", path, *(f"{path}/{deed}" for deed in DEEDS)):
        assert post(browser, deed, form="/account", role="viewer", email=NEW).status_code == 403


def test_a_new_user_gets_a_link_shown_once_and_signs_in_with_it(app: Flask) -> None:
    admin, browser = signed_in(app, ADMIN), app.test_client()
    answer = post(admin, "/users/new", email=" New@County.example", role="dispatcher", agency="", sms="213-555-0177")
    assert "shown now and never again" in answer.text
    link = link_in(answer)
    assert link not in admin.get("/users").text + admin.get("/audit").text
    post(browser, link, new=OTHER, again=OTHER)
    assert sign_in(browser, NEW, OTHER).location == "/"
    assert "213-555-0177" in browser.get("/account").text


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"email": "new"}, "This is no email address."),
        ({"email": ""}, "Write their email address."),
        ({"email": VIEWER}, "There is a user viewer@county.example already."),
        ({"role": "agency_admin"}, "An agency administrator needs an agency."),
        ({"agency": "dcfs"}, "An agency is for agency administrators only"),
        ({"sms": "12"}, "This is no number for SMS"),
        ({"agency": "nowhere"}, "Choose one of those offered."),
        ({"email": "a" * 300}, "An email address has at most 254 characters."),
        ({"sms": "5" * 41}, "This is no number for SMS"),
        ({"role": "owner"}, "Choose one of those offered."),
    ],
)
def test_says_what_is_wrong_with_a_new_user(unchanged: Flask, fields: dict[str, str], says: str) -> None:
    given = {"email": NEW, "role": "viewer", "agency": "", "sms": ""} | fields
    answer = post(signed_in(unchanged, ADMIN), "/users/new", **given)
    assert answer.status_code == 422
    assert says in answer.text


def test_other_rights_hold_from_the_next_request_on(app: Flask, world: World) -> None:
    admin, browser = signed_in(app, ADMIN), signed_in(app, VIEWER)
    answer = post(admin, page_of(world, VIEWER), role="agency_admin", agency="dcfs", sms="")
    assert answer.location == "/users"
    assert f"{VIEWER}: saved." in admin.get("/users").text
    assert browser.get("/").location == "/agencies"
    assert (user(world, VIEWER).role, user(world, VIEWER).agency) == (Role.AGENCY_ADMIN, "dcfs")


def test_a_deactivated_user_is_out_and_can_be_taken_back(app: Flask, world: World) -> None:
    admin, browser = signed_in(app, ADMIN), signed_in(app, VIEWER)
    path = page_of(world, VIEWER)
    post(admin, f"{path}/deactivate", form=path)
    assert browser.get("/").status_code == 303
    assert sign_in(app.test_client(), VIEWER).status_code == 422
    assert "deactivated" in admin.get("/users").text
    assert post(admin, f"{path}/link", form=path).status_code == 409
    post(admin, f"{path}/reactivate", form=path)
    assert sign_in(app.test_client(), VIEWER).status_code == 303


def test_a_link_for_somebody_who_forgot_their_password(app: Flask, world: World) -> None:
    admin, path = signed_in(app, ADMIN), page_of(world, VIEWER)
    older = link_in(post(admin, f"{path}/link", form=path))
    newer = link_in(post(admin, f"{path}/link", form=path))
    browser = app.test_client()
    assert sign_in(app.test_client(), VIEWER, GOOD).status_code == 303
    assert browser.get(older).status_code == 404
    assert post(browser, newer, new=OTHER, again=OTHER).status_code == 303
    assert sign_in(browser, VIEWER, OTHER).status_code == 303


def test_the_last_administrator_can_neither_go_nor_be_another(app: Flask, world: World) -> None:
    admin, path = signed_in(app, ADMIN), page_of(world, ADMIN)
    for answer in (
        post(admin, path, role="viewer", agency="", sms=""),
        post(admin, f"{path}/deactivate", form=path),
    ):
        assert answer.status_code in (409, 422)
        assert "is the last active administrator" in answer.text
    assert admin.get("/users").status_code == 200


@pytest.mark.parametrize("number", ["999", str(2**63 - 1), str(2**63), "x"])
def test_a_user_who_is_not_there_is_no_page(app: Flask, number: str) -> None:
    answer = signed_in(app, ADMIN).get(f"/users/{number}")
    assert answer.status_code == 404


def test_no_link_and_no_password_stands_in_the_audit(app: Flask, world: World) -> None:
    admin, path = signed_in(app, ADMIN), page_of(world, VIEWER)
    link = link_in(post(admin, f"{path}/link", form=path))
    post(app.test_client(), link, new=OTHER, again=OTHER)
    page = admin.get("/audit").text
    assert "set by a link" in page
    assert not any(secret in page for secret in (link.rpartition("/")[2], OTHER, "plain:"))

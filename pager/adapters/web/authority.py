"""Who may use a route: each view says it once, where it is made, and a role's route is locked by what it says.

A view that says nothing is served to nobody (`refuse_undeclared`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

import flask_login
from flask import Blueprint, Flask, current_app, flash, redirect, request
from werkzeug.exceptions import Forbidden, InternalServerError, Unauthorized

from pager.domain.api_key import Scope
from pager.domain.user import Role, User

SIGN_IN = "/sign-in"

View = TypeVar("View", bound=Callable[..., Any])


class Kind(StrEnum):
    """By what somebody is let in."""

    PUBLIC = "nothing"
    KEY = "a key of the API"
    CARRIER = "the carrier's signature"
    USER = "a sign-in"
    SANDBOX = "the demonstration: it is on a machine of its own, and nothing there is real"


@dataclass(frozen=True)
class Authority:
    """What a route asks for; a key must have one of `scopes`, a user one of `roles`."""

    kind: Kind
    scopes: tuple[Scope, ...] = ()
    roles: tuple[Role, ...] = ()


PUBLIC = Authority(Kind.PUBLIC)
CARRIER = Authority(Kind.CARRIER)
SANDBOX = Authority(Kind.SANDBOX)


def keys_with(scopes: Sequence[Scope]) -> Authority:
    """Return the authority of a call of the API; without scopes it is everybody's."""
    return Authority(Kind.KEY, scopes=tuple(scopes)) if scopes else PUBLIC


class SignedIn(flask_login.UserMixin):  # type: ignore[misc]  # the library ships no types
    """What Flask-Login holds of a signed-in user; its id is the secret of the session, not the user's.

    `ends_at` is when the session ends, None while that is not soon.
    """

    def __init__(self, user: User, secret: str, ends_at: datetime | None = None) -> None:
        self.user, self.ends_at, self._secret = user, ends_at, secret

    def get_id(self) -> str:
        return self._secret


def signed_in_user() -> User | None:
    """Return who is signed in, None where nobody is."""
    found = flask_login.current_user
    return found.user if found.is_authenticated else None


def session_ends_at() -> datetime | None:
    """Return when the session of this request ends, None while that is not soon, or where nobody is signed in."""
    found = flask_login.current_user
    return found.ends_at if found.is_authenticated else None


def current_user() -> User:
    """Return who is signed in, in a view that only users are let into."""
    user = signed_in_user()
    if user is None:
        raise Unauthorized("Nobody is signed in.")
    return user


def declared(view: View, authority: Authority) -> View:
    """Return a view that says who may use it; who declares anything but a role sees to the lock, too."""

    @wraps(view)
    def declaring(*args: Any, **values: Any) -> Any:
        return view(*args, **values)

    declaring.authority = authority  # type: ignore[attr-defined]  # read by `authority_of`
    return cast(View, declaring)


def register_declared(app: Flask, blueprint: Blueprint, authority: Authority, **options: Any) -> None:
    """Register a blueprint that has one lock for all its views, and declare it for each."""
    app.register_blueprint(blueprint, **options)
    for endpoint, view in app.view_functions.items():
        if endpoint.rpartition(".")[0] == blueprint.name:
            app.view_functions[endpoint] = declared(view, authority)


def allows(*roles: Role, is_poll: bool = False) -> Callable[[View], View]:
    """Declare and enforce that users of these roles may use a view, of any role where none is named.

    Nobody signed in is sent to `/sign-in?next=…` and comes back, or gets `401` from a view that a script asks
    (`is_poll`); another role gets `403`. Goes below the decorator that adds the route:

        @blueprint.get("/users")
        @allows(Role.ADMIN)
        def users() -> str: ...
    """
    allowed = roles or tuple(Role)

    def lock(view: View) -> View:
        @wraps(view)
        def locked(*args: Any, **values: Any) -> Any:
            user = signed_in_user()
            if user is None:
                return _to_sign_in(is_poll)
            if user.role not in allowed:
                raise Forbidden(f"You are signed in as {user.role}; this is for {' and '.join(allowed)} only.")
            return view(*args, **values)

        return declared(cast(View, locked), Authority(Kind.USER, roles=allowed))

    return lock


def _to_sign_in(is_poll: bool) -> Any:
    if is_poll:
        raise Unauthorized("You are not signed in any more; open the page again.")
    if request.method == "POST":
        flash("You had been signed out: what you sent was not done.")
    wanted = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return redirect(f"{request.script_root}{SIGN_IN}?{urlencode({'next': wanted})}", 303)


def authority_of(app: Flask, endpoint: str) -> Authority | None:
    """Return what a route asks for, None where its view does not say; files that come with the code are public."""
    if endpoint.rpartition(".")[2] == "static":
        return PUBLIC
    return getattr(app.view_functions[endpoint], "authority", None)


def refuse_undeclared() -> None:
    """Before each request: let nobody into a route that does not say whom it is for."""
    if request.endpoint is not None and authority_of(current_app, request.endpoint) is None:
        raise InternalServerError("This page does not say who may see it, so nobody may.")

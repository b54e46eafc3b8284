"""Flask-Login over our sessions: the cookie holds a session's secret, the database whether it still runs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import flask_login
from flask import Flask, current_app, g, session

from pager.adapters.web.authority import SignedIn
from pager.domain.user import User
from pager.lifecycle.recognise import recognise
from pager.lifecycle.sign_out import sign_out
from pager.lifecycle.turn import Context


def know_users(app: Flask, context: Context) -> flask_login.LoginManager:
    """Let `app` know who is signed in; its pages find them as `visitor`, once somebody has asked."""
    manager = flask_login.LoginManager(app, add_context_processor=False)  # it would look at each page who is there
    # It compares network address and browser; people at consoles change the one, and whoever steals a cookie can send
    # the other.
    manager.session_protection = None

    def load(secret: str) -> SignedIn | None:
        visit = recognise(context, secret)
        return None if visit is None else let_in(visit.user, secret, visit.ends_at)

    manager.user_loader(load)
    app.context_processor(_visitor)
    return manager


def let_in(user: User, secret: str, ends_at: datetime | None = None) -> SignedIn:
    """Return the signed-in user as Flask-Login knows them, and let this request's page show them."""
    g.visitor = user
    return SignedIn(user, secret, ends_at)


def _visitor() -> dict[str, Any]:
    """Nothing is looked up here: the pages that say that the database is away are made in this way, too."""
    return {"visitor": g.get("visitor"), "has_wall": "sandbox" in current_app.blueprints}


def begin(user: User, secret: str) -> None:
    """Make this browser the one with a new session: nothing of what it held before goes on."""
    session.clear()
    flask_login.login_user(let_in(user, secret))


def end(context: Context) -> None:
    """End this browser's session, here and in the database."""
    secret = session_secret()
    session.clear()
    g.visitor = None
    flask_login.logout_user()
    if secret is not None:
        sign_out(context, secret)


def session_secret() -> str | None:
    """Return the secret of the session that this request came with, None where nobody is signed in."""
    secret: str | None = flask_login.current_user.get_id()
    return secret

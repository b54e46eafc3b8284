"""The demonstration's visitor: signed in without a password, as an administrator. Nothing else here ever does that."""

from __future__ import annotations

import flask_login
from flask import Flask, Request, session

from pager.adapters.web.authority import SignedIn
from pager.adapters.web.sign_in_session import let_in
from pager.domain.user import Role
from pager.lifecycle.access_ports import Passwords
from pager.lifecycle.manage_users import Rights, create_user
from pager.lifecycle.sign_in import begin_session
from pager.lifecycle.turn import Context, reading, writing

EMAIL = "visitor@demo.example"
BY = "pager demo"
HAS_LEFT = "has_left"


def keep_visitor(context: Context, passwords: Passwords, password: str) -> None:
    """Make the visitor's user, or bring them back to what they were: an administrator with this password."""
    hash_ = passwords.hash(password)
    with reading(context) as turn:
        known = turn.work.users.by_email(EMAIL)
    if known is None:
        create_user(context, EMAIL, Rights(Role.ADMIN), BY, password=hash_)
        return
    with writing(context) as turn:
        visitor = turn.work.users.lock(known.id)
        if visitor is not None:
            visitor.password, visitor.role, visitor.agency, visitor.is_active = hash_, Role.ADMIN, None, True


def sign_visitors_in(app: Flask, context: Context) -> None:
    """Begin a session for whoever opens a page and has none; who has signed out may try the form."""

    def load(_request: Request) -> SignedIn | None:
        if HAS_LEFT in session:
            return None
        with writing(context) as turn:
            visitor = turn.work.users.by_email(EMAIL)
            if visitor is None or not visitor.is_active:
                return None
            signed_in = let_in(visitor, begin_session(turn, visitor))
        session["is_demonstration"] = True
        flask_login.login_user(signed_in)
        return signed_in

    def note_leaving(_sender: Flask, **_: object) -> None:
        session[HAS_LEFT] = True

    app.login_manager.request_loader(load)  # type: ignore[attr-defined]  # Flask-Login puts it there
    flask_login.user_logged_out.connect(note_leaving, app, weak=False)

"""One's own account: who one is here, and one's password."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import PasswordField
from wtforms.validators import EqualTo, InputRequired

from pager.adapters.web.authority import allows, current_user
from pager.adapters.web.crowd import Crowd
from pager.adapters.web.sign_in import BUSY, waiting
from pager.adapters.web.sign_in_network import network_of
from pager.adapters.web.sign_in_session import session_secret
from pager.lifecycle.access_ports import Passwords, PasswordsBusyError
from pager.lifecycle.change_password import change_password
from pager.lifecycle.new_password import UnusablePasswordError
from pager.lifecycle.prove_password import Attempt, PausedError, WrongPasswordError
from pager.lifecycle.turn import Context

CHANGED = "Your password is changed. Everywhere else you are signed out."


class NewPasswordForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """A new password, twice."""

    new = PasswordField("New password", [InputRequired("Write a new password.")])
    again = PasswordField("Once more", [EqualTo("new", "The two are not the same.")])


class ChangePasswordForm(NewPasswordForm):
    """A new password in place of the old one."""

    old = PasswordField("Your password now", [InputRequired("Write the password that you have now.")])


def create_account(context: Context, passwords: Passwords, crowd: Crowd) -> Blueprint:
    """Return the page of one's own account."""
    blueprint = Blueprint("account", __name__)

    @blueprint.get("/account")
    @allows()
    def show() -> Response:
        return _page(ChangePasswordForm())

    @blueprint.post("/account")
    @crowd.few
    @allows()
    def change() -> Response:
        form = ChangePasswordForm()
        if not form.validate():
            return _page(form, HTTPStatus.UNPROCESSABLE_ENTITY)
        attempt = Attempt(current_user().email, form.old.data, network_of(request))
        try:
            change_password(context, passwords, attempt, form.new.data, session=session_secret() or "")
        except (UnusablePasswordError, WrongPasswordError, PausedError, PasswordsBusyError) as error:
            return _refused(form, error)
        flash(CHANGED)
        return redirect(url_for("account.show"), HTTPStatus.SEE_OTHER)

    return blueprint


def _refused(form: ChangePasswordForm, error: Exception) -> Response:
    """Return the page with what is wrong beside its field."""
    field: Any = form.old
    match error:
        case UnusablePasswordError():
            field, text = form.new, str(error)
        case PausedError():
            text = waiting(error.wait)
        case WrongPasswordError():
            text = "This is not your password."
        case _:
            text = BUSY
    field.errors = [text]
    return _page(form, HTTPStatus.UNPROCESSABLE_ENTITY)


def _page(form: ChangePasswordForm, status: int = HTTPStatus.OK) -> Response:
    return make_response(render_template("account/account.html", form=form), status)

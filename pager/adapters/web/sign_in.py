"""Signing in and out: `/sign-in` and `/sign-out`."""

from __future__ import annotations

import math
from datetime import timedelta
from http import HTTPStatus

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import EmailField, HiddenField, PasswordField
from wtforms.validators import InputRequired, Length

from pager.adapters.emails import LONGEST as LONGEST_EMAIL
from pager.adapters.web.authority import PUBLIC, SIGN_IN, allows, declared, session_ends_at, signed_in_user
from pager.adapters.web.crowd import Crowd
from pager.adapters.web.sign_in_network import network_of
from pager.adapters.web.sign_in_next import own_path
from pager.adapters.web.sign_in_session import begin, end
from pager.domain.password import LONGEST as LONGEST_PASSWORD
from pager.lifecycle.access_ports import Passwords, PasswordsBusyError
from pager.lifecycle.prove_password import Attempt, PausedError, WrongPasswordError
from pager.lifecycle.sign_in import sign_in
from pager.lifecycle.turn import Context

WRONG = "Email and password do not belong together."
BUSY = "Many people are signing in at this moment. Try again in a few seconds."
EMAIL_LENGTH = Length(max=LONGEST_EMAIL, message=f"An email address has at most {LONGEST_EMAIL} characters.")
PASSWORD_LENGTH = Length(max=LONGEST_PASSWORD, message=f"A password has at most {LONGEST_PASSWORD} characters.")
MINUTE_SECONDS = 60


class SignInForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """Who somebody says they are. `next` is where they wanted to go."""

    email = EmailField("Email", [InputRequired("Write your email address."), EMAIL_LENGTH])
    password = PasswordField("Password", [InputRequired("Write your password."), PASSWORD_LENGTH])
    next = HiddenField()


def create_sign_in(context: Context, passwords: Passwords, crowd: Crowd) -> Blueprint:
    """Return the way in and out."""
    blueprint = Blueprint("sign_in", __name__)

    def show() -> AnyResponse:
        form = SignInForm(next=request.args.get("next"))
        if signed_in_user() is not None and session_ends_at() is None:
            return redirect(_destination(form))
        return _page(form)

    def enter() -> AnyResponse:
        form = SignInForm()
        if not form.validate():
            return _page(form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        attempt = Attempt(form.email.data, form.password.data, network_of(request))
        try:
            user, secret = sign_in(context, passwords, attempt)
        except WrongPasswordError:
            return _page(form, WRONG, HTTPStatus.UNPROCESSABLE_ENTITY)
        except PasswordsBusyError:
            return _page(form, BUSY, HTTPStatus.SERVICE_UNAVAILABLE)
        except PausedError as paused:
            return _paused_page(form, paused)
        end(context)  # whoever was signed in here before is so no longer
        begin(user, secret)
        return redirect(_destination(form), HTTPStatus.SEE_OTHER)

    blueprint.add_url_rule(SIGN_IN, view_func=declared(show, PUBLIC))
    blueprint.add_url_rule(SIGN_IN, view_func=crowd.few(declared(enter, PUBLIC)), methods=["POST"])

    @blueprint.post("/sign-out")
    @allows()
    def leave() -> AnyResponse:
        end(context)
        return redirect(request.script_root + SIGN_IN, HTTPStatus.SEE_OTHER)

    return blueprint


def _destination(form: SignInForm) -> str:
    return request.script_root + own_path(form.next.data)


def _page(form: SignInForm, mistake: str | None = None, status: int = HTTPStatus.OK) -> Response:
    return make_response(render_template("sign_in/sign_in.html", form=form, mistake=mistake), status)


def _paused_page(form: SignInForm, paused: PausedError) -> Response:
    response = _page(form, waiting(paused.wait), HTTPStatus.TOO_MANY_REQUESTS)
    response.headers["Retry-After"] = str(math.ceil(paused.wait.total_seconds()))
    return response


def waiting(wait: timedelta) -> str:
    """Say how long no password is looked at; never less than is left."""
    seconds = math.ceil(wait.total_seconds())
    many = f"{seconds} seconds" if seconds > 1 else "1 second"
    if seconds > 2 * MINUTE_SECONDS:
        many = f"{math.ceil(seconds / MINUTE_SECONDS)} minutes"
    return f"After too many wrong passwords none is looked at for a while, right or wrong. Try again in {many}."

"""The one-time link by which somebody sets a password: `/password/<token>`.

The token stands in the address, so the page holds nothing from elsewhere, and the headers of all pages let nobody keep
the page or be told where somebody comes from. Looking at it uses nothing up: programs that look at links before people
do would else void them.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response

from pager.adapters.web.account import NewPasswordForm
from pager.adapters.web.authority import PUBLIC, SIGN_IN, declared
from pager.adapters.web.crowd import Crowd
from pager.adapters.web.page_errors import PageErrors
from pager.adapters.web.sign_in import BUSY
from pager.adapters.web.sign_in_session import end
from pager.lifecycle.access_ports import Passwords, PasswordsBusyError
from pager.lifecycle.new_password import UnusablePasswordError
from pager.lifecycle.ports import StoreUnavailableError
from pager.lifecycle.reset_password import LinkError, set_password, user_of_link
from pager.lifecycle.turn import Context

SET = "Your password is set. Sign in with it."
PATH = "/password/<token>"


def create_account_link(context: Context, passwords: Passwords, crowd: Crowd, errors: PageErrors) -> Blueprint:
    """Return the page behind a link."""
    blueprint = Blueprint("account_link", __name__)

    def show(token: str) -> Response:
        return _page(NewPasswordForm(), user_of_link(context, token).email)

    def change(token: str) -> Response:
        form, email = NewPasswordForm(), user_of_link(context, token).email
        if not form.validate():
            return _page(form, email, HTTPStatus.UNPROCESSABLE_ENTITY)
        try:
            set_password(context, passwords, token, form.new.data)
        except UnusablePasswordError as error:
            form.new.errors = [str(error)]
            return _page(form, email, HTTPStatus.UNPROCESSABLE_ENTITY)
        except PasswordsBusyError:
            form.new.errors = [BUSY]
            return _page(form, email, HTTPStatus.SERVICE_UNAVAILABLE)
        end(context)  # it may be somebody else who is signed in here
        flash(SET)
        return redirect(request.script_root + SIGN_IN, HTTPStatus.SEE_OTHER)

    blueprint.add_url_rule(PATH, view_func=declared(show, PUBLIC))
    blueprint.add_url_rule(PATH, view_func=crowd.few(declared(change, PUBLIC)), methods=["POST"])

    @blueprint.errorhandler(LinkError)
    def useless(_error: LinkError) -> tuple[str, int]:
        return render_template("account/link_useless.html"), HTTPStatus.NOT_FOUND

    @blueprint.errorhandler(CSRFError)
    def sent_twice(error: CSRFError) -> Any:
        """Setting the password ends what the form was good for: a form sent twice is about a link that was used."""
        try:
            user_of_link(context, (request.view_args or {}).get("token", ""))
        except LinkError as useless_link:
            return useless(useless_link)
        except StoreUnavailableError:
            pass  # what is wrong with the form can be told without the database
        return errors.page(error)

    return blueprint


def _page(form: NewPasswordForm, email: str, status: int = HTTPStatus.OK) -> Response:
    return make_response(render_template("account/link.html", form=form, email=email), status)

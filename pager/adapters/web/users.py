"""The pages on which administrators decide who signs in: `/users`."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, abort, flash, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from pager.adapters.web.authority import allows, current_user
from pager.adapters.web.users_form import RightsForm, new_user_form, rights_form
from pager.domain.authority import ROLES, Deed
from pager.domain.user import User
from pager.lifecycle.manage_users import UserRefusedError, change_user, create_user, deactivate_user, reactivate_user
from pager.lifecycle.reset_password import LinkError, reset_password
from pager.lifecycle.turn import Context, reading

ADMINISTRATORS = ROLES[Deed.MANAGE_USERS]
ONE = f"/<int(max={2**63 - 1}):user_id>"  # what a database can look for


def create_users(context: Context, public_url: str) -> Blueprint:
    """Return the pages of users; links to set a password begin with `public_url`."""
    blueprint = Blueprint("users", __name__, url_prefix="/users")
    _add_listing(blueprint, context, public_url)
    _add_one(blueprint, context)
    _add_deeds(blueprint, context, public_url)
    return blueprint


def _add_listing(blueprint: Blueprint, context: Context, public_url: str) -> None:
    @blueprint.get("")
    @allows(*ADMINISTRATORS)
    def show_all() -> str:
        with reading(context) as turn:
            users = turn.work.users.all()
        return render_template("users/users.html", users=users)

    @blueprint.get("/new")
    @allows(*ADMINISTRATORS)
    def new() -> str:
        return render_template("users/new.html", form=new_user_form(context))

    @blueprint.post("/new")
    @allows(*ADMINISTRATORS)
    def create() -> Response:
        form = new_user_form(context)
        if form.validate():
            try:
                user, secret = create_user(context, form.email.data, form.rights(), current_user().email)
                return _link_page(user, f"{public_url}/password/{secret}")
            except UserRefusedError as error:
                form.refuse(error)
        return make_response(render_template("users/new.html", form=form), HTTPStatus.UNPROCESSABLE_ENTITY)


def _add_one(blueprint: Blueprint, context: Context) -> None:
    @blueprint.get(ONE)
    @allows(*ADMINISTRATORS)
    def show(user_id: int) -> Response:
        user = _find(context, user_id)
        return _one_page(user, rights_form(context, user))

    @blueprint.post(ONE)
    @allows(*ADMINISTRATORS)
    def change(user_id: int) -> Response:
        user = _find(context, user_id)
        form = rights_form(context, user)
        if form.validate():
            try:
                change_user(context, user_id, form.rights(), current_user().email)
                return _done(f"{user.email}: saved.")
            except UserRefusedError as error:
                form.refuse(error)
        return _one_page(user, form, HTTPStatus.UNPROCESSABLE_ENTITY)


def _add_deeds(blueprint: Blueprint, context: Context, public_url: str) -> None:
    @blueprint.post(f"{ONE}/deactivate")
    @allows(*ADMINISTRATORS)
    def deactivate(user_id: int) -> Response:
        user = _find(context, user_id)
        try:
            deactivate_user(context, user_id, current_user().email)
        except UserRefusedError as error:
            form = rights_form(context, user)
            form.refuse(error)
            return _one_page(user, form, HTTPStatus.CONFLICT)
        return _done(f"{user.email} is signed out and cannot sign in any more.")

    @blueprint.post(f"{ONE}/reactivate")
    @allows(*ADMINISTRATORS)
    def reactivate(user_id: int) -> Response:
        user = _find(context, user_id)
        reactivate_user(context, user_id, current_user().email)
        return _done(f"{user.email} can sign in again.")

    @blueprint.post(f"{ONE}/link")
    @allows(*ADMINISTRATORS)
    def link(user_id: int) -> Response:
        user = _find(context, user_id)
        try:
            secret = reset_password(context, user_id, current_user().email)
        except LinkError:
            abort(HTTPStatus.CONFLICT, f"{user.email} is deactivated; reactivate them first.")
        return _link_page(user, f"{public_url}/password/{secret}")


def _find(context: Context, user_id: int) -> User:
    with reading(context) as turn:
        user = turn.work.users.find(user_id)
    return user or abort(HTTPStatus.NOT_FOUND)


def _one_page(user: User, form: RightsForm, status: int = HTTPStatus.OK) -> Response:
    return make_response(render_template("users/user.html", user=user, form=form), status)


def _link_page(user: User, link: str) -> Response:
    """Show a link this once; going back or loading again does not bring it back."""
    return make_response(render_template("users/link.html", user=user, link=link))


def _done(said: str) -> Response:
    flash(said)
    return redirect(url_for("users.show_all"), HTTPStatus.SEE_OTHER)

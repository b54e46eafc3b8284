"""The pages on which rotations are made, changed and ended."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pager.adapters.web.agency_pages import KEEPERS, keepers_agency
from pager.adapters.web.authority import allows, current_user
from pager.adapters.web.roster_entries import ONE
from pager.adapters.web.roster_forms import RotationForm, rotation_form
from pager.adapters.web.roster_said import last_change, said_of_gaps, said_of_rotation
from pager.domain.audit import fingerprint
from pager.domain.directory import Agency
from pager.domain.draft import DraftError
from pager.domain.rotation import Rotation
from pager.lifecycle.keep_roster import ChangedMeanwhileError, find_rotation, put_rotation, take_off_rotation
from pager.lifecycle.turn import Context, reading


def create_rotations(context: Context) -> Blueprint:
    """Return the pages of an agency's rotations."""
    blueprint = Blueprint("rotations", __name__, url_prefix="/agencies/<code>/rotations")
    _add_new(blueprint, context)
    _add_one(blueprint, context)
    return blueprint


def _add_new(blueprint: Blueprint, context: Context) -> None:
    @blueprint.get("/new")
    @allows(*KEEPERS)
    def new(code: str) -> Response:
        agency = keepers_agency(context, code)
        with reading(context) as turn:
            return _form_page(agency, rotation_form(turn, agency, proposed={"every": 7, "unit": "days"}))

    @blueprint.post("/new")
    @allows(*KEEPERS)
    def create(code: str) -> Response:
        return _save(context, keepers_agency(context, code), None)


def _add_one(blueprint: Blueprint, context: Context) -> None:
    @blueprint.get(ONE)
    @allows(*KEEPERS)
    def show(code: str, entry_id: int) -> Response:
        agency = keepers_agency(context, code)
        with reading(context) as turn:
            rotation = find_rotation(turn, agency.code, entry_id) or abort(HTTPStatus.NOT_FOUND)
            return _form_page(agency, rotation_form(turn, agency, rotation), rotation)

    @blueprint.post(ONE)
    @allows(*KEEPERS)
    def change(code: str, entry_id: int) -> Response:
        return _save(context, keepers_agency(context, code), entry_id)

    @blueprint.post(f"{ONE}/remove")
    @allows(*KEEPERS)
    def remove(code: str, entry_id: int) -> Response:
        agency = keepers_agency(context, code)
        with reading(context) as turn:
            rotation = find_rotation(turn, agency.code, entry_id) or abort(HTTPStatus.NOT_FOUND)
            told = said_of_rotation(turn, rotation)
        try:
            seen = request.form.get("seen", "")
            is_ended = take_off_rotation(context, agency.code, entry_id, current_user().email, seen=seen)
        except ChangedMeanwhileError:
            flash("Somebody has changed this meanwhile, so it was left on the roster. This is how it is now.")
            return redirect(url_for("rotations.show", code=agency.code, entry_id=entry_id), HTTPStatus.SEE_OTHER)
        said = "Ended: the rotation of" if is_ended else "Over already, and left as it was: the rotation of"
        return _done(context, agency, rotation, f"{said} {told}.")


def _save(context: Context, agency: Agency, entry_id: int | None) -> Response:
    """Store what was written, or show it again with what is wrong, or with what somebody else has made of it."""
    with reading(context) as turn:
        form = rotation_form(turn, agency)
    if form.validate():
        try:
            by, seen = current_user().email, form.seen.data
            new = put_rotation(context, agency.code, form.draft(), by, entry_id=entry_id, seen=seen)
            with reading(context) as turn:
                told = said_of_rotation(turn, new)
            return _done(context, agency, new, f"On the roster: the rotation of {told}.")
        except DraftError as error:
            form.tell(error.mistakes)
        except ChangedMeanwhileError:
            return _changed_meanwhile(context, agency, form, entry_id)
    with reading(context) as turn:
        rotation = None if entry_id is None else find_rotation(turn, agency.code, entry_id)
    return _form_page(agency, form, rotation, HTTPStatus.UNPROCESSABLE_ENTITY)


def _changed_meanwhile(context: Context, agency: Agency, form: RotationForm, entry_id: int | None) -> Response:
    """Show what was written beside what is there now; saving once more puts the one in the other's place."""
    with reading(context) as turn:
        now = None if entry_id is None else find_rotation(turn, agency.code, entry_id)
        told = None if now is None else said_of_rotation(turn, now)
        meanwhile = {"now": told, "by": last_change(turn, agency.code, now)}
    form.seen.raw_data, form.seen.data = None, "" if now is None else fingerprint(now)
    return _form_page(agency, form, now, HTTPStatus.CONFLICT, meanwhile)


def _form_page(
    agency: Agency,
    form: RotationForm,
    rotation: Rotation | None = None,
    status: int = HTTPStatus.OK,
    meanwhile: Mapping[str, str | None] | None = None,
) -> Response:
    page = render_template(
        "roster/rotation.html",
        agency=agency,
        form=form,
        rotation=rotation,
        seen=None if rotation is None else fingerprint(rotation),
        meanwhile=meanwhile,
    )
    return make_response(page, status)


def _done(context: Context, agency: Agency, rotation: Rotation, said: str) -> Response:
    flash(said)
    with reading(context) as turn:
        for gap in said_of_gaps(turn, agency, rotation.tier):
            flash(gap)
    return redirect(url_for("roster.show", code=agency.code), HTTPStatus.SEE_OTHER)

"""The pages on which an agency's people are kept: `/agencies/CODE/people`."""

from __future__ import annotations

from http import HTTPStatus
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pager.adapters.web.agency_pages import KEEPERS, keepers_agency
from pager.adapters.web.authority import allows, current_user
from pager.adapters.web.mistakes import sentence, tell
from pager.adapters.web.people_form import NEW, NewPersonForm, new_person_form, person_form
from pager.adapters.web.people_said import duties_said, gaps_said, person_said
from pager.adapters.web.person_pages import person_page
from pager.domain.directory import Agency, Responder
from pager.domain.written import DraftError
from pager.lifecycle.keep_people import (
    Duties,
    StillOnRosterError,
    add_person,
    change_person,
    deactivate_person,
    find_person,
    reactivate_person,
)
from pager.lifecycle.keep_roster import ChangedMeanwhileError
from pager.lifecycle.turn import Context, reading

ONE = "/<responder>"


def create_people(context: Context) -> Blueprint:
    """Return the pages of an agency's people."""
    blueprint = Blueprint("people", __name__, url_prefix="/agencies/<code>/people")
    _add_listing(blueprint, context)
    _add_new(blueprint, context)
    _add_one(blueprint, context)
    _add_deeds(blueprint, context)
    return blueprint


def _add_listing(blueprint: Blueprint, context: Context) -> None:
    @blueprint.get("")
    @allows(*KEEPERS)
    def show_all(code: str) -> str:
        agency = keepers_agency(context, code)
        with reading(context) as turn:
            theirs = [one for one in turn.work.directory.responders() if one.agency == agency.code]
            duty = next((one for one in theirs if one.is_duty and one.is_active), None)
            people = sorted((one for one in theirs if not one.is_duty), key=lambda one: (not one.is_active, one.name))
            rows = [person_said(agency, one, turn.now) for one in people]
            duty_row = person_said(agency, duty, turn.now) if duty else None
        return render_template("people/people.html", agency=agency, rows=rows, duty=duty_row)


def _add_new(blueprint: Blueprint, context: Context) -> None:
    @blueprint.get(f"/{NEW}")
    @allows(*KEEPERS)
    def new(code: str) -> Response:
        return _new_page(keepers_agency(context, code), new_person_form())

    @blueprint.post(f"/{NEW}")
    @allows(*KEEPERS)
    def create(code: str) -> Response:
        agency, form = keepers_agency(context, code), new_person_form()
        if form.validate():
            try:
                id_ = form.id.data or ""
                person = add_person(context, agency.code, id_, form.draft(), current_user().email)
                return _to(agency, person.id, f"{person.name} is {person.id}. Send a code to verify each number.")
            except DraftError as error:
                tell(form, error.mistakes)
        return _new_page(agency, form, HTTPStatus.UNPROCESSABLE_ENTITY)


def _add_one(blueprint: Blueprint, context: Context) -> None:
    @blueprint.get(ONE)
    @allows(*KEEPERS)
    def show(code: str, responder: str) -> Response:
        agency = keepers_agency(context, code)
        if responder == agency.duty_id:
            return redirect(url_for("duty_phone.show", code=agency.code))
        return person_page(context, agency, responder)

    @blueprint.post(ONE)
    @allows(*KEEPERS)
    def change(code: str, responder: str) -> Response:
        agency = keepers_agency(context, code)
        form = person_form(agency, _find(context, agency, responder))
        if form.validate():
            try:
                by, as_seen = current_user().email, form.seen.data or ""
                person = change_person(context, agency.code, responder, form.draft(), by, as_seen=as_seen)
                return _to(agency, responder, f"{person.name}: saved.")
            except DraftError as error:
                tell(form, error.mistakes)
            except ChangedMeanwhileError:
                conflict = HTTPStatus.CONFLICT
                return person_page(context, agency, responder, form, conflict, is_changed_meanwhile=True)
        return person_page(context, agency, responder, form, HTTPStatus.UNPROCESSABLE_ENTITY)


def _add_deeds(blueprint: Blueprint, context: Context) -> None:
    @blueprint.post(f"{ONE}/deactivate")
    @allows(*KEEPERS)
    def deactivate(code: str, responder: str) -> Response:
        agency = keepers_agency(context, code)
        person, is_confirmed = _find(context, agency, responder), request.form.get("is_confirmed") == "yes"
        try:
            deactivate_person(context, agency.code, responder, current_user().email, is_confirmed=is_confirmed)
        except StillOnRosterError as error:
            return _still_on_roster(context, agency, person, error.duties)
        return _to(agency, responder, f"{person.name} is deactivated and is not paged any more.")

    @blueprint.post(f"{ONE}/reactivate")
    @allows(*KEEPERS)
    def reactivate(code: str, responder: str) -> Response:
        agency = keepers_agency(context, code)
        person = _find(context, agency, responder)
        try:
            reactivate_person(context, agency.code, responder, current_user().email)
        except DraftError as error:
            said = " ".join(sentence(mistake.text) for mistake in error.mistakes)
            flash(f"{said} Give {person.name} another one first.")
            return person_page(context, agency, responder, status=HTTPStatus.CONFLICT)
        return _to(agency, responder, f"{person.name} is active again, and on the roster where they were.")


def _find(context: Context, agency: Agency, responder: str) -> Responder:
    with reading(context) as turn:
        return find_person(turn, agency.code, responder) or abort(HTTPStatus.NOT_FOUND)


def _new_page(agency: Agency, form: NewPersonForm, status: int = HTTPStatus.OK) -> Response:
    return make_response(render_template("people/new.html", agency=agency, form=form), status)


def _still_on_roster(context: Context, agency: Agency, person: Responder, found: Duties) -> Response:
    with reading(context) as turn:
        shorts = {one.code: one.short for one in turn.work.directory.stations() if one.is_active}
        now = turn.now
    page = render_template(
        "people/deactivate.html",
        agency=agency,
        person=person,
        duties=list(duties_said(agency, found, now, shorts)),
        gaps=list(gaps_said(agency, found, now, shorts)),
        zone=ZoneInfo(agency.timezone).key,
    )
    return make_response(page, HTTPStatus.CONFLICT)


def _to(agency: Agency, responder: str, said: str) -> Response:
    flash(said)
    return redirect(url_for("people.show", code=agency.code, responder=responder), HTTPStatus.SEE_OTHER)

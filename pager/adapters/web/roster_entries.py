"""The pages on which shifts and overrides are made, moved, shortened and taken off."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pager.adapters.web.agency_pages import KEEPERS, keepers_agency
from pager.adapters.web.authority import allows, current_user
from pager.adapters.web.roster_forms import EntryForm, entry_form
from pager.adapters.web.roster_said import last_change, said_of_gaps, said_of_shift, said_of_two_tiers
from pager.domain.audit import fingerprint
from pager.domain.directory import Agency
from pager.domain.draft import DraftError
from pager.domain.roster import EntryKind, Shift
from pager.lifecycle.keep_roster import ChangedMeanwhileError, find_shift, put_shift, take_off_shift
from pager.lifecycle.turn import Context, reading

IS_OVER = "It is over, and stays as it was."
PROPOSED = ("kind", "tier", "responder", "start", "end")
ONE = f"/<int(max={2**63 - 1}):entry_id>"


def create_roster_entries(context: Context) -> Blueprint:
    """Return the pages of single entries of a roster."""
    blueprint = Blueprint("roster_entries", __name__, url_prefix="/agencies/<code>/roster")
    _add_new(blueprint, context)
    _add_one(blueprint, context)
    return blueprint


def _add_new(blueprint: Blueprint, context: Context) -> None:
    @blueprint.get("/new")
    @allows(*KEEPERS)
    def new(code: str) -> Response:
        agency = keepers_agency(context, code)
        with reading(context) as turn:
            return _form_page(agency, entry_form(turn, agency, proposed=_proposed(request.args)))

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
            entry = find_shift(turn, agency.code, entry_id) or abort(HTTPStatus.NOT_FOUND)
            return _form_page(agency, entry_form(turn, agency, entry), entry)

    @blueprint.post(ONE)
    @allows(*KEEPERS)
    def change(code: str, entry_id: int) -> Response:
        return _save(context, keepers_agency(context, code), entry_id)

    @blueprint.post(f"{ONE}/remove")
    @allows(*KEEPERS)
    def remove(code: str, entry_id: int) -> Response:
        agency = keepers_agency(context, code)
        with reading(context) as turn:
            entry = find_shift(turn, agency.code, entry_id) or abort(HTTPStatus.NOT_FOUND)
            told = said_of_shift(turn, entry)
        try:
            seen = request.form.get("seen", "")
            if not take_off_shift(context, agency.code, entry_id, current_user().email, seen=seen):
                told = f"{told}. {IS_OVER}"
        except ChangedMeanwhileError:
            flash("Somebody has changed this meanwhile, so it was left on the roster. This is how it is now.")
            return redirect(url_for("roster_entries.show", code=agency.code, entry_id=entry_id), HTTPStatus.SEE_OTHER)
        return _done(context, agency, entry, told if IS_OVER in told else f"Taken off the roster: {told}.")


def _proposed(args: Mapping[str, str]) -> dict[str, object]:
    """Return what a link proposes for a new entry: a gap's time, or the turn that somebody is to be put in for."""
    proposed: dict[str, object] = {name: args[name] for name in PROPOSED if name in args}
    return proposed | {"stations": args.get("stations", "").split()}


def _save(context: Context, agency: Agency, entry_id: int | None) -> Response:
    """Store what was written, or show it again with what is wrong, or with what somebody else has made of it."""
    with reading(context) as turn:
        form = entry_form(turn, agency)
    if form.validate() and form.responder.data:
        kind, seen = EntryKind(form.kind.data), form.seen.data
        try:
            by = current_user().email
            new = put_shift(context, agency.code, form.draft(), kind, by, entry_id=entry_id, seen=seen)
            with reading(context) as turn:
                told = said_of_shift(turn, new)
            return _done(context, agency, new, f"On the roster: {told}.")
        except DraftError as error:
            form.tell(error.mistakes)
        except ChangedMeanwhileError:
            return _changed_meanwhile(context, agency, form, entry_id)
    elif not form.responder.data:
        form.responder.errors = ["Choose who is on call."]
    with reading(context) as turn:
        entry = None if entry_id is None else find_shift(turn, agency.code, entry_id)
        return _form_page(agency, form, entry, HTTPStatus.UNPROCESSABLE_ENTITY)


def _changed_meanwhile(context: Context, agency: Agency, form: EntryForm, entry_id: int | None) -> Response:
    """Show what was written beside what is there now; saving once more puts the one in the other's place."""
    with reading(context) as turn:
        now = None if entry_id is None else find_shift(turn, agency.code, entry_id)
        told = None if now is None else said_of_shift(turn, now)
        meanwhile = {"now": told, "by": last_change(turn, agency.code, now)}
    form.seen.raw_data, form.seen.data = None, "" if now is None else fingerprint(now)
    return _form_page(agency, form, now, HTTPStatus.CONFLICT, meanwhile)


def _form_page(
    agency: Agency,
    form: EntryForm,
    entry: Shift | None = None,
    status: int = HTTPStatus.OK,
    meanwhile: Mapping[str, str | None] | None = None,
) -> Response:
    zone = ZoneInfo(agency.timezone)
    page = render_template(
        "roster/entry.html",
        agency=agency,
        form=form,
        entry=entry,
        twice=form.twice(zone),
        seen=None if entry is None else fingerprint(entry),
        meanwhile=meanwhile,
    )
    return make_response(page, status)


def _done(context: Context, agency: Agency, entry: Shift, said: str) -> Response:
    """Lead back to the roster, which says what was done and which gaps there are in that time."""
    flash(said)
    with reading(context) as turn:
        for said_too in (*said_of_gaps(turn, agency, entry.tier), *said_of_two_tiers(turn, entry)):
            flash(said_too)
    day = entry.starts.date().isoformat()
    return redirect(url_for("roster.show", code=agency.code, day=day), HTTPStatus.SEE_OTHER)

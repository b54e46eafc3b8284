"""The page of one person and that of the duty phone, as several deeds lead back to them."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from flask import abort, make_response, render_template
from werkzeug.wrappers import Response

from pager.adapters.web.mistakes import written_over
from pager.adapters.web.people_form import DutyPhoneForm, PersonForm, as_written, person_form
from pager.adapters.web.people_said import numbers_said, reached_said
from pager.domain.directory import Agency, Channel, Responder
from pager.lifecycle.keep_people import find_person, seen
from pager.lifecycle.turn import Context, Turn, reading
from pager.lifecycle.verify_number import open_codes

LATEST = 50  # entries of the audit that are looked at for who has just changed somebody


def person_page(
    context: Context,
    agency: Agency,
    responder: str,
    form: PersonForm | None = None,
    status: int = HTTPStatus.OK,
    *,
    refused: Mapping[Channel, str] | None = None,
    is_changed_meanwhile: bool = False,
) -> Response:
    """Return the page of somebody, with what was written in `form`; `refused` says what is wrong with a code.

    `is_changed_meanwhile`: the form takes what is there now as seen, and the page says what that is.
    """
    with reading(context) as turn:
        person = find_person(turn, agency.code, responder) or abort(HTTPStatus.NOT_FOUND)
        numbers = list(numbers_said(agency, person, open_codes(turn, person)))
        by = _changed_by(turn, person) if is_changed_meanwhile else ""
    form = form or person_form(agency, person)
    now = written_over(form, as_written(agency, person)) if is_changed_meanwhile else {}
    if is_changed_meanwhile:
        form.seen.data = seen(person)
    page = render_template(
        "people/person.html",
        agency=agency,
        person=person,
        form=form,
        numbers=numbers,
        refused=refused or {},
        now=now,
        by=by,
        reached=reached_said(person.last_reached_at, context.clock.now()),
    )
    return make_response(page, status)


def duty_page(
    context: Context,
    agency: Agency,
    form: DutyPhoneForm | None = None,
    status: int = HTTPStatus.OK,
    *,
    refused: Mapping[Channel, str] | None = None,
    is_changed_meanwhile: bool = False,
) -> Response:
    """Return the page of the agency's duty phone; as `person_page`."""
    with reading(context) as turn:
        duty = turn.work.directory.find_responder(agency.duty_id)
        is_there = duty is not None and duty.is_active
        numbers = list(numbers_said(agency, duty, open_codes(turn, duty))) if duty and is_there else []
    form = form or DutyPhoneForm(number=agency.duty_phone, seen=agency.duty_phone)
    if is_changed_meanwhile:
        form.seen.data = agency.duty_phone or ""
    page = render_template(
        "people/duty_phone.html",
        agency=agency,
        responder=agency.duty_id,
        form=form,
        numbers=numbers,
        refused=refused or {},
        now=agency.duty_phone or "none" if is_changed_meanwhile else None,
    )
    return make_response(page, status)


def _changed_by(turn: Turn, person: Responder) -> str:
    listed = turn.work.audit.listing(agency=person.agency, before=None, limit=LATEST)
    names = (entry.by for _, entry in listed if (entry.what, entry.name) == ("responder", person.id))
    return next(names, "Somebody")

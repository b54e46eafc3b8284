"""Verifying people's numbers, and the agency's duty phone: codes are sent from here and typed in here."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from pager.adapters.web.agency_pages import KEEPERS, keepers_agency
from pager.adapters.web.authority import allows, current_user
from pager.adapters.web.mistakes import tell
from pager.adapters.web.people_form import DutyPhoneForm
from pager.adapters.web.person_pages import duty_page, person_page
from pager.domain.directory import Agency, Channel
from pager.domain.written import DraftError
from pager.lifecycle.keep_people import change_duty_phone
from pager.lifecycle.keep_roster import ChangedMeanwhileError
from pager.lifecycle.turn import Context
from pager.lifecycle.verify_number import CodeRefusedError, send_code, verify_number

_ONE = "/people/<responder>"
_SENT = {
    Channel.SMS: "A code is on its way by SMS. It is good for 15 minutes; write here what they read to you.",
    Channel.VOICE: "The number is being called and told a code. It is good for 15 minutes; write here what they heard.",
}


def create_people_numbers(context: Context) -> Blueprint:
    """Return the deeds on people's numbers."""
    blueprint = Blueprint("people_numbers", __name__, url_prefix="/agencies/<code>")

    @blueprint.post(f"{_ONE}/code")
    @allows(*KEEPERS)
    def send(code: str, responder: str) -> Response:
        agency, channel = keepers_agency(context, code), _channel()
        try:
            send_code(context, agency.code, responder, channel)
        except KeyError:
            abort(HTTPStatus.NOT_FOUND)
        except CodeRefusedError as error:
            return _refused(context, agency, responder, channel, error)
        return _to(agency, responder, _SENT[channel])

    @blueprint.post(f"{_ONE}/verify")
    @allows(*KEEPERS)
    def verify(code: str, responder: str) -> Response:
        agency, channel, typed = keepers_agency(context, code), _channel(), request.form.get("code", "")
        try:
            verify_number(context, agency.code, responder, channel, typed, current_user().email)
        except KeyError:
            abort(HTTPStatus.NOT_FOUND)
        except CodeRefusedError as error:
            return _refused(context, agency, responder, channel, error)
        return _to(agency, responder, "That was the code: the number is verified.")

    return blueprint


def create_duty_phone(context: Context) -> Blueprint:
    """Return the page of an agency's duty phone."""
    blueprint = Blueprint("duty_phone", __name__, url_prefix="/agencies/<code>/duty-phone")

    @blueprint.get("")
    @allows(*KEEPERS)
    def show(code: str) -> Response:
        return duty_page(context, keepers_agency(context, code))

    @blueprint.post("")
    @allows(*KEEPERS)
    def change(code: str) -> Response:
        agency, form = keepers_agency(context, code), DutyPhoneForm()
        by, text, as_seen = current_user().email, form.number.data or "", form.seen.data
        try:
            agency = change_duty_phone(context, agency.code, text, by, as_seen=as_seen)
        except DraftError as error:
            tell(form, error.mistakes)
            return duty_page(context, agency, form, HTTPStatus.UNPROCESSABLE_ENTITY)
        except ChangedMeanwhileError:
            agency = keepers_agency(context, code)
            return duty_page(context, agency, form, HTTPStatus.CONFLICT, is_changed_meanwhile=True)
        return _to(agency, agency.duty_id, "The duty phone is saved.")

    return blueprint


def _channel() -> Channel:
    try:
        return Channel(request.form.get("channel", ""))
    except ValueError:
        abort(HTTPStatus.BAD_REQUEST, "A code goes out by SMS or by a call. Go back, and load the page again.")


def _refused(context: Context, agency: Agency, responder: str, channel: Channel, error: CodeRefusedError) -> Response:
    refused, status = {channel: str(error)}, HTTPStatus.UNPROCESSABLE_ENTITY
    if responder == agency.duty_id:
        return duty_page(context, agency, status=status, refused=refused)
    return person_page(context, agency, responder, status=status, refused=refused)


def _to(agency: Agency, responder: str, said: str) -> Response:
    flash(said)
    if responder == agency.duty_id:
        return redirect(url_for("duty_phone.show", code=agency.code), HTTPStatus.SEE_OTHER)
    return redirect(url_for("people.show", code=agency.code, responder=responder), HTTPStatus.SEE_OTHER)

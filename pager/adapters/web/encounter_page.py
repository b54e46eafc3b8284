"""The page of one encounter, at `/encounters/REFERENCE`, and what a dispatcher does there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pager.adapters.web.authority import allows, current_user, session_ends_at
from pager.adapters.web.encounter_shown import EncounterShown, seen, show, user_of
from pager.domain.authority import ROLES, Deed, may
from pager.domain.encounter import Encounter, EncounterState, ForbiddenTransitionError
from pager.domain.follow_up import Outcome
from pager.domain.readable import clock_time
from pager.domain.reference import is_reference
from pager.domain.trigger_request import RefusedError
from pager.lifecycle.close import cancel, close
from pager.lifecycle.correct import correct
from pager.lifecycle.encounter_details import encounter_details
from pager.lifecycle.follow_up import close_follow_up
from pager.lifecycle.one_page import UnknownResponderError
from pager.lifecycle.page_now import add_agency, page_now
from pager.lifecycle.report import report_acknowledgement, report_arrival, report_mistake, report_release
from pager.lifecycle.turn import Context, Turn, reading
from pager.lifecycle.view import note_view

ACTORS = ROLES[Deed.ACT]
LONGEST_ETA = 600  # minutes, as in a responder's reply
REFUSED = (ForbiddenTransitionError, RefusedError, UnknownResponderError)
ONE = "/encounters/<reference>"


class CannotDoError(Exception):
    """What a form asks for cannot be understood; the text says what would be right."""


def create_encounter_page(context: Context) -> Blueprint:
    """Return the page of one encounter and its forms."""
    blueprint = Blueprint("encounter", __name__)
    _add_showing(blueprint, context)
    _add_deeds_for_agencies(blueprint, context)
    _add_deeds_for_all(blueprint, context)
    return blueprint


def _add_showing(blueprint: Blueprint, context: Context) -> None:
    @blueprint.get(ONE)
    @allows(*ROLES[Deed.SEE])
    def one(reference: str) -> Response:
        return _page(context, reference)

    @blueprint.get(f"{ONE}/now")
    @allows(*ROLES[Deed.SEE], is_poll=True)
    def now(reference: str) -> Response:
        """The part of the page that changes; 304 to whoever has it as it is."""
        response = _page(context, reference, template="encounter/now.html")
        response.add_etag()
        return response.make_conditional(request)


def _add_deeds_for_agencies(blueprint: Blueprint, context: Context) -> None:
    @blueprint.post(f"{ONE}/pages/<agency>/undo")
    @allows(*ACTORS)
    def undo(reference: str, agency: str) -> Response:
        def do(acting: Context) -> str:
            _require_as_seen(context, reference, agency)
            report_mistake(acting, reference, agency)
            return "Taken back. It stands on the timeline."

        return _do(context, reference, do)

    @blueprint.post(f"{ONE}/pages/<agency>/page")
    @allows(*ACTORS)
    def page_next(reference: str, agency: str) -> Response:
        def do(acting: Context) -> str:
            _require_as_seen(context, reference, agency)
            page_now(acting, reference, agency, None)
            return "The next rung is paged now."

        return _do(context, reference, do)

    @blueprint.post(f"{ONE}/heard")
    @allows(*ACTORS)
    def heard(reference: str) -> Response:
        """Take what a responder has said by radio or telephone, or page them by name."""
        return _do(context, reference, lambda acting: _heard(acting, reference))

    @blueprint.post(f"{ONE}/agencies")
    @allows(*ACTORS)
    def add(reference: str) -> Response:
        def do(acting: Context) -> str:
            add_agency(acting, reference, request.form.get("agency", ""))
            return "Paged as well from now on."

        return _do(context, reference, do)


def _heard(acting: Context, reference: str) -> str:
    with reading(acting) as turn:
        person = turn.work.directory.find_responder(request.form.get("responder", ""))
    if person is None:
        raise CannotDoError("Choose whom it is about.")
    match request.form.get("what"):
        case "comes":
            report_acknowledgement(acting, reference, person.agency, person.id, _eta(request.form.get("eta", "")))
            return f"{person.name} comes."
        case "on_scene":
            report_arrival(acting, reference, person.agency, person.id)
            return f"{person.name} is on scene."
        case "does_not_come":
            report_release(acting, reference, person.agency, person.id)
            return f"{person.name} does not come."
        case "page":
            page_now(acting, reference, person.agency, person.id)
            return f"{person.name} is paged now."
    raise CannotDoError("Choose what they said.")


def _eta(text: str) -> int | None:
    """Return the minutes of an ETA, None for an empty one."""
    if not text.strip():
        return None
    if not text.strip().isdecimal() or not 1 <= int(text) <= LONGEST_ETA:
        raise CannotDoError(f"The ETA is a number of minutes from 1 to {LONGEST_ETA}, or left empty.")
    return int(text)


def _add_deeds_for_all(blueprint: Blueprint, context: Context) -> None:
    @blueprint.post(f"{ONE}/correct")
    @allows(*ACTORS)
    def correct_it(reference: str) -> Response:
        def do(acting: Context) -> str:
            station, callback = request.form.get("station") or None, request.form.get("callback", "").strip() or None
            correct(acting, reference, station, callback)
            return "Corrected. Everybody who was paged or comes is told."

        return _do(context, reference, do)

    @blueprint.post(f"{ONE}/close")
    @allows(*ACTORS)
    def close_it(reference: str) -> Response:
        return _do(context, reference, lambda acting: _ended(close, acting, reference))

    @blueprint.post(f"{ONE}/cancel")
    @allows(*ACTORS)
    def cancel_it(reference: str) -> Response:
        def do(acting: Context) -> str:
            if not request.form.get("reason", "").strip():
                raise CannotDoError("Write in a few words why it is cancelled.")
            return _ended(cancel, acting, reference)

        return _do(context, reference, do)

    @blueprint.post(f"{ONE}/follow-ups/<name>")
    @allows(*ACTORS)
    def follow_up(reference: str, name: str) -> Response:
        def do(acting: Context) -> str:
            try:
                outcome = Outcome(request.form.get("outcome", ""))
            except ValueError:
                raise CannotDoError("Choose what became of it.") from None
            close_follow_up(acting, reference, name, outcome)
            return "Recorded."

        return _do(context, reference, do)


def _ended(end: Callable[[Context, str, str | None], tuple[Any, list[str]]], acting: Context, reference: str) -> str:
    one, warnings = end(acting, reference, request.form.get("reason", "").strip() or None)
    return " ".join([f"The encounter is {one.encounter.state.value}. Whoever was called is told.", *warnings])


def _do(context: Context, reference: str, deed: Callable[[Context], str]) -> Response:
    """Do what a form asks for; where it cannot be done, show the page as it is now, with why and what was written."""
    acting = replace(context, by=f"user {current_user().id}")
    try:
        said = deed(acting)
    except KeyError:
        abort(HTTPStatus.NOT_FOUND)
    except (*REFUSED, CannotDoError) as error:
        is_forbidden = isinstance(error, ForbiddenTransitionError)
        status = HTTPStatus.CONFLICT if is_forbidden else HTTPStatus.UNPROCESSABLE_ENTITY
        return _page(context, reference, status, mistake=_sentence(str(error)))
    flash(said)
    return redirect(url_for("encounter.one", reference=reference), HTTPStatus.SEE_OTHER)


def _require_as_seen(context: Context, reference: str, agency: str) -> None:
    """Where another dispatcher has acted meanwhile, the second is shown what happened before anything is done."""
    with reading(context) as turn:
        pages = {page.agency: page for page in turn.work.encounters.pages(_find(turn, reference).id)}
    page = pages[agency]
    if seen(page) != request.form.get("seen"):
        raise ForbiddenTransitionError(
            f"nothing was done: the page of {agency} has changed since you looked; it is {page.state.value} now"
        )


def _page(
    context: Context,
    reference: str,
    status: int = HTTPStatus.OK,
    mistake: str | None = None,
    template: str = "encounter/encounter.html",
) -> Response:
    with reading(context) as turn:
        _find(turn, reference)
    note_view(context, reference, f"user {current_user().id}")
    ends_at = session_ends_at()
    with reading(context) as turn:
        encounter = _find(turn, reference)
        shown = _shown(turn, encounter)
        page = render_template(
            template,
            shown=shown,
            card=shown.card,
            mistake=mistake,
            typed=request.form,
            may_act=may(current_user(), Deed.ACT),
            ends=None if ends_at is None else clock_time(ends_at.astimezone(context.zone)),
            now_utc=turn.now.isoformat(),
            zone=context.zone.key,
            **_choices(turn, encounter),
        )
        now = turn.now.isoformat()
    response = make_response(page, status)
    response.headers["Board-Time"] = now
    if ends_at is not None:
        response.headers["Session-Ends"] = ends_at.isoformat()
    return response


def _shown(turn: Turn, encounter: Encounter) -> EncounterShown:
    details = encounter_details(turn, encounter, shows_words=may(current_user(), Deed.READ_WORDS))
    ids = {user for event in details.events if (user := user_of(event)) is not None}
    found = (turn.work.users.find(user) for user in ids)
    return show(turn, details, {user.id: user.email for user in found if user is not None})


def _choices(turn: Turn, encounter: Encounter) -> Mapping[str, Any]:
    """Return what the page's forms offer: people by agency, stations, agencies that can be added."""
    directory = turn.work.directory
    paged = {page.agency for page in turn.work.encounters.pages(encounter.id)}
    persons = [one for one in directory.responders() if one.is_active and not one.is_duty]
    agencies = [one for one in directory.agencies() if one.is_active]
    people = {one.short: [each for each in persons if each.agency == one.code] for one in agencies if one.code in paged}
    return {
        "encounter": encounter,
        "people": people,
        "stations": [one for one in directory.stations() if one.is_active],
        "others": [one for one in agencies if one.code not in paged],
        "is_open": encounter.state is EncounterState.OPEN,
    }


def _find(turn: Turn, reference: str) -> Encounter:
    found = turn.work.encounters.find(reference) if is_reference(reference) else None
    return found or abort(HTTPStatus.NOT_FOUND)


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:].rstrip('.')}."

"""What a dispatcher does on the page of one encounter: each form calls one verb, or shows why it could not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from pager.adapters.web.authority import allows, current_user
from pager.adapters.web.encounter_shown import find_encounter, seen, seen_coming
from pager.adapters.web.mistakes import sentence
from pager.domain.authority import ROLES, Deed
from pager.domain.encounter import ForbiddenTransitionError
from pager.domain.follow_up import Outcome
from pager.domain.page import Page, PageState
from pager.domain.readable import readable_number
from pager.domain.trigger_request import RefusedError
from pager.lifecycle.close import cancel, close
from pager.lifecycle.correct import correct
from pager.lifecycle.follow_up import close_follow_up
from pager.lifecycle.one_page import UnknownResponderError
from pager.lifecycle.page_now import add_agency, page_now
from pager.lifecycle.report import report_acknowledgement, report_arrival, report_mistake, report_no
from pager.lifecycle.turn import Context, reading, shown_callback

ACTORS = ROLES[Deed.ACT]
LONGEST_ETA = 999  # minutes, as in a reply and in the API
REFUSED = (ForbiddenTransitionError, RefusedError, UnknownResponderError)
AWAITED = (PageState.PAGING, PageState.ACKNOWLEDGED)
ONE = "/encounters/<reference>"
ShowPage = Callable[[str, int, str], Response]


class CannotDoError(Exception):
    """What a form asks for cannot be understood; the text says what would be right."""


def add_deeds(blueprint: Blueprint, context: Context, show_page: ShowPage) -> None:
    """Add the forms' calls; `show_page` shows the page of a reference with a status and what is wrong."""
    deeds = _Deeds(context, show_page)
    _add_deeds_for_agencies(blueprint, deeds)
    _add_deeds_for_all(blueprint, deeds)


@dataclass(frozen=True)
class _Deeds:
    context: Context
    show_page: ShowPage

    def do(self, reference: str, deed: Callable[[Context], str]) -> Response:
        """Do what a form asks for; where that cannot be, show the page as it is now, with why and what was written."""
        acting = replace(self.context, by=f"user {current_user().id}")
        try:
            said = deed(acting)
        except KeyError:
            abort(HTTPStatus.NOT_FOUND)
        except (*REFUSED, CannotDoError) as error:
            is_forbidden = isinstance(error, ForbiddenTransitionError)
            status = HTTPStatus.CONFLICT if is_forbidden else HTTPStatus.UNPROCESSABLE_ENTITY
            return self.show_page(reference, status, sentence(str(error)))
        flash(said)
        return redirect(url_for("encounter.one", reference=reference), HTTPStatus.SEE_OTHER)


def _add_deeds_for_agencies(blueprint: Blueprint, deeds: _Deeds) -> None:
    @blueprint.post(f"{ONE}/pages/<agency>/undo")
    @allows(*ACTORS)
    def undo(reference: str, agency: str) -> Response:
        def do(acting: Context) -> str:
            _require_as_seen(acting, reference, agency, "seen", seen)
            report_mistake(acting, reference, agency)
            return "Taken back. It stands on the timeline."

        return deeds.do(reference, do)

    @blueprint.post(f"{ONE}/pages/<agency>/page")
    @allows(*ACTORS)
    def page_next(reference: str, agency: str) -> Response:
        def do(acting: Context) -> str:
            _require_as_seen(acting, reference, agency, "seen", seen)
            page_now(acting, reference, agency, None)
            return "The next rung is paged now."

        return deeds.do(reference, do)

    @blueprint.post(f"{ONE}/heard")
    @allows(*ACTORS)
    def heard(reference: str) -> Response:
        """Take what a responder has said by radio or telephone, or page them by name."""
        return deeds.do(reference, lambda acting: _heard(acting, reference))

    @blueprint.post(f"{ONE}/agencies")
    @allows(*ACTORS)
    def add(reference: str) -> Response:
        def do(acting: Context) -> str:
            add_agency(acting, reference, request.form.get("agency", ""))
            return "Paged as well from now on."

        return deeds.do(reference, do)


def _heard(acting: Context, reference: str) -> str:
    with reading(acting) as turn:
        person = turn.work.directory.find_responder(request.form.get("responder", ""))
    if person is None:
        raise CannotDoError("Choose whom it is about.")
    match request.form.get("what"):
        case "comes":
            eta = _eta(request.form.get("eta", ""))
            one = report_acknowledgement(acting, reference, person.agency, person.id, eta)
            stands_by = person.id in one.standby[person.agency]
            return f"{person.name} stands by: somebody else comes." if stands_by else f"{person.name} comes."
        case "on_scene":
            report_arrival(acting, reference, person.agency, person.id)
            return f"{person.name} is on scene."
        case "does_not_come":
            _require_as_seen(acting, reference, person.agency, f"seen_{person.agency}", seen_coming)
            one = report_no(acting, reference, person.agency, person.id)
            is_there = any(page.agency == person.agency and page.state is PageState.ON_SCENE for page in one.pages)
            return f"{person.name} does not come.{' The agency is on scene all the same.' if is_there else ''}"
        case "page":
            page_now(acting, reference, person.agency, person.id)
            return f"{person.name} is paged now."
    raise CannotDoError("Choose what they said.")


def _correct(acting: Context, reference: str) -> str:
    with reading(acting) as turn:
        encounter = find_encounter(turn, reference)
    station = _corrected("station", encounter.station)
    callback = _corrected("callback", readable_number(shown_callback(encounter)))
    if station is None and callback is None:
        return "Nothing to correct: it is so already, and nobody was told anything."
    correct(acting, reference, station, callback)
    return "Corrected. Everybody who was paged or comes is told."


def _corrected(name: str, now: str) -> str | None:
    """Return what a field was corrected to, None where it was left as the form had shown it.

    Raises ForbiddenTransitionError where somebody else has corrected the same field since.
    """
    typed, shown = request.form.get(name, "").strip(), request.form.get(f"shown_{name}", now)
    if typed in ("", shown, now):
        return None
    if shown != now:
        raise ForbiddenTransitionError(f"nothing was corrected: somebody else has just made the {name} {now}")
    return typed


def _eta(text: str) -> int | None:
    """Return the minutes of an ETA, None for an empty one."""
    if not text.strip():
        return None
    if not text.strip().isdecimal() or not 1 <= int(text) <= LONGEST_ETA:
        raise CannotDoError(f"The ETA is a number of minutes from 1 to {LONGEST_ETA}, or left empty.")
    return int(text)


def _add_deeds_for_all(blueprint: Blueprint, deeds: _Deeds) -> None:
    @blueprint.post(f"{ONE}/correct")
    @allows(*ACTORS)
    def correct_it(reference: str) -> Response:
        return deeds.do(reference, lambda acting: _correct(acting, reference))

    @blueprint.post(f"{ONE}/close")
    @allows(*ACTORS)
    def close_it(reference: str) -> Response:
        return deeds.do(reference, lambda acting: _close(acting, reference))

    @blueprint.post(f"{ONE}/cancel")
    @allows(*ACTORS)
    def cancel_it(reference: str) -> Response:
        def do(acting: Context) -> str:
            if not request.form.get("reason", "").strip():
                raise CannotDoError("Write in a few words why it is cancelled.")
            return _ended(cancel, acting, reference)

        return deeds.do(reference, do)

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

        return deeds.do(reference, do)


def _close(acting: Context, reference: str) -> str:
    """Close, but not by one press while somebody is still looked for: that would end it."""
    if request.form.get("sure") != "yes":
        with reading(acting) as turn:
            encounter = find_encounter(turn, reference)
            shorts = {one.code: one.short for one in turn.work.directory.agencies()}
            pages = turn.work.encounters.pages(encounter.id)
        missing = [shorts[page.agency] for page in pages if page.state in AWAITED]
        if missing:
            raise ForbiddenTransitionError(
                f"not closed: {', '.join(missing)} not there yet. Closing stops looking for whoever is missing"
            )
    return _ended(close, acting, reference)


def _ended(end: Callable[[Context, str, str | None], tuple[Any, list[str]]], acting: Context, reference: str) -> str:
    one, warnings = end(acting, reference, request.form.get("reason", "").strip() or None)
    return " ".join([f"The encounter is {one.encounter.state.value}. Whoever was called is told.", *warnings])


def _require_as_seen(
    acting: Context, reference: str, agency: str, field: str, what_is_seen: Callable[[Page], str]
) -> None:
    """Where somebody has acted or answered since the page was shown, that is shown before anything is done."""
    with reading(acting) as turn:
        encounter = find_encounter(turn, reference)
        page = {page.agency: page for page in turn.work.encounters.pages(encounter.id)}[agency]
        short = turn.work.directory.agency(agency).short
    if request.form.get(field) != what_is_seen(page):
        raise ForbiddenTransitionError(
            f"nothing was done: the page of {short} has changed since you looked; it is {page.state.value} now"
        )

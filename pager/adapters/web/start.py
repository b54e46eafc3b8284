"""Opening an encounter from the board: one form, one button."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from http import HTTPStatus
from threading import Lock
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from pager.adapters.web.authority import allows, current_user, signed_in_user
from pager.adapters.web.mistakes import sentence
from pager.domain.authority import ROLES, Deed
from pager.domain.directory import Agency, Station
from pager.domain.encounter import Encounter, EncounterState
from pager.domain.readable import counted
from pager.domain.trigger_request import RefusedError, read_trigger
from pager.lifecycle.trigger import Triggered, trigger
from pager.lifecycle.turn import Context, Turn, reading

# A second start for one station within this time is pointed out: two people may have been told of the same encounter.
AGAIN_WITHIN = timedelta(minutes=5)
LOOKED_AT = 50
LONGEST_WAIT_SECONDS = 2.0
FIELDS = ("station", "callback", "drill", "leave_out")


@dataclass(frozen=True)
class StartForm:
    """What the form offers, and what it holds: station and callback as in this browser's last start."""

    stations: Sequence[Station]
    can_be_left_out: Sequence[Agency]
    station: str
    callback: str
    is_drill: bool = False
    left_out: Sequence[str] = ()


def start_form(turn: Turn) -> StartForm:
    """Return the form with what was written last."""
    directory, policies = turn.work.directory, turn.context.policies
    stations = [one for one in directory.stations() if one.is_active]
    plans = [plan for one in stations if (policy := policies.get(one.policy)) for plan in policy.agencies]
    optional = {plan.agency for plan in plans if plan.may_be_left_out}
    return StartForm(
        stations=stations,
        can_be_left_out=[one for one in directory.agencies() if one.code in optional and one.is_active],
        station=request.form.get("station", session.get("station", "")),
        callback=request.form.get("callback", session.get("callback", "")),
        is_drill="drill" in request.form,
        left_out=request.form.getlist("leave_out"),
    )


def create_start(context: Context) -> Blueprint:
    """Return the call of the form."""
    blueprint = Blueprint("start", __name__)
    one_at_a_time = Lock()  # a button that is pressed twice: the second is pointed out

    @blueprint.before_request
    def tell_who_was_signed_out() -> None:
        if signed_in_user() is None:
            flash(f"Nothing was paged. {context.fallback_text}")

    @blueprint.post("/start")
    @allows(*ROLES[Deed.OPEN])
    def start() -> Response:
        acting = replace(context, by=f"user {current_user().id}")
        with _in_turn(one_at_a_time):
            known = _opened_just_now(context, request.form.get("station", ""))
            if known is not None and request.form.get("is_another_than") != known.reference:
                return _asked_again(context, known)
            try:
                done = trigger(acting, read_trigger(_body()))
            except RefusedError as error:
                return _refused(context, error)
        return _started(done)

    return blueprint


@contextmanager
def _in_turn(lock: Lock) -> Iterator[None]:
    """Wait for whoever starts at the same moment, but not for long: a database that hangs makes nobody wait in line."""
    is_ours = lock.acquire(timeout=LONGEST_WAIT_SECONDS)
    try:
        yield
    finally:
        if is_ours:
            lock.release()


def _body() -> Mapping[str, Any]:
    return {
        "station": request.form.get("station", ""),
        "callback": request.form.get("callback", ""),
        "drill": "drill" in request.form,
        "leave_out": request.form.getlist("leave_out"),
    }


def _opened_just_now(context: Context, station: str) -> Encounter | None:
    """Return an open encounter of the station that is only minutes old; a drill and a real one are told apart."""
    with reading(context) as turn:
        recent = turn.work.encounters.listing(state=EncounterState.OPEN, stations=(), before=None, limit=LOOKED_AT)
        same = (one for one in recent if one.station == station and one.is_drill == ("drill" in request.form))
        return next((one for one in same if turn.now - one.opened_at < AGAIN_WITHIN), None)


def _asked_again(context: Context, known: Encounter) -> Response:
    minutes = int((context.clock.now() - known.opened_at).total_seconds() // 60)
    ago = "less than a minute ago" if minutes < 1 else f"{counted(minutes, 'minute')} ago"
    typed = [(name, value) for name in FIELDS for value in request.form.getlist(name)]
    page = render_template("board/start_again.html", known=known, minutes_ago=ago, typed=typed)
    return make_response(page, HTTPStatus.CONFLICT)


def _refused(context: Context, error: RefusedError) -> Response:
    """Show the form again with what is wrong; nothing was paged."""
    with reading(context) as turn:
        form = start_form(turn)
    what = "choose a station" if error.field == "station" else str(error)
    said = [f"Nothing was paged: {what}.", context.fallback_text]
    return make_response(render_template("board/start_refused.html", start=form, mistakes=said), 422)


def _started(done: Triggered) -> Response:
    encounter = done.overview.encounter
    session["station"], session["callback"] = encounter.station, request.form["callback"].strip()
    what = "open, as a drill" if encounter.is_drill else "open"
    flash(f"{encounter.reference} is {what}: {len(done.overview.pages)} agencies are paged.")
    for warning in done.warnings:
        flash(sentence(warning))
    return redirect(url_for("board.show"), HTTPStatus.SEE_OTHER)

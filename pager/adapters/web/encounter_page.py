"""The page of one encounter, at `/encounters/REFERENCE`, and what a dispatcher does there."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response

from pager.adapters.web.authority import allows, current_user, session_ends_at
from pager.adapters.web.encounter_deeds import ONE, add_deeds
from pager.adapters.web.encounter_shown import EncounterShown, find_encounter, show, user_of
from pager.domain.authority import ROLES, Deed, may
from pager.domain.encounter import Encounter, EncounterState
from pager.domain.readable import clock_time
from pager.lifecycle.encounter_details import encounter_details
from pager.lifecycle.turn import Context, Turn, reading
from pager.lifecycle.view import note_view


def create_encounter_page(context: Context) -> Blueprint:
    """Return the page of one encounter and its forms."""
    blueprint = Blueprint("encounter", __name__)
    _add_showing(blueprint, context)
    add_deeds(blueprint, context, lambda reference, status, mistake: _page(context, reference, status, mistake))
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


def _page(
    context: Context,
    reference: str,
    status: int = HTTPStatus.OK,
    mistake: str | None = None,
    template: str = "encounter/encounter.html",
) -> Response:
    with reading(context) as turn:
        find_encounter(turn, reference)
    note_view(context, reference, f"user {current_user().id}")
    ends_at = session_ends_at()
    with reading(context) as turn:
        encounter = find_encounter(turn, reference)
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
    persons = [one for one in directory.responders() if one.is_active]
    agencies = [one for one in directory.agencies() if one.is_active]
    people = {one.short: [each for each in persons if each.agency == one.code] for one in agencies if one.code in paged}
    return {
        "encounter": encounter,
        "people": people,
        "stations": [one for one in directory.stations() if one.is_active],
        "others": [one for one in agencies if one.code not in paged],
        "is_open": encounter.state is EncounterState.OPEN,
    }

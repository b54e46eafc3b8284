"""The page of one encounter, at `/encounters/REFERENCE`, and what a dispatcher does there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from pager.adapters.web.authority import allows, current_user
from pager.adapters.web.board import open_encounters
from pager.adapters.web.board_cards import Card, card, in_order_of_need
from pager.adapters.web.encounter_deeds import ONE, add_deeds
from pager.adapters.web.encounter_shown import EncounterShown, find_encounter, look_at, show, users_on
from pager.adapters.web.encounter_words import Names
from pager.adapters.web.live_page import if_changed, live_page
from pager.domain.authority import ROLES, Deed, may
from pager.domain.encounter import Encounter, EncounterState
from pager.lifecycle.encounter_details import encounter_details
from pager.lifecycle.overview import overviews
from pager.lifecycle.turn import Context, Turn, reading


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
        """The part of the page that changes."""
        return if_changed(_page(context, reference, template="encounter/now.html"))


def _page(
    context: Context,
    reference: str,
    status: int = HTTPStatus.OK,
    mistake: str | None = None,
    template: str = "encounter/encounter.html",
) -> Response:
    known = look_at(context, reference)
    with reading(context) as turn:
        encounter = find_encounter(turn, known)
        shown = _shown(turn, encounter)
        return live_page(
            template,
            context,
            turn.now,
            status,
            shown=shown,
            card=shown.card,
            mistake=mistake,
            typed=request.form,
            may_act=may(current_user(), Deed.ACT),
            in_need_elsewhere=_in_need_elsewhere(turn, encounter),
            **_choices(turn, encounter),
        )


def _shown(turn: Turn, encounter: Encounter) -> EncounterShown:
    details = encounter_details(turn, encounter, shows_words=may(current_user(), Deed.READ_WORDS))
    return show(turn, details, users_on(turn, details.events))


def _in_need_elsewhere(turn: Turn, encounter: Encounter) -> Sequence[Card]:
    """Return the other open encounters that need a human: whoever looks at one must not miss them."""
    others = [one for one in open_encounters(turn.work) if one.id != encounter.id]
    cards = (card(turn, Names(turn.work.directory), one) for one in in_order_of_need(overviews(turn, others)))
    return [one for one in cards if one.needs]


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

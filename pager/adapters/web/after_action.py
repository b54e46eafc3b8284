"""The after-action page of one encounter, at `/encounters/REFERENCE/after-action`: it prints on one sheet."""

from __future__ import annotations

from flask import Blueprint, render_template

from pager.adapters.web.after_action_drawing import BAR_Y, draw
from pager.adapters.web.after_action_shown import Shown
from pager.adapters.web.authority import allows, current_user
from pager.adapters.web.encounter_shown import find_encounter, look_at, users_on
from pager.adapters.web.encounter_words import Names
from pager.domain.authority import ROLES, Deed, may
from pager.domain.encounter import Encounter
from pager.lifecycle.after_action import after_action
from pager.lifecycle.turn import Context, Turn, reading


def create_after_action(context: Context) -> Blueprint:
    """Return the page; of an open encounter it shows what there is so far."""
    blueprint = Blueprint("after_action", __name__)

    @blueprint.get("/encounters/<reference>/after-action")
    @allows(*ROLES[Deed.SEE])
    def show(reference: str) -> str:
        known = look_at(context, reference)
        with reading(context) as turn:
            return _page(turn, find_encounter(turn, known))

    return blueprint


def _page(turn: Turn, encounter: Encounter) -> str:
    after = after_action(turn, encounter, shows_words=may(current_user(), Deed.READ_WORDS))
    names = Names(turn.work.directory)
    return render_template(
        "after_action/after_action.html",
        encounter=encounter,
        station=names.station(encounter.station),
        shown=Shown(turn, after, names, users_on(turn, after.events)),
        drawing=draw(turn, after, names),
        bar_y=BAR_Y,
        zone=turn.context.zone.key,
        opened_on=f"{turn.local(encounter.opened_at):%A, %B %-d, %Y}",
    )

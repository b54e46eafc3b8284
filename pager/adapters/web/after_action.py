"""The after-action page of one encounter, at `/encounters/REFERENCE/after-action`: it prints on one sheet."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from flask import Blueprint, abort, render_template

from pager.adapters.web.after_action_drawing import BAR_Y, draw
from pager.adapters.web.after_action_shown import Shown
from pager.adapters.web.authority import allows, current_user
from pager.adapters.web.board_cards import Names
from pager.adapters.web.encounter_shown import user_of
from pager.domain.authority import ROLES, Deed, may
from pager.domain.encounter import Encounter
from pager.domain.reference import is_reference
from pager.lifecycle.after_action import AfterAction, after_action
from pager.lifecycle.turn import Context, Turn, reading
from pager.lifecycle.view import note_view


def create_after_action(context: Context) -> Blueprint:
    """Return the page; of an open encounter it shows what there is so far."""
    blueprint = Blueprint("after_action", __name__)

    @blueprint.get("/encounters/<reference>/after-action")
    @allows(*ROLES[Deed.SEE])
    def show(reference: str) -> str:
        with reading(context) as turn:
            _find(turn, reference)
        note_view(context, reference, f"user {current_user().id}")
        with reading(context) as turn:
            return _page(turn, _find(turn, reference))

    return blueprint


def _find(turn: Turn, reference: str) -> Encounter:
    found = turn.work.encounters.find(reference) if is_reference(reference) else None
    return found or abort(HTTPStatus.NOT_FOUND)


def _page(turn: Turn, encounter: Encounter) -> str:
    after = after_action(turn, encounter, shows_words=may(current_user(), Deed.READ_WORDS))
    names = Names(turn.work.directory)
    return render_template(
        "after_action/after_action.html",
        encounter=encounter,
        station=names.station(encounter.station),
        shown=Shown(turn, after, names, _users(turn, after)),
        drawing=draw(turn, after, names),
        bar_y=BAR_Y,
        zone=turn.context.zone.key,
        opened_on=f"{turn.local(encounter.opened_at):%A, %B %-d, %Y}",
    )


def _users(turn: Turn, after: AfterAction) -> Mapping[int, str]:
    """Return the emails of the users who stand on the timeline, by id."""
    ids = {user for event in after.events if (user := user_of(event)) is not None}
    found = (turn.work.users.find(user) for user in ids)
    return {user.id: user.email for user in found if user is not None}

"""All encounters, newest first, at `/encounters`: the way back to those that are over."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, abort, render_template, request

from pager.adapters.web.authority import allows
from pager.adapters.web.board_cards import Names
from pager.domain.authority import ROLES, Deed
from pager.domain.readable import day_and_time
from pager.domain.reference import is_reference
from pager.lifecycle.turn import Context, Turn, reading

AT_A_TIME = 50


def create_encounters_page(context: Context) -> Blueprint:
    """Return the page of all encounters; `?before=REFERENCE` goes on where a page ended."""
    blueprint = Blueprint("encounters", __name__)

    @blueprint.get("/encounters")
    @allows(*ROLES[Deed.LIST])
    def show_all() -> str:
        with reading(context) as turn:
            before = _id_of(turn, request.args.get("before"))
            found = turn.work.encounters.listing(state=None, stations=(), before=before, limit=AT_A_TIME + 1)
            names = Names(turn.work.directory)
            rows = [
                {
                    "reference": one.reference,
                    "is_drill": one.is_drill,
                    "station": names.station(one.station),
                    "opened": f"{day_and_time(turn.local(one.opened_at))} {turn.local(one.opened_at).year}",
                    "state": one.state.value,
                }
                for one in found[:AT_A_TIME]
            ]
        return render_template("encounter/all.html", rows=rows, has_more=len(found) > AT_A_TIME)

    return blueprint


def _id_of(turn: Turn, reference: str | None) -> int | None:
    if reference is None:
        return None
    found = turn.work.encounters.find(reference) if is_reference(reference) else None
    return found.id if found is not None else abort(HTTPStatus.NOT_FOUND)

"""All encounters, newest first, at `/encounters`: the way back to those that are over."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from pager.adapters.web.authority import allows
from pager.adapters.web.encounter_shown import find_encounter
from pager.adapters.web.encounter_words import Names
from pager.domain.authority import ROLES, Deed
from pager.domain.readable import day_and_time
from pager.lifecycle.turn import Context, reading

AT_A_TIME = 50


def create_encounters_page(context: Context) -> Blueprint:
    """Return the page of all encounters; `?before=REFERENCE` goes on where a page ended."""
    blueprint = Blueprint("encounters", __name__)

    @blueprint.get("/encounters")
    @allows(*ROLES[Deed.LIST])
    def show_all() -> str:
        with reading(context) as turn:
            last = request.args.get("before")
            before = None if last is None else find_encounter(turn, last).id
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

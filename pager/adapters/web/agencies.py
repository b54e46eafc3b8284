"""Where administrators find their agencies: `/agencies`."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from pager.adapters.web.agency_pages import KEEPERS
from pager.adapters.web.authority import allows, current_user
from pager.lifecycle.turn import Context, reading


def create_agencies(context: Context) -> Blueprint:
    """Return the page of all agencies; an agency's administrator is led to their own."""
    blueprint = Blueprint("agencies", __name__, url_prefix="/agencies")

    @blueprint.get("")
    @allows(*KEEPERS)
    def show_all() -> str | Response:
        own = current_user().agency
        if own is not None:
            return redirect(url_for("roster.show", code=own))
        with reading(context) as turn:
            agencies = turn.work.directory.agencies()
        return render_template("agencies/agencies.html", agencies=agencies)

    return blueprint

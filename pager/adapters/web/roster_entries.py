"""The pages on which shifts and overrides are made, moved, shortened and taken off."""

from __future__ import annotations

from flask import Blueprint, request

from pager.adapters.web.authority import current_user
from pager.adapters.web.roster_forms import EntryForm, entry_form
from pager.adapters.web.roster_keeping import Kind, add_pages
from pager.adapters.web.roster_said import said_of_shift, said_of_two_tiers
from pager.domain.directory import Agency
from pager.domain.roster import EntryKind, Shift
from pager.lifecycle.keep_roster import find_shift, put_shift, take_off_shift
from pager.lifecycle.turn import Context, Turn

PROPOSED = ("kind", "tier", "responder", "start", "end")


def create_roster_entries(context: Context) -> Blueprint:
    """Return the pages of single entries of a roster."""
    blueprint = Blueprint("roster_entries", __name__, url_prefix="/agencies/<code>/roster")
    kind = Kind(
        "roster/entry.html",
        find_shift,
        _proposed,
        entry_form,
        _put,
        take_off_shift,
        said_of_shift,
        warn_of=said_of_two_tiers,
        day_of=lambda entry: entry.starts.date(),
    )
    add_pages(blueprint, context, kind)
    return blueprint


def _proposed(turn: Turn, agency: Agency) -> EntryForm:
    """Return a form with what a link proposes: a gap's time, or the turn that somebody is to be put in for."""
    proposed: dict[str, object] = {name: request.args[name] for name in PROPOSED if name in request.args}
    proposed |= {"stations": request.args.get("stations", "").split()}
    return entry_form(turn, agency, proposed=proposed)


def _put(context: Context, agency: str, form: EntryForm, entry_id: int | None) -> Shift:
    kind, by = EntryKind(form.kind.data), current_user().email
    return put_shift(context, agency, form.draft(), kind, by, entry_id=entry_id, seen=form.seen.data)

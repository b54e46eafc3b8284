"""The pages on which rotations are made, changed and ended."""

from __future__ import annotations

from flask import Blueprint

from pager.adapters.web.authority import current_user
from pager.adapters.web.roster_forms import RotationForm, rotation_form
from pager.adapters.web.roster_keeping import Kind, add_pages
from pager.adapters.web.roster_said import said_of_rotation
from pager.domain.directory import Agency
from pager.domain.rotation import Rotation
from pager.lifecycle.keep_roster import find_rotation, put_rotation, take_off_rotation
from pager.lifecycle.turn import Context, Turn


def create_rotations(context: Context) -> Blueprint:
    """Return the pages of an agency's rotations."""
    blueprint = Blueprint("rotations", __name__, url_prefix="/agencies/<code>/rotations")
    kind = Kind(
        "roster/rotation.html",
        find_rotation,
        _new,
        rotation_form,
        _put,
        take_off_rotation,
        said_of_rotation,
        warn_of=lambda _turn, _rotation: (),
        day_of=lambda _rotation: None,
    )
    add_pages(blueprint, context, kind)
    return blueprint


def _new(turn: Turn, agency: Agency) -> RotationForm:
    return rotation_form(turn, agency, proposed={"every": 7, "unit": "days"})


def _put(context: Context, agency: str, form: RotationForm, entry_id: int | None) -> Rotation:
    return put_rotation(context, agency, form.draft(), current_user().email, entry_id=entry_id, seen=form.seen.data)

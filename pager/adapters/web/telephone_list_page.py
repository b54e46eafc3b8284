"""The list of whom to telephone when nothing else works, to be printed: `/telephone-list`."""

from __future__ import annotations

from flask import Blueprint, render_template

from pager.adapters.web.authority import allows, current_user
from pager.domain.authority import ROLES, Deed, may_to
from pager.domain.readable import day_and_time
from pager.domain.telephone_list import HOW_TO_USE
from pager.lifecycle.telephone_list import LISTED_AHEAD, telephone_list
from pager.lifecycle.turn import Context, reading


def create_telephone_list_page(context: Context) -> Blueprint:
    """Return the page of numbers; an agency's administrator sees their own agency's."""
    blueprint = Blueprint("telephone_list", __name__)

    @blueprint.get("/telephone-list")
    @allows(*ROLES[Deed.PRINT_NUMBERS])
    def show() -> str:
        user = current_user()
        with reading(context) as turn:
            active = [one for one in turn.work.directory.agencies() if one.is_active]
            theirs = [one for one in active if may_to(user, Deed.PRINT_NUMBERS, agency=one.code)]
            numbers = telephone_list(turn, theirs)
            begins, ends = turn.local(turn.now), turn.local(turn.now + LISTED_AHEAD)
        return render_template(
            "telephone_list/telephone_list.html",
            numbers=numbers,
            how_to_use=HOW_TO_USE,
            printed=f"{day_and_time(begins)}, {begins.year}",
            ends=day_and_time(ends),
            zone=context.zone.key,
        )

    return blueprint

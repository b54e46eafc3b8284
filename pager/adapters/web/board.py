"""The board at `/`: every open encounter, each agency's state and the time left, kept up to date by polling."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from pager.adapters.web.authority import allows, current_user
from pager.adapters.web.board_cards import card, in_order_of_need
from pager.adapters.web.encounter_words import Names
from pager.adapters.web.live_page import if_changed, live_page
from pager.adapters.web.start import start_form
from pager.domain.authority import ROLES, Deed, may
from pager.domain.encounter import Encounter, EncounterState
from pager.lifecycle.overview import overviews
from pager.lifecycle.ports import Work
from pager.lifecycle.turn import Context, reading

AT_A_TIME = 100


def create_board(context: Context) -> Blueprint:
    """Return the board. It shows names and times of every agency's people, so none of one agency alone."""
    board = Blueprint("board", __name__)

    @board.get("/")
    @allows()
    def show() -> Response:
        if not may(current_user(), Deed.LIST):
            return redirect(url_for("agencies.show_all"))
        if not may(current_user(), Deed.OPEN):
            return _page(context, "board/board.html")
        with reading(context) as turn:
            form = start_form(turn)
        return _page(context, "board/board.html", start=form)

    @board.get("/board/encounters")
    @allows(*ROLES[Deed.LIST], is_poll=True)
    def encounters() -> Response:
        """The part of the page that changes."""
        return if_changed(_page(context, "board/encounters.html"))

    return board


def _page(context: Context, template: str, **more: Any) -> Response:
    with reading(context) as turn:
        found = in_order_of_need(overviews(turn, list(open_encounters(turn.work))))
        names = Names(turn.work.directory)
        cards = [card(turn, names, one) for one in found]
    waiting = sum(bool(one.waiting) for one in cards)
    return live_page(template, context, turn.now, cards=cards, waiting=waiting, **more)


def open_encounters(work: Work) -> Iterator[Encounter]:
    """Yield every one: the listing begins with the newest, and the oldest may need somebody most."""
    before = None
    while found := work.encounters.listing(state=EncounterState.OPEN, stations=(), before=before, limit=AT_A_TIME):
        yield from found
        before = found[-1].id

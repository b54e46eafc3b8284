"""The board at `/`: every open encounter, each agency's state and the time left, kept up to date by polling."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pager.adapters.web.authority import allows, current_user, session_ends_at
from pager.adapters.web.board_cards import Card, Names, card, in_order_of_need
from pager.adapters.web.start import start_form
from pager.domain.authority import ROLES, Deed, may
from pager.domain.encounter import Encounter, EncounterState
from pager.domain.readable import clock_time
from pager.lifecycle.overview import overviews
from pager.lifecycle.ports import Work
from pager.lifecycle.turn import Context, reading

AT_A_TIME = 100


def create_board(context: Context) -> Blueprint:
    """Return the board. It shows names and times of every agency's people, so none of one agency alone."""
    board = Blueprint("board", __name__)

    def render(template: str, **more: Any) -> Response:
        cards, now = _cards(context)
        ends_at = session_ends_at()
        waiting = sum(bool(one.waiting) for one in cards)
        page = render_template(
            template,
            cards=cards,
            waiting=waiting,
            now_utc=now,
            zone=context.zone.key,
            ends=_told(ends_at, context),
            **more,
        )
        response = make_response(page)
        response.headers["Board-Time"] = now  # the viewer's own clock may be wrong
        if ends_at is not None:
            response.headers["Session-Ends"] = ends_at.isoformat()
        return response

    @board.get("/")
    @allows()
    def show() -> Response:
        if not may(current_user(), Deed.LIST):
            return redirect(url_for("agencies.show_all"))
        if not may(current_user(), Deed.OPEN):
            return render("board/board.html")
        with reading(context) as turn:
            form = start_form(turn)
        return render("board/board.html", start=form)

    @board.get("/board/encounters")
    @allows(*ROLES[Deed.LIST], is_poll=True)
    def encounters() -> Response:
        """The part of the page that changes; 304 to whoever has it as it is."""
        response = render("board/encounters.html")
        response.add_etag()
        return response.make_conditional(request)

    return board


def _told(ends_at: datetime | None, context: Context) -> str | None:
    return None if ends_at is None else clock_time(ends_at.astimezone(context.zone))


def _cards(context: Context) -> tuple[Sequence[Card], str]:
    """Return the cards of all open encounters and the instant at which they were so, ISO 8601."""
    with reading(context) as turn:
        found = in_order_of_need(overviews(turn, list(_open_encounters(turn.work))))
        names = Names(turn.work.directory)
        return [card(turn, names, one) for one in found], turn.now.isoformat()


def _open_encounters(work: Work) -> Iterator[Encounter]:
    """Yield every one: the listing begins with the newest, and the oldest may need somebody most."""
    before = None
    while found := work.encounters.listing(state=EncounterState.OPEN, stations=(), before=before, limit=AT_A_TIME):
        yield from found
        before = found[-1].id

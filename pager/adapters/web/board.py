"""The board at `/`: every open encounter, each agency's state and the time left, kept up to date by polling."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import Blueprint, current_app, make_response, render_template, request
from werkzeug.wrappers import Response

from pager.adapters.web.board_cards import Card, Names, card, in_order_of_need
from pager.domain.encounter import Encounter, EncounterState
from pager.lifecycle.overview import overview
from pager.lifecycle.ports import StoreUnavailableError, Work
from pager.lifecycle.turn import Context, reading

AT_A_TIME = 100


def create_board(context: Context) -> Blueprint:
    """Return the board; the application must have Bootstrap-Flask, whose style sheet it uses.

    It shows names and times of the agencies' people: whoever mounts it sees to it who may look.
    """
    board = Blueprint("board", __name__, template_folder="templates", static_folder="static", static_url_path="/assets")

    def render(template: str) -> Response:
        cards, now = _cards(context)
        waiting = sum(bool(one.waiting) for one in cards)
        has_wall = "sandbox" in current_app.blueprints
        page = render_template(
            template, cards=cards, waiting=waiting, now_utc=now, zone=context.zone.key, has_wall=has_wall
        )
        response = make_response(page)
        response.headers["Cache-Control"] = "no-cache"
        response.headers["Board-Time"] = now  # the viewer's own clock may be wrong
        return response

    @board.get("/")
    def show() -> Response:
        return render("board/board.html")

    @board.get("/board/encounters")
    def encounters() -> Response:
        """The part of the page that changes; 304 to whoever has it as it is."""
        response = render("board/encounters.html")
        response.add_etag()
        return response.make_conditional(request)

    @board.errorhandler(StoreUnavailableError)
    def unavailable(_error: StoreUnavailableError) -> tuple[str, int]:
        return render_template("board/unavailable.html", fallback_text=context.fallback_text), 503

    return board


def _cards(context: Context) -> tuple[Sequence[Card], str]:
    """Return the cards of all open encounters and the instant at which they were so, ISO 8601."""
    with reading(context) as turn:
        overviews = in_order_of_need(overview(turn, one) for one in _open_encounters(turn.work))
        names = Names(turn.work.directory)
        return [card(turn, names, one) for one in overviews], turn.now.isoformat()


def _open_encounters(work: Work) -> Iterator[Encounter]:
    """Yield every one: the listing begins with the newest, and the oldest may need somebody most."""
    before = None
    while found := work.encounters.listing(state=EncounterState.OPEN, stations=(), before=before, limit=AT_A_TIME):
        yield from found
        before = found[-1].id

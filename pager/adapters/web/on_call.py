"""The API's call on rosters: who is on call, tier by tier."""

from __future__ import annotations

from flask import Response

from pager.adapters.web.answers import on_call_item
from pager.adapters.web.api_keys import current_key, require_station
from pager.adapters.web.operations import answer
from pager.adapters.web.problems import UnusableError
from pager.adapters.web.schemas import OnCall, OnCallQuery
from pager.domain.authority import Deed, may_to
from pager.lifecycle.turn import Context, Turn, reading


class OnCallCall:
    """`GET /oncall`."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def on_call(self, query: OnCallQuery) -> Response:
        """Show who is on call, tier by tier, for each station and agency."""
        if query.station is not None:
            require_station(Deed.SEE_ON_CALL, query.station)
        with reading(self._context) as turn:
            at = query.at or turn.now
            stations, agencies = _stations(turn, query.station), _agencies(turn, query.agency)
            names = {responder.id: responder.name for responder in turn.work.directory.responders()}
            crews = turn.work.directory.crews_of_stations(agencies, stations, at)
            items = [
                on_call_item(agency, station, crew, names)
                for station, of_agencies in crews.items()
                for agency, crew in of_agencies.items()
            ]
        return answer(OnCall(at=at, items=items))


def _stations(turn: Turn, wanted: str | None) -> list[str]:
    """Return the active stations that are asked for and that the key serves."""
    active = [one.code for one in turn.work.directory.stations() if one.is_active]
    known = [code for code in active if may_to(current_key(), Deed.SEE_ON_CALL, stations=[code])]
    return known if wanted is None else [_one_of(known, wanted, "station")]


def _agencies(turn: Turn, wanted: str | None) -> list[str]:
    known = [one.code for one in turn.work.directory.agencies() if one.is_active]
    return known if wanted is None else [_one_of(known, wanted, "agency")]


def _one_of(known: list[str], wanted: str, field: str) -> str:
    if wanted not in known:
        raise UnusableError(f"{field} is unknown; known are: {', '.join(known)}", field)
    return wanted

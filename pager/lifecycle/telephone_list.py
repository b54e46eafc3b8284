"""Make the list of whom to telephone when nothing else works."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from pager.domain.directory import Agency
from pager.domain.telephone_list import AgencyNumbers, agency_numbers
from pager.lifecycle.turn import Turn

LISTED_AHEAD = timedelta(hours=72)


def telephone_list(turn: Turn, agencies: Sequence[Agency], ahead: timedelta = LISTED_AHEAD) -> Sequence[AgencyNumbers]:
    """Return who is on call at these agencies from now on for so long, for every active station."""
    directory, until = turn.work.directory, turn.now + ahead
    stations = [one for one in directory.stations() if one.is_active]
    people = {one.id: one for one in directory.responders()}
    return [
        agency_numbers(one, stations, directory.entries([one.code], turn.now, until), people, turn.now, until)
        for one in agencies
    ]

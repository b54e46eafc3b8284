"""What the pages about encounters say alike: who and where by name, times of day, how long something takes."""

from __future__ import annotations

from datetime import datetime, timedelta

from pager.domain.encounter import Encounter
from pager.domain.readable import clock_time, day_and_time
from pager.lifecycle.ports import Directory
from pager.lifecycle.turn import Turn

_HOURS_FROM = timedelta(hours=2)  # from here on minutes alone are hard to read


class Names:
    """What agencies, stations and people are called on the screen; each is read once, however many cards name it."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._agencies = {agency.code: agency.short for agency in directory.agencies()}
        self._stations = {station.code: station.name for station in directory.stations()}
        self._people: dict[str, str] = {}

    def agency(self, code: str) -> str:
        return self._agencies.get(code, code.upper())

    def station(self, code: str) -> str:
        return self._stations.get(code, code)

    def person(self, responder_id: str) -> str:
        if responder_id not in self._people:
            responder = self._directory.find_responder(responder_id)
            self._people[responder_id] = responder.name if responder else responder_id
        return self._people[responder_id]


def in_minutes(duration: timedelta) -> str:
    """Write a duration in full minutes, from two hours on in hours and minutes."""
    minutes = duration // timedelta(minutes=1)
    if minutes < 1:
        return "less than 1 min"
    return f"{minutes} min" if duration < _HOURS_FROM else f"{minutes // 60} h {minutes % 60} min"


def local_time(turn: Turn, encounter: Encounter, at: datetime) -> str:
    """Write a local time of day, with the day where it is not the one on which the encounter opened."""
    local = turn.local(at)
    return clock_time(local) if local.date() == turn.local(encounter.opened_at).date() else day_and_time(local)

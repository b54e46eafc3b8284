"""What the board shows of one encounter, in words: a card with a lane for each agency."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pager.adapters.web.encounter_words import Names, in_minutes, local_time
from pager.domain.encounter import Encounter
from pager.domain.page import Page, PageState
from pager.domain.readable import day_and_time, readable_number
from pager.lifecycle.overview import Overview
from pager.lifecycle.turn import Turn, shown_callback

LEFT_OUT = "left_out"
_WORDS = {
    PageState.PAGING: "Paging",
    PageState.ACKNOWLEDGED: "Coming",
    PageState.ON_SCENE: "On scene",
    PageState.CLOSED: "Closed",
    PageState.CANCELLED: "Cancelled",
}


@dataclass(frozen=True)
class Lane:
    """One agency: its `state` (a page's, or `left_out`), the same in words, and more in `details`.

    `need` is what only a human can do about it, None where the service goes on by itself.
    """

    agency: str
    short: str
    state: str
    words: str
    details: Sequence[str] = ()
    is_late: bool = False
    need: str | None = None


@dataclass(frozen=True)
class Card:
    """One open encounter. Times of day are local; `respond_by_utc` is ISO 8601, for the script that counts on."""

    reference: str
    station: str
    is_drill: bool
    opened: str
    respond_by: str
    respond_by_utc: str
    time_left: str
    is_late: bool
    callback: str
    callback_e164: str
    lanes: Sequence[Lane]

    @property
    def waiting(self) -> Sequence[str]:
        """The agencies of which nobody comes yet."""
        return [lane.short for lane in self.lanes if lane.state == PageState.PAGING]

    @property
    def needs(self) -> Sequence[str]:
        """What needs a human, agency by agency."""
        return [f"{lane.short}: {lane.need}" for lane in self.lanes if lane.need]

    @property
    def is_everybody_there(self) -> bool:
        return all(lane.state in (PageState.ON_SCENE, LEFT_OUT) for lane in self.lanes)


def in_order_of_need(overviews: Iterable[Overview]) -> list[Overview]:
    """Put first what needs a human or waits: real before drills, what needs a human, late before others, the oldest."""

    def need(one: Overview) -> tuple[bool, bool, bool, bool, datetime]:
        waiting = [page for page in one.pages if page.state is PageState.PAGING]
        is_late = any(page.is_late for page in waiting or one.pages)
        needs_human = any(_need(one, page) for page in one.pages)
        return (
            not (waiting or needs_human),
            one.encounter.is_drill,
            not needs_human,
            not is_late,
            one.encounter.opened_at,
        )

    return sorted(overviews, key=need)


def card(turn: Turn, names: Names, one: Overview) -> Card:
    """Return the card of an encounter as it stands at the turn's instant."""
    encounter = one.encounter
    lanes = [_lane(turn, names, one, page) for page in one.pages]
    left_out = [Lane(code, names.agency(code), LEFT_OUT, "Left out", ("not paged",)) for code in encounter.left_out]
    return Card(
        reference=encounter.reference,
        station=names.station(encounter.station),
        is_drill=encounter.is_drill,
        opened=day_and_time(turn.local(encounter.opened_at)),
        respond_by=local_time(turn, encounter, encounter.respond_by),
        respond_by_utc=encounter.respond_by.isoformat(timespec="seconds"),
        time_left=time_left(encounter.respond_by, turn.now),
        is_late=turn.now >= encounter.respond_by,
        callback=readable_number(shown_callback(encounter)),
        callback_e164=encounter.callback,
        lanes=[*lanes, *left_out],
    )


def time_left(respond_by: datetime, now: datetime) -> str:
    """Return what is left of the window, or since when it is closed, in full minutes; board.js writes the same."""
    return f"{in_minutes(respond_by - now)} left" if now < respond_by else f"late by {in_minutes(now - respond_by)}"


def _lane(turn: Turn, names: Names, one: Overview, page: Page) -> Lane:
    details = [_progress(turn, names, one, page)]
    if page.round > 1 and page.state is PageState.PAGING:
        details.append(f"round {page.round}: nobody comes any more")
    standby = [names.person(responder) for responder in one.standby[page.agency]]
    if standby:
        details.append(f"standby: {', '.join(standby)}")
    words = _WORDS.get(page.state, page.state.value)
    need = _need(one, page)
    return Lane(page.agency, names.agency(page.agency), page.state.value, words, details, page.is_late, need)


def _need(one: Overview, page: Page) -> str | None:
    """Return what only a human can do about one agency, None where the service goes on by itself."""
    if page.state is PageState.PAGING:
        if one.next_rung_at[page.agency] is None:
            return "nobody is left to page, telephone them"
        if page.agency in one.alerted:
            return "nobody has answered, telephone them"
    if page.is_late and page.state is not PageState.ON_SCENE:
        return "the window is missed"
    if page.comes_too_late(one.encounter.respond_by):
        return "will come after the window closes"
    return None


def _progress(turn: Turn, names: Names, one: Overview, page: Page) -> str:
    """Say how far a page has come: which rung, who comes when, or who is there since when."""
    encounter = one.encounter
    who = names.person(page.acknowledged_by) if page.acknowledged_by else "somebody"
    if page.state is PageState.ON_SCENE and page.on_scene_at is not None:
        return f"{who}, since {local_time(turn, encounter, page.on_scene_at)}"
    if page.state is PageState.ACKNOWLEDGED:
        if page.eta is None:
            return f"{who}, no ETA yet"
        return f"{who}, ETA {local_time(turn, encounter, page.eta)}, {_slack(page.eta, encounter.respond_by)}"
    if page.state in (PageState.CLOSED, PageState.CANCELLED):
        return _ended(turn, encounter, page, who)
    rung = "the first rung comes" if page.rung < 0 else f"rung {page.rung}"
    paged = [names.person(responder) for responder in one.paged[page.agency]]
    who_is_paged = f"{rung}: {', '.join(paged)}" if paged else rung
    next_at = one.next_rung_at[page.agency]
    return who_is_paged if next_at is None else f"{who_is_paged}; next at {local_time(turn, encounter, next_at)}"


def _ended(turn: Turn, encounter: Encounter, page: Page, who: str) -> str:
    """Say how far a page had come when the encounter ended."""
    if page.on_scene_at is not None:
        return f"{who} was there, since {local_time(turn, encounter, page.on_scene_at)}"
    return "nobody came" if page.acknowledged_by is None else f"{who} was coming"


def _slack(eta: datetime, respond_by: datetime) -> str:
    """Say how much time is left between an ETA and the deadline."""
    if eta > respond_by:
        return f"{in_minutes(eta - respond_by)} after the window closes"
    return f"{in_minutes(respond_by - eta)} to spare"

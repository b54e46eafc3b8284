"""A responder is on scene: the agency's clock stops."""

from __future__ import annotations

from pager.domain.encounter import Encounter
from pager.domain.page import Page, PageState
from pager.domain.timeline import EventKind
from pager.domain.wording import StandDown
from pager.lifecycle.alert import agency_answered
from pager.lifecycle.news import tell_of_answer
from pager.lifecycle.stand_down import stand_down
from pager.lifecycle.turn import Turn


def arrive(turn: Turn, encounter: Encounter, page: Page, responder: str, *, how: str) -> None:
    """Record an arrival; without an acknowledgement it counts as one. The encounter must be open and locked."""
    commitment = turn.work.encounters.commitment(page.id, responder)
    was_there = commitment.arrived_at is not None
    commitment.arrive(turn.now)
    if page.state is PageState.ON_SCENE:
        if not was_there:
            _note(turn, encounter, page, responder, f"is on scene too ({how})")
        return
    was = page.state
    page.arrive(responder, turn.now)
    page.due_at = None
    turn.work.deliveries.withdraw_queued([page.id], turn.now)
    _note(turn, encounter, page, responder, f"is on scene ({how})")
    stand_down(turn, encounter, page, StandDown.ON_SCENE, but=[responder])
    agency_answered(turn, encounter, page)
    tell_of_answer(turn, encounter, was)


def _note(turn: Turn, encounter: Encounter, page: Page, responder: str, text: str) -> None:
    turn.note(encounter, EventKind.ARRIVED, text, agency=page.agency, responder=responder)

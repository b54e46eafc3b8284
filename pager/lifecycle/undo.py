"""The dispatcher takes back an arrival or an acknowledgement that was none."""

from __future__ import annotations

from pager.domain.encounter import Encounter, ForbiddenTransitionError
from pager.domain.page import Page, PageState
from pager.domain.timeline import EventKind
from pager.lifecycle.paging import look
from pager.lifecycle.turn import Turn


def undo(turn: Turn, encounter: Encounter, page: Page) -> None:
    """Undo an arrival, or else an acknowledgement, which pages again as a release does but is no decline.

    Raises ForbiddenTransitionError where there is neither. The encounter must be open and locked.
    """
    if page.state is PageState.ON_SCENE:
        _undo_arrival(turn, encounter, page)
    elif page.state is PageState.ACKNOWLEDGED:
        _undo_acknowledgement(turn, encounter, page)
    else:
        raise ForbiddenTransitionError(f"the page of {page.agency} is {page.state.value}: there is nothing to undo")


def _undo_arrival(turn: Turn, encounter: Encounter, page: Page) -> None:
    page.undo_arrival()
    for commitment in turn.work.encounters.commitments(page.id):
        commitment.undo_arrival()
    _note(turn, encounter, page, "the arrival is taken back")
    look(turn, encounter, page)


def _undo_acknowledgement(turn: Turn, encounter: Encounter, page: Page) -> None:
    if page.acknowledged_by is not None:
        turn.work.encounters.commitment(page.id, page.acknowledged_by).undo_acknowledgement()
    _note(turn, encounter, page, "the acknowledgement is taken back")
    page.begin_round()
    look(turn, encounter, page, is_new_round=True)


def _note(turn: Turn, encounter: Encounter, page: Page, text: str) -> None:
    turn.work.timeline.append(
        encounter, turn.now, EventKind.UNDONE, text, agency=page.agency, responder=page.acknowledged_by
    )

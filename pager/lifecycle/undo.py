"""The dispatcher takes back an arrival or an acknowledgement that was none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pager.domain.encounter import Encounter, ForbiddenTransitionError
from pager.domain.page import Commitment, Page, PageState
from pager.domain.timeline import EventKind
from pager.lifecycle.paging import look
from pager.lifecycle.turn import Turn
from pager.lifecycle.who_comes import tell_part


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
    """Whoever was stood down for the arrival while they came, or stood by, is counted on again, and told."""
    arrived_at = page.on_scene_at
    page.undo_arrival()
    commitments = turn.work.encounters.commitments(page.id)
    again = [one for one in commitments if arrived_at is not None and one.came_until(arrived_at)]
    for commitment in commitments:
        commitment.undo_arrival()
    _note(turn, encounter, page, "the arrival is taken back")
    if again:
        _count_on_again(turn, encounter, page, again, commitments, arrived_at)
    look(turn, encounter, page)


def _count_on_again(
    turn: Turn,
    encounter: Encounter,
    page: Page,
    again: Sequence[Commitment],
    commitments: Sequence[Commitment],
    arrived_at: datetime | None,
) -> None:
    turn.work.deliveries.withdraw_stand_downs(page.id, {one.responder for one in again}, turn.now)
    for commitment in commitments:
        if commitment in again:
            commitment.come_again()
        elif commitment.responder == page.acknowledged_by and commitment.acknowledged_at == arrived_at:
            commitment.undo_acknowledgement()  # all that they were thought to have said is that they are there
    first = min(again, key=lambda one: (one.acknowledged_at, one.responder))
    page.hand_to(first.responder, None, first.acknowledged_at or turn.now)
    page.answered_at = turn.now  # they were on their way: nobody asks in the same breath whether they are there
    turn.note(
        encounter,
        EventKind.ACKNOWLEDGED,
        "comes as before: stood down for nothing",
        agency=page.agency,
        responder=first.responder,
    )
    for one in again:
        tell_part(turn, encounter, page, one.responder)


def _undo_acknowledgement(turn: Turn, encounter: Encounter, page: Page) -> None:
    if page.acknowledged_by is not None:
        turn.work.encounters.commitment(page.id, page.acknowledged_by).undo_acknowledgement()
    _note(turn, encounter, page, "the acknowledgement is taken back")
    page.begin_round()
    look(turn, encounter, page, is_new_round=True)


def _note(turn: Turn, encounter: Encounter, page: Page, text: str) -> None:
    turn.note(encounter, EventKind.UNDONE, text, agency=page.agency, responder=page.acknowledged_by)

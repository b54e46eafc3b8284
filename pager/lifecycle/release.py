"""A responder cannot come: the next one is paged at once."""

from __future__ import annotations

from pager.domain.encounter import Encounter
from pager.domain.page import Page, PageState
from pager.domain.timeline import EventKind
from pager.lifecycle.paging import look
from pager.lifecycle.turn import Turn


def release(turn: Turn, encounter: Encounter, page: Page, responder: str, *, how: str) -> None:
    """Record a NO. From the acknowledger it begins a new round; from anybody else it never changes a page that
    somebody acknowledged. The page must be of an open, locked encounter.
    """
    commitment = turn.work.encounters.commitment(page.id, responder)
    is_first = commitment.declined_at is None
    if page.state is PageState.ON_SCENE:
        _note(turn, encounter, page, EventKind.REPLY, responder, f"said NO while the agency is on scene ({how})")
        return
    commitment.decline(turn.now)
    turn.work.deliveries.withdraw_queued([page.id], turn.now, responder=responder)
    if page.state is PageState.ACKNOWLEDGED and page.acknowledged_by == responder:
        page.begin_round()
        _note(turn, encounter, page, EventKind.RELEASED, responder, f"cannot come after all ({how})")
        look(turn, encounter, page, is_new_round=True)
        return
    _note(turn, encounter, page, EventKind.DECLINED, responder, f"cannot come ({how})")
    look(turn, encounter, page, is_hurried=is_first)


def _note(turn: Turn, encounter: Encounter, page: Page, kind: EventKind, responder: str, text: str) -> None:
    turn.note(encounter, kind, text, agency=page.agency, responder=responder)

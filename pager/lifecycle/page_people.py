"""Page people on one rung: the timeline says whom, and their messages and calls are queued."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pager.domain.decision import Target
from pager.domain.delivery import Priority
from pager.domain.encounter import Encounter
from pager.domain.page import Page
from pager.domain.timeline import EventKind
from pager.lifecycle.queue import queue_page
from pager.lifecycle.turn import Turn


def page_people(
    turn: Turn,
    encounter: Encounter,
    page: Page,
    rung: int,
    targets: Sequence[Target],
    how: str,
    *,
    expires_at: datetime,
    priority: Priority = Priority.ESCALATION,
) -> None:
    """Page each target; `how` is what the timeline says of it. The encounter must be locked."""
    for target in targets:
        by = [channel.value for channel in target.channels]
        turn.note(
            encounter,
            EventKind.PAGED,
            how,
            agency=page.agency,
            responder=target.responder,
            data={"round": page.round, "rung": rung, "by": by},
        )
    queue_page(turn, encounter, page, rung, targets, priority=priority, expires_at=expires_at)

"""Somebody looks at an encounter's details: the timeline says who, and nothing is shown that it cannot say."""

from __future__ import annotations

from datetime import timedelta

from pager.domain.encounter import Encounter
from pager.domain.timeline import EventKind
from pager.lifecycle.turn import Context, Turn, reading, writing

# A page that asks again every few seconds is one look.
ONCE_IN = timedelta(hours=1)


def note_view(context: Context, reference: str, viewer: str) -> None:
    """Record that `viewer` (`key NAME`, `user 12`) sees an encounter's details, once an hour; unknown: nothing.

    Called before anything is shown. Raises StoreUnavailableError where it cannot be recorded: then nothing may be.
    """
    with reading(context) as turn:
        encounter = turn.work.encounters.find(reference)
        if encounter is None or not _is_due(turn, encounter, viewer):
            return
    with writing(context) as turn:
        encounter = turn.work.encounters.lock_reference(reference)
        if encounter is not None and _is_due(turn, encounter, viewer):
            turn.note(encounter, EventKind.VIEWED, "the details were looked at", data={"by": viewer})


def _is_due(turn: Turn, encounter: Encounter, viewer: str) -> bool:
    return viewer not in turn.work.timeline.viewers(encounter.id, since=turn.now - ONCE_IN)

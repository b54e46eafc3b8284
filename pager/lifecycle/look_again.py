"""Look again at once at what waits: something has changed about the people who can be paged."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pager.domain.page import Page
from pager.lifecycle.turn import Turn


def lock_waiting_pages(turn: Turn, agencies: Collection[str]) -> Sequence[Page]:
    """Lock every encounter on which one of the agencies waits, and return the pages that still wait then.

    Comes before anything else is locked: encounters are locked first, in the order of their ids.
    """
    encounters = turn.work.encounters
    locked = {page.encounter_id for page in encounters.waiting_pages(agencies)}
    for encounter_id in sorted(locked):
        encounters.lock(encounter_id)
    return [page for page in encounters.waiting_pages(agencies) if page.encounter_id in locked]


def look_again(turn: Turn, pages: Collection[Page]) -> None:
    """Make locked pages due now."""
    for page in pages:
        page.due_at = turn.now

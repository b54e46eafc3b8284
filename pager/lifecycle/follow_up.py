"""Close a follow-up with its outcome."""

from __future__ import annotations

from pager.domain.encounter import Encounter
from pager.domain.follow_up import FollowUp, Outcome
from pager.domain.timeline import EventKind
from pager.lifecycle.one_page import lock_encounter
from pager.lifecycle.overview import Overview, overview
from pager.lifecycle.turn import Context, Turn, writing


def close_follow_up(context: Context, reference: str, name: str, outcome: Outcome) -> Overview:
    """Record what became of a follow-up; the same outcome again changes nothing.

    Raises KeyError for an unknown reference or name, ForbiddenTransitionError where another outcome was recorded.
    """
    with writing(context) as turn:
        encounter = lock_encounter(turn, reference)
        found = {one.name: one for one in turn.work.encounters.follow_ups(encounter.id)}
        follow_up = found[name]
        if follow_up.outcome is not outcome:
            follow_up.close(outcome, turn.now)
            note_follow_up(turn, encounter, follow_up)
        return overview(turn, encounter)


def note_follow_up(turn: Turn, encounter: Encounter, follow_up: FollowUp) -> None:
    """Put a follow-up's outcome on the timeline."""
    outcome = "" if follow_up.outcome is None else follow_up.outcome.value
    turn.note(
        encounter,
        EventKind.FOLLOW_UP,
        f"{follow_up.title}: {outcome.replace('_', ' ')}",
        agency=follow_up.agency,
        data={"name": follow_up.name, "outcome": outcome},
    )

"""Close a follow-up with its outcome."""

from __future__ import annotations

from pager.domain.follow_up import Outcome
from pager.domain.timeline import EventKind
from pager.lifecycle.overview import Overview, overview
from pager.lifecycle.turn import Context, writing


def close_follow_up(context: Context, reference: str, name: str, outcome: Outcome) -> Overview:
    """Record what became of a follow-up; the same outcome again changes nothing.

    Raises KeyError for an unknown reference or name, ForbiddenTransitionError where another outcome was recorded.
    """
    with writing(context) as turn:
        encounter = turn.work.encounters.lock_reference(reference)
        if encounter is None:
            raise KeyError(reference)
        found = {one.name: one for one in turn.work.encounters.follow_ups(encounter.id)}
        follow_up = found[name]
        if follow_up.outcome is not outcome:
            follow_up.close(outcome, turn.now)
            turn.work.timeline.append(
                encounter,
                turn.now,
                EventKind.FOLLOW_UP,
                f"{name}: {outcome.value.replace('_', ' ')}",
                agency=follow_up.agency,
                data={"name": name, "outcome": outcome.value},
            )
        return overview(turn, encounter)

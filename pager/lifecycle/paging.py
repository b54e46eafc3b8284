"""Look at pages: take their snapshots, decide, and write down all that was decided."""

from __future__ import annotations

from collections.abc import Sequence

from pager.domain.arrival import Step
from pager.domain.decision import TakeStep
from pager.domain.encounter import Encounter
from pager.domain.escalation import decide
from pager.domain.page import Page
from pager.domain.timeline import EventKind
from pager.lifecycle.carry_out import carry_out
from pager.lifecycle.take_snapshots import Seen, take_snapshots
from pager.lifecycle.turn import Turn


def look(turn: Turn, encounter: Encounter, page: Page, *, is_hurried: bool = False, is_new_round: bool = False) -> None:
    """Do what one page needs now, as `look_at_all`.

    `is_hurried`: a NO or a person without a channel brings the next rung now. `is_new_round`: nobody comes any more,
    standby is paged at once.
    """
    _act_on(turn, encounter, take_snapshots(turn, encounter, [page], is_hurried=is_hurried, is_new_round=is_new_round))


def look_at_all(turn: Turn, encounter: Encounter, pages: Sequence[Page], *, are_new: bool = False) -> None:
    """Do what the pages need now and note when to look next; the encounter must be locked.

    `are_new`: they have just opened, so that nothing of them is under way.
    """
    _act_on(turn, encounter, take_snapshots(turn, encounter, pages), are_new=are_new)


def _act_on(turn: Turn, encounter: Encounter, seen: Sequence[Seen], *, are_new: bool = False) -> None:
    """Act on what was seen: what is over of all pages ends first, in one go, then each goes on."""
    decided = [(one, decide(one.snapshot, turn.now)) for one in seen]
    if not are_new:
        over = [one.page.id for one, decision in decided if decision.ends_rung(one.snapshot)]
        turn.work.deliveries.end_rungs(over, turn.now)
    for one, decision in decided:
        if TakeStep(Step.LAPSE) in decision.actions:
            _lapse(turn, encounter, one.page)
        else:
            carry_out(turn, encounter, one.page, one.snapshot, decision, one.commitments)
            one.page.rung, one.page.rung_at, one.page.due_at = decision.rung, decision.rung_at, decision.due_at


def _lapse(turn: Turn, encounter: Encounter, page: Page) -> None:
    """The acknowledger has not answered the check-in: page again, as after a release; they may still arrive."""
    responder = page.acknowledged_by or ""
    turn.work.encounters.commitment(page.id, responder).lapse()
    page.begin_round()
    turn.note(
        encounter,
        EventKind.LAPSED,
        "has not answered whether they are on scene",
        agency=page.agency,
        responder=responder,
    )
    look(turn, encounter, page, is_new_round=True)

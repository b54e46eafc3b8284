"""Write down what was decided about a page: deliveries, timeline, flags, and what the one who comes is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pager.domain import speech, wording
from pager.domain.arrival import Step
from pager.domain.decision import (
    EVERYBODY_RUNG,
    STANDBY_RUNG,
    Action,
    AlertDispatcher,
    CarryOut,
    Decision,
    MarkLate,
    NoteGap,
    NoteUnreachable,
    PageMore,
    ReleaseDeclines,
    RunShort,
    Snapshot,
    TakeStep,
)
from pager.domain.delivery import DeliveryKind, Priority
from pager.domain.encounter import Encounter
from pager.domain.page import Commitment, Page
from pager.domain.timeline import EventKind
from pager.lifecycle.alert import raise_alert
from pager.lifecycle.page_people import page_people
from pager.lifecycle.queue import queue_notice
from pager.lifecycle.turn import Turn

LATENESS_WORTH_TELLING_SECONDS = 10


def carry_out(
    turn: Turn,
    encounter: Encounter,
    page: Page,
    snapshot: Snapshot,
    decision: Decision,
    commitments: Sequence[Commitment],
) -> None:
    """Write down all that was decided about a page, of an encounter that is locked, from this snapshot of it."""
    writer = _Writer(turn, encounter, page, snapshot, decision, commitments)
    for action in decision.actions:
        writer.write(action)


@dataclass(frozen=True)
class _Writer:
    turn: Turn
    encounter: Encounter
    page: Page
    snapshot: Snapshot
    decision: Decision
    commitments: Sequence[Commitment]

    def write(self, action: Action) -> None:
        match action:
            case CarryOut():
                self._carry_out(action)
            case TakeStep(step):
                self._ask(step)
            case AlertDispatcher(because):
                raise_alert(self.turn, self.encounter, self.page, because)
            case NoteGap(tier):
                self._note(EventKind.GAP, f"nobody is on call as {tier.value}", data={"tier": tier.value})
            case NoteUnreachable(responder):
                self.turn.work.encounters.commitment(self.page.id, responder).is_unreachable = True
                self._note(EventKind.UNREACHABLE, "has no working channel", responder=responder)
            case ReleaseDeclines():
                for one in self.commitments:
                    one.decline_holds = False
            case _:
                self._mark(action)

    def _mark(self, action: Action) -> None:
        match action:
            case MarkLate():
                self.page.is_late = True
                self._note(EventKind.LATE, "the window has closed and nobody of the agency is on scene")
            case RunShort():
                self.page.short_round = self.page.round
                self._note(EventKind.SHORT, "less time is left than the agency needs to get there: everybody is paged")
            case PageMore():
                self.page.more_round = self.page.round

    def _ask(self, step: Step) -> None:
        """Ask the acknowledger when they are there, or whether they are."""
        responder = self.turn.work.directory.responder(self.page.acknowledged_by or "")
        facts = self.turn.facts(self.encounter, self.page.agency)
        if step is Step.CHECK_IN:
            self.page.checked_in_at = self.turn.now
            self.page.eta_asked_at = self.page.eta_asked_at or self.turn.now  # this question asks for it too
            text, said = wording.check_in_sms(facts), speech.check_in_speech(facts)
        else:
            self.page.eta_asked_at = self.turn.now
            text, said = wording.ask_eta_sms(facts), speech.ask_eta_speech(facts)
        seq = self._note(
            EventKind.ASKED,
            "asked whether they are on scene" if step is Step.CHECK_IN else "asked when they will be there",
            responder=responder.id,
        )
        queue_notice(
            self.turn,
            DeliveryKind.QUESTION,
            responder,
            text,
            said,
            cause=f"event:{self.encounter.id}:{seq}",
            encounter=self.encounter,
            page=self.page,
        )

    def _carry_out(self, action: CarryOut) -> None:
        page_people(
            self.turn,
            self.encounter,
            self.page,
            action.rung,
            action.targets,
            self._how(action),
            priority=Priority.FIRST_PAGE if self.snapshot.rung < 0 else Priority.ESCALATION,
            expires_at=self.snapshot.ladder.after(self.decision.rung, self.decision.rung_at),
        )

    def _how(self, action: CarryOut) -> str:
        if action.rung == STANDBY_RUNG:
            return "standby is paged"
        if action.rung == EVERYBODY_RUNG:
            return "everybody is paged"
        late_by = int((self.turn.now - action.due_at).total_seconds())
        text = f"rung {action.rung}"
        if action.is_brought_forward:
            is_for_late_eta = PageMore() in self.decision.actions
            return f"{text}, since the ETA is too late" if is_for_late_eta else f"{text}, brought forward"
        return f"{text}, {late_by} seconds late" if late_by >= LATENESS_WORTH_TELLING_SECONDS else text

    def _note(
        self, kind: EventKind, text: str, *, responder: str | None = None, data: dict[str, object] | None = None
    ) -> int:
        return self.turn.note(self.encounter, kind, text, agency=self.page.agency, responder=responder, data=data)

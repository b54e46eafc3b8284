"""Write down what was decided about a page: deliveries, timeline, flags, and what the one who comes is asked."""

from __future__ import annotations

from collections.abc import Sequence

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
from pager.lifecycle.queue import queue_notice, queue_page
from pager.lifecycle.turn import Turn

LATENESS_WORTH_TELLING_SECONDS = 10


class Record:
    """Writes down one decision about one page, of an encounter that is locked."""

    def __init__(self, turn: Turn, encounter: Encounter, page: Page, snapshot: Snapshot, decision: Decision) -> None:
        self.turn, self.encounter, self.page = turn, encounter, page
        self.snapshot, self.decision = snapshot, decision
        self.timeline = turn.work.timeline

    def write(self, commitments: Sequence[Commitment]) -> None:
        for action in self.decision.actions:
            self._write(action, commitments)

    def _write(self, action: Action, commitments: Sequence[Commitment]) -> None:
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
                for one in commitments:
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
        for target in action.targets:
            self._note(
                EventKind.PAGED,
                self._how(action),
                responder=target.responder,
                data={
                    "round": self.page.round,
                    "rung": action.rung,
                    "by": [channel.value for channel in target.channels],
                },
            )
        queue_page(
            self.turn,
            self.encounter,
            self.page,
            action.rung,
            action.targets,
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
        return self.timeline.append(
            self.encounter, self.turn.now, kind, text, agency=self.page.agency, responder=responder, data=data
        )

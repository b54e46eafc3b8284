"""One look at one page: take the snapshot, decide, and write down all that was decided."""

from __future__ import annotations

from collections.abc import Sequence

from pager.domain.crew import Crew, Person
from pager.domain.delivery import Priority
from pager.domain.encounter import Encounter
from pager.domain.escalation import (
    STANDBY_RUNG,
    Action,
    AlertDispatcher,
    CarryOut,
    Decision,
    MarkLate,
    NoteGap,
    NoteUnreachable,
    ReleaseDeclines,
    Snapshot,
    decide,
)
from pager.domain.ladder import Ladder
from pager.domain.page import Commitment, Page, standby
from pager.domain.policy import Policy
from pager.domain.timeline import EventKind
from pager.lifecycle.alert import raise_alert
from pager.lifecycle.queue import queue_page
from pager.lifecycle.turn import Turn

LATENESS_WORTH_TELLING_SECONDS = 10


def look(
    turn: Turn,
    encounter: Encounter,
    page: Page,
    *,
    crew: Crew | None = None,
    is_hurried: bool = False,
    is_new_round: bool = False,
) -> None:
    """Do what the page needs now and note when to look next; the encounter must be locked.

    `crew` may be given where the caller has it already. `is_hurried`: a NO or a person without a channel brings the
    next rung now. `is_new_round`: nobody comes any more, standby is paged at once.
    """
    commitments = turn.work.encounters.commitments(page.id)
    crew = usable_crew(turn, page, crew or crew_of(turn, encounter, page))
    snapshot = Snapshot(
        state=page.state,
        is_late=page.is_late,
        rung=page.rung,
        rung_at=page.rung_at,
        ladder=ladder_of(turn.work.encounters.policy(encounter.policy_digest), encounter, page),
        crew=crew,
        declined=frozenset(one.responder for one in commitments if one.decline_holds),
        unreachable=frozenset(one.responder for one in commitments if one.is_unreachable),
        is_hurried=is_hurried,
        is_new_round=is_new_round,
        standby=_people_on_standby(turn, page, commitments) if is_new_round else (),
    )
    decision = decide(snapshot, turn.now)
    if decision.rung != page.rung or is_new_round:
        turn.work.deliveries.withdraw_queued([page.id], turn.now)
        turn.work.deliveries.expire_under_way(page.id, turn.now)
    _Record(turn, encounter, page, snapshot, decision).write(commitments)
    page.rung, page.rung_at, page.due_at = decision.rung, decision.rung_at, decision.due_at


def ladder_of(policy: Policy, encounter: Encounter, page: Page) -> Ladder:
    """Return a page's ladder in time, by the policy as it was when the encounter opened."""
    return Ladder(policy.plan(page.agency).ladder, policy.repeat, encounter.opened_at, encounter.respond_by)


def crew_of(turn: Turn, encounter: Encounter, page: Page) -> Crew:
    """Return whom the page's agency can call now for the encounter's station."""
    return turn.work.directory.crews([page.agency], encounter.station, turn.now)[page.agency]


def usable_crew(turn: Turn, page: Page, crew: Crew) -> Crew:
    """Return the crew without the channels that have failed for good on this page."""
    refused = turn.work.deliveries.refused_channels(page.id)
    return crew.without(refused) if refused else crew


def _people_on_standby(turn: Turn, page: Page, commitments: list[Commitment]) -> tuple[Person, ...]:
    responders = [turn.work.directory.responder(one.responder) for one in standby(page, commitments)]
    return tuple(Person(one.id, one.channels, one.is_duty) for one in responders)


class _Record:
    """Writes down a decision: deliveries, timeline, flags."""

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
            case NoteGap(tier):
                self._note(EventKind.GAP, f"nobody is on call as {tier.value}", data={"tier": tier.value})
            case NoteUnreachable(responder):
                self.turn.work.encounters.commitment(self.page.id, responder).is_unreachable = True
                self._note(EventKind.UNREACHABLE, "has no working channel", responder=responder)
            case MarkLate():
                self.page.is_late = True
                self._note(EventKind.LATE, "the window has closed and nobody of the agency is on scene")
            case ReleaseDeclines():
                for one in commitments:
                    one.decline_holds = False
            case AlertDispatcher(because):
                raise_alert(self.turn, self.encounter, self.page, because)

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
        late_by = int((self.turn.now - action.due_at).total_seconds())
        text = f"rung {action.rung}"
        if action.is_brought_forward:
            return f"{text}, brought forward"
        return f"{text}, {late_by} seconds late" if late_by >= LATENESS_WORTH_TELLING_SECONDS else text

    def _note(
        self, kind: EventKind, text: str, *, responder: str | None = None, data: dict[str, object] | None = None
    ) -> None:
        self.timeline.append(
            self.encounter, self.turn.now, kind, text, agency=self.page.agency, responder=responder, data=data
        )

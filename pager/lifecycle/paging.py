"""One look at one page: take the snapshot, decide, and write down all that was decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pager.domain.arrival import Step, journey
from pager.domain.crew import Crew, Person
from pager.domain.decision import Snapshot, TakeStep
from pager.domain.encounter import Encounter
from pager.domain.escalation import decide
from pager.domain.ladder import Ladder
from pager.domain.page import Commitment, Page, PageState, standby
from pager.domain.policy import Policy
from pager.domain.timeline import EventKind
from pager.lifecycle.carry_out import carry_out
from pager.lifecycle.turn import Turn


def look(
    turn: Turn,
    encounter: Encounter,
    page: Page,
    *,
    crew: Crew | None = None,
    is_new: bool = False,
    is_hurried: bool = False,
    is_new_round: bool = False,
) -> None:
    """Do what the page needs now and note when to look next; the encounter must be locked.

    `crew` may be given where the caller has it already. `is_new`: the page has just opened, so that nobody has said
    anything and nothing has been sent. `is_hurried`: a NO or a person without a channel brings the next rung now.
    `is_new_round`: nobody comes any more, standby is paged at once.
    """
    commitments = [] if is_new else turn.work.encounters.commitments(page.id)
    crew = crew or crew_of(turn, encounter, page)
    crew = crew if is_new else usable_crew(turn, page, crew)
    snapshot = replace(
        _snapshot(turn, encounter, page, crew, commitments),
        is_hurried=is_hurried,
        is_new_round=is_new_round,
        standby=_people_on_standby(turn, page, commitments) if is_new_round else (),
    )
    decision = decide(snapshot, turn.now)
    if TakeStep(Step.LAPSE) in decision.actions:
        _lapse(turn, encounter, page)
        return
    if (decision.rung != page.rung or is_new_round) and not is_new:
        turn.work.deliveries.withdraw_queued([page.id], turn.now)
        turn.work.deliveries.expire_under_way(page.id, turn.now)
    carry_out(turn, encounter, page, snapshot, decision, commitments)
    page.rung, page.rung_at, page.due_at = decision.rung, decision.rung_at, decision.due_at


def _snapshot(turn: Turn, encounter: Encounter, page: Page, crew: Crew, commitments: Sequence[Commitment]) -> Snapshot:
    policy = turn.work.encounters.policy(encounter.policy_digest)
    travel = policy.plan(page.agency).travel
    is_acknowledged = page.state is PageState.ACKNOWLEDGED
    wants_more = page.comes_too_late(encounter.respond_by) and page.more_round != page.round
    return Snapshot(
        state=page.state,
        is_late=page.is_late,
        rung=page.rung,
        rung_at=page.rung_at,
        ladder=ladder_of(policy, encounter, page),
        crew=crew,
        declined=frozenset(one.responder for one in commitments if one.decline_holds),
        unreachable=frozenset(one.responder for one in commitments if one.is_unreachable),
        short_at=None if travel is None or page.short_round == page.round else encounter.respond_by - travel,
        journey=journey(page, encounter.respond_by, policy.acknowledgement, travel) if is_acknowledged else None,
        wants_more=wants_more,
        known=_known(turn, page, commitments) if wants_more else frozenset(),
    )


def _known(turn: Turn, page: Page, commitments: Sequence[Commitment]) -> frozenset[str]:
    """Return those who were paged in this round, and those who come."""
    paged = turn.work.deliveries.paged_at(page.id)
    return frozenset(paged) | {one.responder for one in commitments if one.is_coming}


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


def ladder_of(policy: Policy, encounter: Encounter, page: Page) -> Ladder:
    """Return a page's ladder in time, by the policy as it was when the encounter opened."""
    return Ladder(
        policy.plan(page.agency).ladder, policy.repeat, page.opened_at or encounter.opened_at, encounter.respond_by
    )


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

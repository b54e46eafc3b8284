"""Take the snapshots by which it is decided what pages need: of all of an encounter by as few queries as of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pager.domain.arrival import journey
from pager.domain.crew import Crew, Person
from pager.domain.decision import Snapshot
from pager.domain.encounter import Encounter
from pager.domain.page import Commitment, Page, PageState, standby
from pager.lifecycle.ladder_and_crew import ladder_of, usable_crews
from pager.lifecycle.turn import Turn


@dataclass(frozen=True)
class Seen:
    """A page, what its people have said, and the snapshot of both."""

    page: Page
    commitments: list[Commitment]
    snapshot: Snapshot


def take_snapshots(
    turn: Turn, encounter: Encounter, pages: Sequence[Page], *, is_hurried: bool = False, is_new_round: bool = False
) -> list[Seen]:
    """Return each page as it is seen now; the encounter must be locked, and the rest is as `Snapshot` says."""
    crews = usable_crews(turn, encounter, pages)
    said = turn.work.encounters.all_commitments([encounter.id])
    seen = []
    for page in pages:
        commitments = said.get(page.id, [])
        snapshot = _snapshot(turn, encounter, page, crews[page.id], commitments)
        standing_by = _people_on_standby(turn, page, commitments) if is_new_round else ()
        snapshot = replace(snapshot, is_hurried=is_hurried, is_new_round=is_new_round, standby=standing_by)
        seen.append(Seen(page, commitments, snapshot))
    return seen


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


def _people_on_standby(turn: Turn, page: Page, commitments: list[Commitment]) -> tuple[Person, ...]:
    responders = [turn.work.directory.responder(one.responder) for one in standby(page, commitments)]
    return tuple(Person(one.id, one.channels, one.is_duty) for one in responders)

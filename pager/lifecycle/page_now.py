"""The dispatcher does not wait for the ladder: the next rung now, a person by name, or one more agency."""

from __future__ import annotations

from dataclasses import replace

from pager.domain.decision import BY_HAND_RUNG, Target
from pager.domain.delivery import Priority
from pager.domain.directory import Responder
from pager.domain.encounter import Encounter, ForbiddenTransitionError
from pager.domain.page import Page, PageState
from pager.domain.policy import AgencyPlan, Policy
from pager.domain.timeline import EventKind
from pager.lifecycle.escalate import telling_of_time
from pager.lifecycle.paging import ladder_of, look
from pager.lifecycle.queue import queue_page
from pager.lifecycle.turn import Turn


def page_next(turn: Turn, encounter: Encounter, page: Page) -> None:
    """Carry out the next rung that reaches somebody. Raises ForbiddenTransitionError unless the page is `paging`.

    This and the following are for open encounters that are locked.
    """
    _require_paging(page)
    look(turn, encounter, page, is_hurried=True)


def page_person(turn: Turn, encounter: Encounter, page: Page, responder: Responder) -> None:
    """Page one person on every channel they have, once in a round. Raises ForbiddenTransitionError where that cannot be
    or has been done.
    """
    _require_paging(page)
    if not responder.channels:
        raise ForbiddenTransitionError(f"{responder.id} has no working channel")
    was_paged = any(
        (one.responder, one.round, one.rung) == (responder.id, page.round, BY_HAND_RUNG)
        for one in turn.work.deliveries.of_page(page.id)
    )
    if was_paged:
        raise ForbiddenTransitionError(f"{responder.id} has been paged by name already; telephone them")
    channels = tuple(sorted(responder.channels))
    turn.work.timeline.append(
        encounter,
        turn.now,
        EventKind.PAGED,
        "paged by name",
        agency=page.agency,
        responder=responder.id,
        data={"round": page.round, "rung": BY_HAND_RUNG, "by": [channel.value for channel in channels]},
    )
    ladder = ladder_of(turn.work.encounters.policy(encounter.policy_digest), encounter, page)
    queue_page(
        turn,
        encounter,
        page,
        BY_HAND_RUNG,
        [Target(responder.id, channels)],
        priority=Priority.ESCALATION,
        expires_at=ladder.after(page.rung, page.rung_at),
    )


def add_agency(turn: Turn, encounter: Encounter, code: str) -> None:
    """Page one more agency: by its own plan, or by the policy's first where it has none.

    Raises ForbiddenTransitionError where it has been paged from the start.
    """
    if code in {page.agency for page in turn.work.encounters.pages(encounter.id)}:
        raise ForbiddenTransitionError(f"{code} is paged already")
    policy = _with_plan(turn.work.encounters.policy(encounter.policy_digest), code)
    encounter.policy_digest = turn.work.encounters.keep_policy(policy)
    encounter.left_out = [one for one in encounter.left_out if one != code]
    page = Page(encounter.id, code, rung_at=turn.now, due_at=turn.now, opened_at=turn.now)
    turn.work.encounters.add_page(page)
    turn.work.timeline.append(encounter, turn.now, EventKind.ADDED, "paged as well from now on", agency=code)
    with telling_of_time(turn, encounter, [page]):
        look(turn, encounter, page)


def _with_plan(policy: Policy, code: str) -> Policy:
    if code in {plan.agency for plan in policy.agencies}:
        return policy
    plan = replace(policy.agencies[0], agency=code, may_be_left_out=True)
    added: tuple[AgencyPlan, ...] = (*policy.agencies, plan)
    return replace(policy, agencies=added)


def _require_paging(page: Page) -> None:
    if page.state is not PageState.PAGING:
        who = "nobody can be paged" if page.acknowledged_by is None else f"{page.acknowledged_by} comes"
        raise ForbiddenTransitionError(f"the page of {page.agency} is {page.state.value}: {who}; release it first")

"""The dispatcher does not wait for the ladder: the next rung now, a person by name, or one more agency."""

from __future__ import annotations

from dataclasses import replace

from pager.domain.decision import BY_HAND_RUNG, Target
from pager.domain.directory import Channel, Responder
from pager.domain.encounter import Encounter, ForbiddenTransitionError
from pager.domain.page import Page, PageState
from pager.domain.policy import Policy
from pager.domain.timeline import EventKind
from pager.domain.trigger_request import RefusedError
from pager.lifecycle.ladder_and_crew import ladder_of
from pager.lifecycle.news import telling_of_time
from pager.lifecycle.one_page import active_responder, one_page, open_encounter
from pager.lifecycle.overview import Overview, overview
from pager.lifecycle.page_people import page_people
from pager.lifecycle.paging import look, look_at_all
from pager.lifecycle.turn import Context, Turn


def page_now(context: Context, reference: str, agency: str, responder: str | None) -> Overview:
    """Carry out the next rung that reaches somebody; or page `responder` on every channel they have, once in a round.

    Raises KeyError for an unknown encounter or page, UnknownResponderError, ForbiddenTransitionError where nobody
    is looked for, or the person cannot be paged or has been by name.
    """
    with one_page(context, reference, agency) as (turn, encounter, page):
        _require_looking(turn, encounter, page)
        if responder is None:
            look(turn, encounter, page, is_hurried=True)
        else:
            _page_person(turn, encounter, page, active_responder(turn, page, responder))
        return overview(turn, encounter)


def add_agency(context: Context, reference: str, code: str) -> Overview:
    """Page one more agency: by its own plan, or by the policy's first where it has none. One that is paged stays so.

    Raises KeyError for an unknown encounter, RefusedError for an unknown agency, ForbiddenTransitionError where the
    encounter has ended.
    """
    with open_encounter(context, reference) as (turn, encounter):
        if turn.work.directory.find_agency(code) is None:
            known = ", ".join(agency.code for agency in turn.work.directory.agencies())
            raise RefusedError("agency", f"is unknown; known are: {known}")
        if code not in {page.agency for page in turn.work.encounters.pages(encounter.id)}:
            _add(turn, encounter, code)
        return overview(turn, encounter)


def _page_person(turn: Turn, encounter: Encounter, page: Page, responder: Responder) -> None:
    ladder = ladder_of(turn.work.encounters.policy(encounter.policy_digest), encounter, page)
    target = Target(responder.id, _channels_for(turn, page, responder))
    expires_at = ladder.after(page.rung, page.rung_at)
    page_people(turn, encounter, page, BY_HAND_RUNG, [target], "paged by name", expires_at=expires_at)


def _channels_for(turn: Turn, page: Page, responder: Responder) -> tuple[Channel, ...]:
    """Return what reaches a person who is paged by name; raises ForbiddenTransitionError where they cannot be."""
    lost = turn.work.deliveries.lost_channels([page.id])[page.id]
    channels = tuple(sorted(channel for channel in responder.channels if (responder.id, channel) not in lost))
    was_paged = any(
        (one.responder, one.round, one.rung) == (responder.id, page.round, BY_HAND_RUNG)
        for one in turn.work.deliveries.of_page(page.id)
    )
    if not channels:
        raise ForbiddenTransitionError(f"{responder.id} has no working channel; telephone them")
    if turn.work.encounters.commitment(page.id, responder.id).decline_holds:
        raise ForbiddenTransitionError(f"{responder.id} has said NO; telephone them")
    if was_paged:
        raise ForbiddenTransitionError(f"{responder.id} has been paged by name already; telephone them")
    return channels


def _add(turn: Turn, encounter: Encounter, code: str) -> None:
    policy = _with_plan(turn.work.encounters.policy(encounter.policy_digest), code)
    encounter.policy_digest = turn.work.encounters.keep_policy(policy)
    encounter.left_out = [one for one in encounter.left_out if one != code]
    page = Page(encounter.id, code, rung_at=turn.now, due_at=turn.now, opened_at=turn.now)
    turn.work.encounters.add_pages([page])
    turn.note(encounter, EventKind.ADDED, "paged as well from now on", agency=code)
    with telling_of_time(turn, encounter, [page]):
        look_at_all(turn, encounter, [page], are_new=True)


def _with_plan(policy: Policy, code: str) -> Policy:
    if code in {plan.agency for plan in policy.agencies}:
        return policy
    plan = replace(policy.agencies[0], agency=code, may_be_left_out=True)
    return replace(policy, agencies=(*policy.agencies, plan))


def _require_looking(turn: Turn, encounter: Encounter, page: Page) -> None:
    if page.is_still_paging(encounter.respond_by):
        return
    directory = turn.work.directory
    name = directory.responder(page.acknowledged_by or "").name
    what = "is on scene" if page.state is PageState.ON_SCENE else "comes in time; record first that they do not"
    raise ForbiddenTransitionError(f"nobody was paged for {directory.agency(page.agency).short}: {name} {what}")

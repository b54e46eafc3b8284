"""A delivery failed for good: the other channel at once; where none is left, the next rung at once."""

from __future__ import annotations

from pager.domain.decision import Target
from pager.domain.delivery import Delivery, DeliveryKind, Priority
from pager.domain.timeline import EventKind
from pager.lifecycle.ladder_and_crew import ladder_of
from pager.lifecycle.paging import look
from pager.lifecycle.queue import queue_page
from pager.lifecycle.turn import Turn


def fall_back(turn: Turn, delivery: Delivery) -> None:
    """Make up for a paging delivery that the carrier will never bring. The encounter must be locked."""
    if delivery.kind is not DeliveryKind.PAGE or delivery.encounter_id is None or delivery.page_id is None:
        return
    encounter = turn.work.encounters.get(delivery.encounter_id)
    page = turn.work.encounters.page(delivery.page_id)
    is_paging = page.is_still_paging(encounter.respond_by)
    if not is_paging or delivery.round != page.round or delivery.responder is None:
        return
    responder = turn.work.directory.responder(delivery.responder)
    commitment = turn.work.encounters.commitment(page.id, responder.id)
    if commitment.decline_holds:
        return
    failed = turn.work.deliveries.failed_channels(page.id, delivery.round, delivery.rung)
    left = frozenset(channel for channel in responder.channels if (responder.id, channel) not in failed)
    if left:
        ladder = ladder_of(turn.work.encounters.policy(encounter.policy_digest), encounter, page)
        queue_page(
            turn,
            encounter,
            page,
            delivery.rung if delivery.rung is not None else page.rung,
            [Target(responder.id, tuple(left))],
            priority=Priority(delivery.priority),
            expires_at=ladder.after(page.rung, page.rung_at),
        )
        return
    if commitment.is_unreachable:
        return
    commitment.is_unreachable = True
    turn.note(encounter, EventKind.UNREACHABLE, "no channel has worked", agency=page.agency, responder=responder.id)
    page.more_round = None  # where the one who comes will be too late, somebody else is to be paged for that
    look(turn, encounter, page, is_hurried=True)

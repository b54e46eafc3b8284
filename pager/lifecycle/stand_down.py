"""Tell those who need not come."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pager.domain.delivery import DeliveryKind
from pager.domain.directory import Responder
from pager.domain.encounter import Encounter
from pager.domain.page import Page
from pager.domain.speech import stand_down_speech
from pager.domain.timeline import EventKind
from pager.domain.wording import StandDown, stand_down_sms
from pager.lifecycle.queue import queue_notice
from pager.lifecycle.turn import Turn


def stand_down(turn: Turn, encounter: Encounter, page: Page, why: StandDown, *, but: Collection[str] = ()) -> None:
    """Stand down everybody who was paged, comes or stands by, except those in `but`."""
    facts = turn.facts(encounter, page.agency)
    for responder in concerned(turn, page):
        if responder.id in but:
            continue
        turn.work.encounters.commitment(page.id, responder.id).stand_down(turn.now)
        seq = turn.note(
            encounter,
            EventKind.STOOD_DOWN,
            f"stood down: {why.value.replace('_', ' ')}",
            agency=page.agency,
            responder=responder.id,
        )
        queue_notice(
            turn,
            DeliveryKind.STAND_DOWN,
            responder,
            stand_down_sms(facts, why),
            stand_down_speech(facts, why),
            cause=f"event:{encounter.id}:{seq}",
            encounter=encounter,
            page=page,
        )


def concerned(turn: Turn, page: Page) -> Sequence[Responder]:
    """Return who must hear when something changes (INTERFACE "States"): the paged, the coming and standby, unless
    they declined, or were stood down since they last were paged or acknowledged.
    """
    paged_at = turn.work.deliveries.paged_at(page.id)
    commitments = {one.responder: one for one in turn.work.encounters.commitments(page.id)}
    concerned = []
    for responder in dict.fromkeys((*paged_at, *commitments)):
        commitment = commitments.get(responder)
        if commitment is not None and not commitment.is_coming:
            if commitment.declined_at is not None:
                continue
            since = paged_at.get(responder)
            if since is None or (commitment.stood_down_at is not None and since <= commitment.stood_down_at):
                continue
        concerned.append(turn.work.directory.responder(responder))
    return concerned

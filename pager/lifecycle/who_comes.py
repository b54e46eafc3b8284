"""Of those who say that they come, the one whom the agency counts on."""

from __future__ import annotations

from datetime import datetime

from pager.domain import speech, wording
from pager.domain.delivery import DeliveryKind
from pager.domain.encounter import Encounter
from pager.domain.page import Commitment, Page
from pager.domain.timeline import EventKind
from pager.domain.wording import Facts, StandDown
from pager.lifecycle.queue import queue_notice
from pager.lifecycle.stand_down import stand_down
from pager.lifecycle.turn import Turn


def let_the_earliest_come(turn: Turn, encounter: Encounter, page: Page, *, told: str) -> None:
    """Where the acknowledger comes too late, let whoever is there earliest take their place.

    `told` is the responder who has just answered and is told of it with that answer; the other one is told here.
    """
    if not page.comes_too_late(encounter.respond_by):
        return
    coming = [one for one in turn.work.encounters.commitments(page.id) if one.is_coming and one.arrived_at is None]
    best = min(coming, key=lambda one: (_there_at(one, encounter), one.acknowledged_at, one.responder))
    before = page.acknowledged_by
    if before is None or best.responder == before or best.acknowledged_at is None:
        return
    if best.eta is not None and best.eta <= turn.now:
        best.eta = None  # they stood by and have not set out: they are asked anew
    page.hand_to(best.responder, best.eta, best.acknowledged_at)
    page.answered_at = turn.now  # their way begins now, whenever they said that they would come
    _note(turn, encounter, page, EventKind.STANDBY, before, "stands by: another is there earlier")
    _note(turn, encounter, page, EventKind.ACKNOWLEDGED, best.responder, "comes instead")
    tell_part(turn, encounter, page, before if before != told else best.responder)


def look_for_nobody_else(turn: Turn, encounter: Encounter, page: Page) -> None:
    """Somebody comes in time now: those who were only paged are stood down."""
    coming = {one.responder for one in turn.work.encounters.commitments(page.id) if one.is_coming}
    turn.work.deliveries.withdraw_queued([page.id], turn.now)
    stand_down(turn, encounter, page, StandDown.ANSWERED, but=coming)


def _there_at(commitment: Commitment, encounter: Encounter) -> datetime:
    """Return when somebody is expected; who has not said when is expected in time."""
    return commitment.eta or encounter.respond_by


def tell_part(turn: Turn, encounter: Encounter, page: Page, responder_id: str) -> None:
    """Tell a responder that they are the one who comes, or that they stand by, as it is now."""
    facts = turn.facts(encounter, page.agency)
    text, said = part_words(turn, page, facts, is_coming=responder_id == page.acknowledged_by)
    queue_notice(
        turn,
        DeliveryKind.CONFIRMATION,
        turn.work.directory.responder(responder_id),
        text,
        said,
        cause=f"event:{encounter.id}:{encounter.timeline_length}:{responder_id}",
        encounter=encounter,
        page=page,
    )


def part_words(turn: Turn, page: Page, facts: Facts, *, is_coming: bool) -> tuple[str, speech.Sentences]:
    """Return, in writing and in speech, that somebody is the one who comes, or that they stand by for who does."""
    eta = None if page.eta is None else turn.local(page.eta)
    if is_coming:
        return wording.confirmation_sms(facts, eta), speech.acknowledged_speech(facts)
    who = turn.work.directory.responder(page.acknowledged_by or "").name
    return wording.standby_sms(facts, who, eta), speech.standby_speech(facts)


def _note(turn: Turn, encounter: Encounter, page: Page, kind: EventKind, responder: str, text: str) -> None:
    turn.note(encounter, kind, text, agency=page.agency, responder=responder)

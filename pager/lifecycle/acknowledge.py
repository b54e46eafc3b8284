"""A responder comes: the escalation stops, or where somebody else comes already, they stand by."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pager.domain.encounter import Encounter
from pager.domain.page import Page, PageState
from pager.domain.readable import clock_time
from pager.domain.timeline import EventKind
from pager.domain.wording import StandDown
from pager.lifecycle.alert import agency_answered
from pager.lifecycle.news import tell_of_answer
from pager.lifecycle.paging import look
from pager.lifecycle.stand_down import stand_down
from pager.lifecycle.turn import Turn
from pager.lifecycle.who_comes import let_the_earliest_come, look_for_nobody_else


class Part(StrEnum):
    """The part that an acknowledgement gives to the one who gave it."""

    COMING = "coming"
    STANDBY = "standby"
    NOT_NEEDED = "not_needed"  # the agency is on scene


def acknowledge(
    turn: Turn, encounter: Encounter, page: Page, responder: str, eta: datetime | None, *, how: str
) -> Part:
    """Record an acknowledgement, or a new ETA of one who comes. The page must be of an open, locked encounter.

    `how` says where it came from, e.g. "by SMS". Said again without an ETA it answers a check-in, and changes nothing.
    """
    if page.state is PageState.ON_SCENE:
        return Part.COMING if page.acknowledged_by == responder else Part.NOT_NEEDED
    commitment = turn.work.encounters.commitment(page.id, responder)
    is_new = not commitment.is_coming
    if page.state is PageState.PAGING:
        commitment.acknowledge(eta, turn.now)
        _stop_paging(turn, encounter, page, responder, commitment.eta, how)
        return Part.COMING
    is_acknowledger = page.acknowledged_by == responder
    was_looking = page.is_still_paging(encounter.respond_by)
    if is_acknowledger:
        page.answer(turn.now)
    if is_new or eta is not None:
        commitment.acknowledge(eta, turn.now if is_new else commitment.acknowledged_at or turn.now)
        if is_acknowledger:
            page.eta = commitment.eta
        _note(turn, encounter, page, responder, eta, how)
    let_the_earliest_come(turn, encounter, page, told=responder)
    if was_looking and not page.is_still_paging(encounter.respond_by):
        look_for_nobody_else(turn, encounter, page)
    look(turn, encounter, page)
    return Part.COMING if page.acknowledged_by == responder else Part.STANDBY


def _stop_paging(turn: Turn, encounter: Encounter, page: Page, responder: str, eta: datetime | None, how: str) -> None:
    page.acknowledge(responder, eta, turn.now)
    turn.work.deliveries.withdraw_queued([page.id], turn.now)
    _note(turn, encounter, page, responder, eta, how)
    stand_down(turn, encounter, page, StandDown.ANSWERED, but=[responder])
    look(turn, encounter, page)
    agency_answered(turn, encounter, page)
    tell_of_answer(turn, encounter, PageState.PAGING)


def _note(turn: Turn, encounter: Encounter, page: Page, responder: str, eta: datetime | None, how: str) -> None:
    """Put on the timeline that a responder comes, or stands by where somebody else does."""
    is_acknowledger = page.acknowledged_by == responder
    when = "" if eta is None else f", there at {clock_time(turn.local(eta))}"
    turn.note(
        encounter,
        EventKind.ACKNOWLEDGED if is_acknowledger else EventKind.STANDBY,
        f"{'comes' if is_acknowledger else 'stands by'}{when} ({how})",
        agency=page.agency,
        responder=responder,
        data={} if eta is None else {"eta": f"{eta:%Y-%m-%dT%H:%M:%SZ}"},
    )

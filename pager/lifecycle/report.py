"""What a responder told the dispatcher by radio or telephone, recorded for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from pager.domain.delivery import DeliveryKind
from pager.domain.directory import Responder
from pager.domain.encounter import Encounter, ForbiddenTransitionError
from pager.domain.page import Page, PageState
from pager.domain.speech import Sentences, arrived_speech, declined_speech
from pager.domain.wording import Facts, arrived_sms, declined_sms
from pager.lifecycle.acknowledge import Part, acknowledge
from pager.lifecycle.arrive import arrive
from pager.lifecycle.one_page import active_responder, one_page
from pager.lifecycle.overview import Overview, overview
from pager.lifecycle.queue import queue_notice
from pager.lifecycle.release import release
from pager.lifecycle.turn import Context, Turn
from pager.lifecycle.undo import undo
from pager.lifecycle.who_comes import tell_part

HOW = "told to the dispatcher"


def report_acknowledgement(
    context: Context, reference: str, agency: str, responder: str, eta_minutes: int | None
) -> Overview:
    """Acknowledge for any active responder of the agency.

    These raise KeyError for an unknown encounter or page, UnknownResponderError, and ForbiddenTransitionError
    where the page's state forbids it.
    """
    with one_page(context, reference, agency) as (turn, encounter, page):
        person = active_responder(turn, page, responder)
        if page.state is PageState.ON_SCENE and page.acknowledged_by != person.id:
            raise ForbiddenTransitionError(f"{agency} is on scene already")
        was_coming = turn.work.encounters.commitment(page.id, person.id).is_coming
        was = (page.state, page.acknowledged_by, page.eta)
        eta = None if eta_minutes is None else turn.now + timedelta(minutes=eta_minutes)
        part = acknowledge(turn, encounter, page, person.id, eta, how=HOW)
        is_changed = was != (page.state, page.acknowledged_by, page.eta)
        is_news = is_changed if part is Part.COMING else not was_coming
        if is_news:
            tell_part(turn, encounter, page, person.id)
        return overview(turn, encounter)


def report_arrival(context: Context, reference: str, agency: str, responder: str | None) -> Overview:
    """Record that a responder, by default the acknowledger, is on scene."""
    with one_page(context, reference, agency) as (turn, encounter, page):
        if page.state is PageState.ON_SCENE and responder in (None, page.acknowledged_by):
            return overview(turn, encounter)
        person = active_responder(turn, page, responder or page.acknowledged_by)
        if turn.work.encounters.commitment(page.id, person.id).arrived_at is not None:
            return overview(turn, encounter)
        arrive(turn, encounter, page, person.id, how=HOW)
        _confirm(turn, encounter, page, person, arrived_sms, arrived_speech)
        return overview(turn, encounter)


def report_release(context: Context, reference: str, agency: str, responder: str | None) -> Overview:
    """Record that the acknowledger, or one who stands by, does not come after all."""
    with one_page(context, reference, agency) as (turn, encounter, page):
        if page.state is not PageState.ACKNOWLEDGED or page.acknowledged_by is None:
            raise ForbiddenTransitionError(f"the page of {agency} is {page.state.value}: there is nobody to release")
        person = turn.work.directory.find_responder(responder or page.acknowledged_by)
        if person is None or not turn.work.encounters.commitment(page.id, person.id).is_coming:
            raise ForbiddenTransitionError(f"this responder neither comes nor stands by for {agency}")
        release(turn, encounter, page, person.id, how=HOW)
        _confirm(turn, encounter, page, person, declined_sms, declined_speech)
        return overview(turn, encounter)


def report_no(context: Context, reference: str, agency: str, responder: str) -> Overview:
    """Record that a responder does not come, whoever they are to the page: as their NO by SMS would be."""
    with one_page(context, reference, agency) as (turn, encounter, page):
        person = active_responder(turn, page, responder)
        release(turn, encounter, page, person.id, how=HOW)
        if page.state is not PageState.ON_SCENE:
            _confirm(turn, encounter, page, person, declined_sms, declined_speech)
        return overview(turn, encounter)


def report_mistake(context: Context, reference: str, agency: str) -> Overview:
    """Take back an arrival, or else an acknowledgement; raises as the others."""
    with one_page(context, reference, agency) as (turn, encounter, page):
        undo(turn, encounter, page)
        return overview(turn, encounter)


def _confirm(
    turn: Turn,
    encounter: Encounter,
    page: Page,
    person: Responder,
    write: Callable[[Facts], str],
    speak: Callable[[Facts], Sentences],
) -> None:
    """Confirm to a responder what was recorded for them."""
    facts = turn.facts(encounter, page.agency)
    queue_notice(
        turn,
        DeliveryKind.CONFIRMATION,
        person,
        write(facts),
        speak(facts),
        cause=f"event:{encounter.id}:{encounter.timeline_length}",
        encounter=encounter,
        page=page,
    )

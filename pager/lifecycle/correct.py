"""Correct an encounter's station or callback: whoever was called is told."""

from __future__ import annotations

from pager.domain.decision import Target
from pager.domain.delivery import DeliveryKind
from pager.domain.directory import Station
from pager.domain.encounter import Encounter
from pager.domain.page import Page, PageState
from pager.domain.speech import corrected_speech
from pager.domain.timeline import EventKind
from pager.domain.trigger_request import RefusedError
from pager.domain.wording import corrected_sms, page_sms
from pager.lifecycle.alert import redirect_alert
from pager.lifecycle.ladder_and_crew import ladder_of, usable_crews
from pager.lifecycle.one_page import open_encounter
from pager.lifecycle.overview import Overview, overview
from pager.lifecycle.page_people import page_people
from pager.lifecycle.ports import PhoneNumber
from pager.lifecycle.queue import queue_notice
from pager.lifecycle.stand_down import concerned
from pager.lifecycle.turn import Context, Turn


def correct(context: Context, reference: str, station: str | None, callback: str | None) -> Overview:
    """Correct what is given; policy, acknowledgements and clocks are kept. The same values change nothing.

    Raises KeyError for an unknown reference, RefusedError for a bad value (nothing is changed then),
    ForbiddenTransitionError where the encounter has ended.
    """
    number = None if callback is None else context.read_number(callback)
    if callback is not None and number is None:
        raise RefusedError("callback", "is not a telephone number that can be called; write it like 310-555-0100")
    with open_encounter(context, reference) as (turn, encounter):
        changed = _change(turn, encounter, _station(turn, station), number)
        if changed:
            _tell(turn, encounter, changed, is_new_station="station" in changed)
        if "callback" in changed:
            redirect_alert(turn, encounter)
        return overview(turn, encounter)


def _station(turn: Turn, code: str | None) -> Station | None:
    if code is None:
        return None
    station = turn.work.directory.find_station(code)
    if station is None or not station.is_active:
        raise RefusedError("station", "is unknown")
    return station


def _change(turn: Turn, encounter: Encounter, station: Station | None, number: PhoneNumber | None) -> list[str]:
    changed = []
    if station is not None and station.code != encounter.station:
        encounter.station = station.code
        turn.work.encounters.add_station(encounter)
        changed.append("station")
    if number is not None and (number.e164, number.extension) != (encounter.callback, encounter.extension):
        encounter.callback, encounter.extension = number.e164, number.extension
        changed.append("callback")
    return changed


def _tell(turn: Turn, encounter: Encounter, changed: list[str], *, is_new_station: bool) -> None:
    seq = turn.note(
        encounter,
        EventKind.CORRECTED,
        f"corrected: {' and '.join(changed)}",
        data={"station": encounter.station} if is_new_station else {},
    )
    for page in turn.work.encounters.pages(encounter.id):
        facts = turn.facts(encounter, page.agency)
        turn.work.deliveries.reword_queued(page.id, page_sms(facts))
        for responder in concerned(turn, page):
            queue_notice(
                turn,
                DeliveryKind.CORRECTION,
                responder,
                corrected_sms(facts),
                corrected_speech(facts),
                cause=f"event:{encounter.id}:{seq}",
                encounter=encounter,
                page=page,
            )
        if is_new_station and page.state is PageState.PAGING:
            _page_the_new_stations_people(turn, encounter, page)


def _page_the_new_stations_people(turn: Turn, encounter: Encounter, page: Page) -> None:
    """Carry out the page's latest rung for those who serve the new station and were not yet paged."""
    page.due_at = turn.now
    ladder = ladder_of(turn.work.encounters.policy(encounter.policy_digest), encounter, page)
    rung = ladder.rung(page.rung)
    crew = usable_crews(turn, encounter, [page])[page.id]
    paged = turn.work.deliveries.paged_at(page.id)
    declined = {one.responder for one in turn.work.encounters.commitments(page.id) if one.decline_holds}
    targets = [
        Target(person.id, person.reached_by(rung.by))
        for person in crew.audience(rung.page)
        if person.id not in paged and person.id not in declined and person.channels
    ]
    page_people(
        turn,
        encounter,
        page,
        page.rung,
        targets,
        f"rung {page.rung}, for the corrected station",
        expires_at=ladder.after(page.rung, page.rung_at),
    )

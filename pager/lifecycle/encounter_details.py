"""One encounter in all its details: what a dispatcher's page of it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from pager.domain.alert import Alert
from pager.domain.delivery import Delivery, DeliveryKind
from pager.domain.directory import Agency, Responder
from pager.domain.encounter import Encounter
from pager.domain.page import Page, PageState
from pager.domain.timeline import Event
from pager.lifecycle.ladder_and_crew import crew_of
from pager.lifecycle.overview import Overview, overview
from pager.lifecycle.turn import Turn

# PROTOCOL: an assault within this time goes to an acute exam; the officers and the youth decide, never the software.
ACUTE_EXAM_WITHIN = timedelta(hours=96)


@dataclass(frozen=True)
class AgencyDetails:
    """One agency's page: what was sent to whom, newest round last, and whom to telephone, those on call first."""

    agency: Agency
    page: Page
    deliveries: Sequence[Delivery]
    to_telephone: Sequence[Responder]
    is_exhausted: bool


@dataclass(frozen=True)
class EncounterDetails:
    """An encounter with its agencies, alert and timeline; `people` and `words` by id and by the event's number."""

    overview: Overview
    agencies: Sequence[AgencyDetails]
    alert: Alert | None
    events: Sequence[Event]
    words: Mapping[int, str]
    people: Mapping[str, Responder]


def encounter_details(turn: Turn, encounter: Encounter, *, shows_words: bool) -> EncounterDetails:
    """Return the details; free words only where they may be shown."""
    one = overview(turn, encounter)
    people = {person.id: person for person in turn.work.directory.responders()}
    deliveries = turn.work.deliveries.of_encounter(encounter.id)
    return EncounterDetails(
        overview=one,
        agencies=[_agency(turn, one, page, deliveries, people) for page in one.pages],
        alert=turn.work.encounters.alert(encounter.id),
        events=turn.work.timeline.of(encounter.id),
        words=turn.work.timeline.words(encounter.id) if shows_words else {},
        people=people,
    )


def _agency(
    turn: Turn, one: Overview, page: Page, deliveries: Sequence[Delivery], people: Mapping[str, Responder]
) -> AgencyDetails:
    paging = [each for each in deliveries if each.page_id == page.id and each.kind is DeliveryKind.PAGE]
    return AgencyDetails(
        agency=turn.work.directory.agency(page.agency),
        page=page,
        deliveries=sorted(paging, key=lambda each: each.id),
        to_telephone=_to_telephone(turn, one.encounter, page, people),
        is_exhausted=page.state is PageState.PAGING and one.next_rung_at[page.agency] is None,
    )


def _to_telephone(turn: Turn, encounter: Encounter, page: Page, people: Mapping[str, Responder]) -> Sequence[Responder]:
    """Return whom a dispatcher can telephone: who is on call, the duty phone, then everybody else of the agency."""
    crew = crew_of(turn, encounter, page)
    ids = [person.id for person in crew.on_call.values()]
    ids += [crew.duty.id] if crew.duty else []
    ids += [person.id for person in crew.active]
    found = (people[one] for one in dict.fromkeys(ids))
    return [person for person in found if person.voice or person.sms]

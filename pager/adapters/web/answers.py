"""How encounters, timelines and rosters look in the API's answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pager.adapters.web import schemas
from pager.domain.crew import Crew, Person
from pager.domain.page import Page
from pager.domain.roster import Tier
from pager.domain.timeline import Event
from pager.lifecycle.overview import Overview


def encounter_answer(found: Overview) -> schemas.Encounter:
    """Return an encounter as the API shows it."""
    return schemas.Encounter(**_encounter(found))


def encounter_with_warnings(found: Overview, warnings: Sequence[str]) -> schemas.EncounterWithWarnings:
    """Return an encounter and what is to be known about this call only."""
    return schemas.EncounterWithWarnings(**_encounter(found), warnings=list(warnings))


def _encounter(found: Overview) -> dict[str, Any]:
    encounter = found.encounter
    return {
        "reference": encounter.reference,
        "station": encounter.station,
        "callback": encounter.callback,
        "callback_extension": encounter.extension,
        "state": encounter.state,
        "drill": encounter.is_drill,
        "updates": encounter.updates,
        "opened_at": encounter.opened_at,
        "respond_by": encounter.respond_by,
        "ended_at": encounter.ended_at,
        "policy": encounter.policy,
        "pages": [_page(found, page) for page in found.pages],
        "left_out": encounter.left_out,
        "follow_ups": [
            schemas.FollowUp(name=one.name, agency=one.agency, due_at=one.due_at, outcome=one.outcome)
            for one in found.follow_ups
        ],
    }


def _page(found: Overview, page: Page) -> schemas.Page:
    return schemas.Page(
        agency=page.agency,
        state=page.state,
        round=page.round,
        rung=page.rung,
        next_rung_at=found.next_rung_at[page.agency],
        acknowledged_at=page.acknowledged_at,
        acknowledged_by=page.acknowledged_by,
        eta=page.eta,
        on_scene_at=page.on_scene_at,
        late=page.is_late,
        standby=list(found.standby[page.agency]),
    )


def timeline_item(event: Event, words: str | None) -> schemas.TimelineItem:
    """Return an event with its data beside it, and what somebody wrote freely as `words`, where that was kept."""
    more = {name: _in_utc(name, value) for name, value in event.data.items()}
    if words is not None:
        more["words"] = words
    known = {"at": event.at, "kind": event.kind, "agency": event.agency, "responder": event.responder}
    return schemas.TimelineItem(**{**more, **known, "text": event.text})


def _in_utc(name: str, value: Any) -> Any:
    is_time = name == "eta" or name.endswith("_at")
    return schemas.in_utc(datetime.fromisoformat(value)) if is_time and isinstance(value, str) else value


def on_call_item(agency: str, station: str, crew: Crew, names: Mapping[str, str]) -> schemas.OnCallItem:
    """Return who an agency has on call for a station, tier by tier; `names` are by responder id."""

    def holder(person: Person | None) -> schemas.TierHolder | None:
        if person is None:
            return None
        return schemas.TierHolder(responder=person.id, name=names[person.id], channels=sorted(person.channels))

    tiers = schemas.Tiers(**{tier.value: holder(crew.on_call.get(tier)) for tier in Tier})
    return schemas.OnCallItem(agency=agency, station=station, tiers=tiers, duty_phone=crew.duty is not None)

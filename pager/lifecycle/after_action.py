"""One encounter looked back on: what each agency's page went through, measured against the window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from pager.domain.encounter import Encounter
from pager.domain.follow_up import FollowUp
from pager.domain.history import History, history
from pager.domain.page import Page
from pager.domain.timeline import Event
from pager.lifecycle.turn import Turn


class Verdict(Enum):
    """How an agency's arrival stands to the window."""

    IN_TIME = auto()
    LATE = auto()  # on scene, after it
    AWAITED = auto()  # not on scene so far, and it has not closed
    OVERDUE = auto()  # not on scene so far, and it has
    ENDED_BEFORE = auto()  # the encounter ended before it closed
    NEVER = auto()  # the encounter ended after it, and nobody came


@dataclass(frozen=True)
class AgencyAfter:
    """One agency: its history and how it stands to the window; `late_by` where it arrived after it, or has not yet.

    `is_added`: it was paged later than the others.
    """

    agency: str
    history: History
    verdict: Verdict
    late_by: timedelta | None
    is_added: bool


@dataclass(frozen=True)
class AfterAction:
    """An encounter `until` it ended, or so far; `words` are what people wrote freely, by the event's number."""

    encounter: Encounter
    until: datetime
    agencies: Sequence[AgencyAfter]
    events: Sequence[Event]
    words: Mapping[int, str]
    follow_ups: Sequence[FollowUp]


def after_action(turn: Turn, encounter: Encounter, *, shows_words: bool) -> AfterAction:
    """Return what became of an encounter; free words only where they may be shown."""
    events = turn.work.timeline.of(encounter.id)
    until = encounter.ended_at or turn.now
    return AfterAction(
        encounter=encounter,
        until=until,
        agencies=[_agency(encounter, page, events, until) for page in turn.work.encounters.pages(encounter.id)],
        events=events,
        words=turn.work.timeline.words(encounter.id) if shows_words else {},
        follow_ups=turn.work.encounters.follow_ups(encounter.id),
    )


def _agency(encounter: Encounter, page: Page, events: Sequence[Event], until: datetime) -> AgencyAfter:
    opened_at = page.opened_at or encounter.opened_at
    found = history(opened_at, [event for event in events if event.agency == page.agency], until)
    verdict = judge(found.on_scene_at, encounter.respond_by, until, is_open=encounter.is_open)
    is_late = verdict in (Verdict.LATE, Verdict.OVERDUE)
    return AgencyAfter(
        agency=page.agency,
        history=found,
        verdict=verdict,
        late_by=(found.on_scene_at or until) - encounter.respond_by if is_late else None,
        is_added=page.opened_at is not None,
    )


def judge(on_scene_at: datetime | None, respond_by: datetime, until: datetime, *, is_open: bool) -> Verdict:
    """Say how an arrival, or that there was none `until` the end or now, stands to the window."""
    if on_scene_at is not None:
        return Verdict.IN_TIME if on_scene_at <= respond_by else Verdict.LATE
    if until < respond_by:
        return Verdict.AWAITED if is_open else Verdict.ENDED_BEFORE
    return Verdict.OVERDUE if is_open else Verdict.NEVER

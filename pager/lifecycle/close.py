"""End an encounter: every page stops, and whoever was called is told."""

from __future__ import annotations

from pager.domain.encounter import Encounter, EncounterState
from pager.domain.follow_up import Outcome
from pager.domain.page import PageState
from pager.domain.redaction import check_note
from pager.domain.timeline import EventKind
from pager.domain.wording import StandDown
from pager.lifecycle.alert import stop_alert
from pager.lifecycle.follow_up import note_follow_up
from pager.lifecycle.one_page import lock_encounter
from pager.lifecycle.overview import Overview, overview
from pager.lifecycle.stand_down import stand_down
from pager.lifecycle.turn import Context, Turn, writing


def close(context: Context, reference: str, reason: str | None) -> tuple[Overview, list[str]]:
    """Close an encounter; its follow-ups stay open. Returns it and warnings; closed already is no error.

    Raises KeyError for an unknown reference, ForbiddenTransitionError where it was cancelled.
    """
    return _end(context, reference, EncounterState.CLOSED, reason)


def cancel(context: Context, reference: str, reason: str | None) -> tuple[Overview, list[str]]:
    """Cancel an encounter that should not have been opened; its follow-ups become `not_needed`. As `close`."""
    return _end(context, reference, EncounterState.CANCELLED, reason)


def _end(context: Context, reference: str, state: EncounterState, reason: str | None) -> tuple[Overview, list[str]]:
    with writing(context) as turn:
        encounter = lock_encounter(turn, reference)
        if encounter.state is state:
            return overview(turn, encounter), []
        encounter.end(state, turn.now)
        objection = None if reason is None else _objection(turn, encounter, reason)
        turn.note(
            encounter,
            EventKind.CLOSED if state is EncounterState.CLOSED else EventKind.CANCELLED,
            f"the encounter is {state.value}",
            words=reason if objection is None else None,
        )
        _end_pages(turn, encounter)
        stop_alert(turn, encounter)
        if state is EncounterState.CANCELLED:
            _drop_follow_ups(turn, encounter)
        return overview(turn, encounter), [] if objection is None else [objection]


def _objection(turn: Turn, encounter: Encounter, reason: str) -> str | None:
    if not turn.work.timeline.keeps_words:
        return "The reason was not kept because there is no key to encrypt it with."
    return check_note(reason, encounter.callback, field="reason")


def _end_pages(turn: Turn, encounter: Encounter) -> None:
    pages = turn.work.encounters.pages(encounter.id)
    turn.work.deliveries.withdraw_queued([page.id for page in pages], turn.now)
    is_closed = encounter.state is EncounterState.CLOSED
    for page in pages:
        page.become(PageState.CLOSED if is_closed else PageState.CANCELLED)
        page.due_at = None
        stand_down(turn, encounter, page, StandDown.CLOSED if is_closed else StandDown.CANCELLED)


def _drop_follow_ups(turn: Turn, encounter: Encounter) -> None:
    for follow_up in turn.work.encounters.follow_ups(encounter.id):
        if follow_up.outcome is None:
            follow_up.close(Outcome.NOT_NEEDED, turn.now)
            note_follow_up(turn, encounter, follow_up)

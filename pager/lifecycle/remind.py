"""Remind an agency of a follow-up, until it is closed."""

from __future__ import annotations

from collections.abc import Sequence

from pager.domain.delivery import DeliveryKind
from pager.domain.directory import Responder
from pager.domain.encounter import Encounter
from pager.domain.follow_up import FollowUp, next_reminder
from pager.domain.policy import Audience
from pager.domain.speech import follow_up_speech
from pager.domain.timeline import EventKind
from pager.domain.wording import follow_up_sms
from pager.lifecycle.queue import queue_notice
from pager.lifecycle.turn import Turn


def remind(turn: Turn, encounter: Encounter) -> None:
    """Send the reminders that are due; of several that were missed one is sent. The encounter must be locked."""
    plans = {plan.name: plan for plan in turn.work.encounters.policy(encounter.policy_digest).follow_ups}
    for follow_up in turn.work.encounters.follow_ups(encounter.id):
        if follow_up.remind_at is not None and follow_up.remind_at <= turn.now:
            follow_up.remind_at = next_reminder(plans[follow_up.name], encounter.opened_at, turn.now)
            _remind(turn, encounter, follow_up)


def _remind(turn: Turn, encounter: Encounter, follow_up: FollowUp) -> None:
    agency, due_at = turn.work.directory.agency(follow_up.agency), turn.local(follow_up.due_at)
    for responder in _owners(turn, encounter, follow_up):
        seq = turn.note(
            encounter,
            EventKind.FOLLOW_UP,
            f"{follow_up.name}: reminded",
            agency=follow_up.agency,
            responder=responder.id,
            data={"name": follow_up.name},
        )
        queue_notice(
            turn,
            DeliveryKind.REMINDER,
            responder,
            follow_up_sms(encounter.reference, agency.short, due_at, drill=encounter.is_drill),
            follow_up_speech(encounter.reference, agency.spoken, due_at, drill=encounter.is_drill),
            cause=f"event:{encounter.id}:{seq}",
            encounter=encounter,
            page=None,
        )


def _owners(turn: Turn, encounter: Encounter, follow_up: FollowUp) -> Sequence[Responder]:
    """Return whom the agency has on call as primary; everyone on call where nobody is."""
    crew = turn.work.directory.crews([follow_up.agency], encounter.station, turn.now)[follow_up.agency]
    people = crew.audience(Audience.PRIMARY) or crew.audience(Audience.EVERYONE)
    return [turn.work.directory.responder(person.id) for person in people]

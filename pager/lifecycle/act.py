"""Do what a responder's answer says on one page, and compose what they are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from pager.domain import speech, wording
from pager.domain.directory import Responder
from pager.domain.encounter import Encounter
from pager.domain.page import Page, PageState
from pager.domain.replies import Meaning, Reply
from pager.domain.timeline import EventKind
from pager.domain.wording import Facts, StandDown
from pager.lifecycle.acknowledge import Part, acknowledge
from pager.lifecycle.arrive import arrive
from pager.lifecycle.news import telling_of_time
from pager.lifecycle.overview import statuses
from pager.lifecycle.release import release
from pager.lifecycle.turn import Turn
from pager.lifecycle.who_comes import part_words


@dataclass(frozen=True)
class Heard:
    """What a responder is told, in writing and in speech."""

    text: str
    speech: Sequence[str]


def act(turn: Turn, encounter_id: int, page_id: int, responder: Responder, said: Reply, *, how: str) -> Heard:
    """Lock the encounter, do what `said` means on the page, and return what to say to that."""
    encounter = turn.work.encounters.lock(encounter_id)
    if not encounter.is_open:
        note_late_answer(turn, encounter, responder, said, how)
        return Heard(
            wording.ended_sms(encounter.reference, drill=encounter.is_drill),
            speech.ended_speech(encounter.reference, encounter.is_drill),
        )
    page = turn.work.encounters.page(page_id)
    with telling_of_time(turn, encounter, [page]):
        return _do(turn, encounter, page, responder, said, how)


def _do(turn: Turn, encounter: Encounter, page: Page, responder: Responder, said: Reply, how: str) -> Heard:
    facts = turn.facts(encounter, page.agency)
    match said.meaning:
        case Meaning.ACK | Meaning.ETA:
            eta = None if said.minutes is None else turn.now + timedelta(minutes=said.minutes)
            part = acknowledge(turn, encounter, page, responder.id, eta, how=how)
            return _acknowledged(turn, page, facts, part)
        case Meaning.NO:
            release(turn, encounter, page, responder.id, how=how)
            if page.state is PageState.ON_SCENE and page.acknowledged_by == responder.id:
                return Heard(wording.arrived_sms(facts), speech.arrived_speech(facts))
            return Heard(wording.declined_sms(facts), speech.declined_speech(facts))
        case Meaning.HERE:
            arrive(turn, encounter, page, responder.id, how=how)
            return Heard(wording.arrived_sms(facts), speech.arrived_speech(facts))
        case _:
            return _status(turn, encounter)


def note_late_answer(turn: Turn, encounter: Encounter, responder: Responder, said: Reply, how: str) -> None:
    """Keep that somebody answered when it was over. The encounter must be locked."""
    turn.note(
        encounter,
        EventKind.REPLY,
        f"said {said.meaning.value.upper()} when it was over ({how})",
        agency=responder.agency,
        responder=responder.id,
    )


def _acknowledged(turn: Turn, page: Page, facts: Facts, part: Part) -> Heard:
    if part is Part.NOT_NEEDED:
        why = StandDown.ON_SCENE
        return Heard(wording.stand_down_sms(facts, why), speech.stand_down_speech(facts, why))
    return Heard(*part_words(turn, page, facts, is_coming=part is Part.COMING))


def _status(turn: Turn, encounter: Encounter) -> Heard:
    found = statuses(turn, encounter)
    return Heard(
        wording.status_sms(encounter.reference, encounter.is_drill, found),
        speech.status_speech(encounter.reference, encounter.is_drill, found),
    )

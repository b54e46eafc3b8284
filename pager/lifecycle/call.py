"""A call is answered: what it says, and what its keys do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pager.domain import speech
from pager.domain.delivery import Delivery, DeliveryKind, DeliveryState
from pager.domain.directory import Channel
from pager.domain.encounter import Encounter
from pager.domain.page import Page, PageState
from pager.domain.replies import Meaning, parse_key
from pager.domain.wording import StandDown
from pager.lifecycle.act import act
from pager.lifecycle.alert import acknowledge_alert, hear_alert
from pager.lifecycle.note_reached import note_reached
from pager.lifecycle.overview import statuses
from pager.lifecycle.queue import queue_message
from pager.lifecycle.turn import Context, Turn, writing

KIND = "key"


class UnknownCallError(Exception):
    """A call that is about nothing of ours."""


@dataclass(frozen=True)
class Spoken:
    """What a call says next, and whether it listens for a key then."""

    sentences: Sequence[str]
    takes_keys: bool


@dataclass(frozen=True)
class Press:
    """A key pressed on one of our calls. `step` numbers the questions of the call, so that no key counts twice."""

    call_id: str
    step: int
    token: str
    digit: str

    @property
    def carrier_id(self) -> str:
        return f"{self.call_id}:{self.step}"


def answer_call(context: Context, token: str) -> Spoken:
    """Return what an answered call says; answering alone means nothing. Raises UnknownCallError."""
    with writing(context) as turn:
        delivery = _call(turn, token)
        delivery.become(DeliveryState.ANSWERED)
        return _introduction(turn, delivery)


def press_key(context: Context, press: Press) -> Spoken:
    """Do what a key says, once, and return what the call says to that; raises UnknownCallError."""
    with writing(context) as turn:
        delivery = _call(turn, press.token)
        is_new = turn.work.inbox.take(press.carrier_id, KIND, {"token": press.token, "digit": press.digit}, turn.now)
        if not is_new:
            return _introduction(turn, delivery)
        spoken = _press(turn, delivery, press)
        if delivery.responder is not None:
            note_reached(turn, turn.work.directory.responder(delivery.responder))
        turn.work.inbox.mark_handled(press.carrier_id, turn.now)
        return spoken


def keep_key(context: Context, press: Press) -> None:
    """Keep a key that could not be handled: the beat tries again."""
    with writing(context) as turn:
        turn.work.inbox.take(press.carrier_id, KIND, {"token": press.token, "digit": press.digit}, turn.now)


def _call(turn: Turn, token: str) -> Delivery:
    delivery = turn.work.deliveries.by_token(token)
    if delivery is None or delivery.channel is not Channel.VOICE:
        raise UnknownCallError
    return delivery


def _introduction(turn: Turn, delivery: Delivery) -> Spoken:
    if delivery.encounter_id is None or delivery.kind is DeliveryKind.REMINDER:
        return Spoken((delivery.body or "").splitlines(), takes_keys=False)
    encounter = turn.work.encounters.get(delivery.encounter_id)
    if not encounter.is_open:
        return Spoken(speech.ended_speech(encounter.reference, encounter.is_drill), takes_keys=False)
    if delivery.kind is DeliveryKind.ALERT:
        return _alert(turn, encounter)
    if delivery.body is not None or delivery.page_id is None:
        return Spoken((delivery.body or "").splitlines(), takes_keys=delivery.page_id is not None)
    return _page(turn, encounter, turn.work.encounters.page(delivery.page_id), delivery)


def _alert(turn: Turn, encounter: Encounter) -> Spoken:
    waiting = [agency.spoken for agency in hear_alert(turn, encounter)]
    if not waiting:
        found = statuses(turn, encounter)
        return Spoken(speech.status_speech(encounter.reference, encounter.is_drill, found), takes_keys=False)
    station = turn.work.directory.station(encounter.station).short
    return Spoken(speech.alert_speech(encounter.reference, encounter.is_drill, station, waiting), takes_keys=True)


def _page(turn: Turn, encounter: Encounter, page: Page, delivery: Delivery) -> Spoken:
    facts = turn.facts(encounter, page.agency)
    if page.state is PageState.PAGING:
        return Spoken(speech.page_speech(facts), takes_keys=True)
    if page.acknowledged_by == delivery.responder:
        is_there = page.state is PageState.ON_SCENE
        said = speech.arrived_speech(facts) if is_there else speech.acknowledged_speech(facts)
        return Spoken(said, takes_keys=True)
    why = StandDown.ON_SCENE if page.state is PageState.ON_SCENE else StandDown.ANSWERED
    return Spoken(speech.stand_down_speech(facts, why), takes_keys=True)


def _press(turn: Turn, delivery: Delivery, press: Press) -> Spoken:
    said = parse_key(press.digit)
    if delivery.encounter_id is None or delivery.kind is DeliveryKind.REMINDER:
        return _introduction(turn, delivery)
    if delivery.kind is DeliveryKind.ALERT:
        encounter = turn.work.encounters.lock(delivery.encounter_id)
        if said.meaning is Meaning.ACK and acknowledge_alert(turn, encounter):
            return Spoken(speech.alert_acknowledged_speech(), takes_keys=False)
        return _introduction(turn, delivery)
    if said.meaning is Meaning.OTHER or delivery.page_id is None or delivery.responder is None:
        return _introduction(turn, delivery)
    responder = turn.work.directory.responder(delivery.responder)
    heard = act(turn, delivery.encounter_id, delivery.page_id, responder, said, how="by key")
    if said.meaning is Meaning.STATUS:
        return Spoken((*heard.speech, *_introduction(turn, delivery).sentences), takes_keys=True)
    if Channel.SMS in responder.channels and not responder.is_duty:
        queue_message(
            turn,
            DeliveryKind.CONFIRMATION,
            responder.number(Channel.SMS),
            heard.text,
            cause=f"key:{press.carrier_id}",
            responder=responder.id,
        )
    return Spoken(heard.speech, takes_keys=True)

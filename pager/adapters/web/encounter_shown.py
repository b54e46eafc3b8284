"""What the page of one encounter shows, in words: each agency with what was sent, and the timeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from itertools import groupby

from flask import abort

from pager.adapters.web.authority import current_user
from pager.adapters.web.board_cards import Card, card
from pager.adapters.web.encounter_words import Names, local_time
from pager.domain.delivery import Delivery, DeliveryState
from pager.domain.directory import Channel, Responder
from pager.domain.encounter import Encounter
from pager.domain.follow_up import FollowUp
from pager.domain.page import Page, PageState
from pager.domain.readable import readable_number
from pager.domain.reference import is_reference
from pager.domain.timeline import Event, EventKind
from pager.lifecycle.encounter_details import ACUTE_EXAM_WITHIN, AgencyDetails, EncounterDetails
from pager.lifecycle.note_view import note_view
from pager.lifecycle.turn import Context, Turn, reading, shown_callback

STATE_WORDS = {
    DeliveryState.QUEUED: "waits to be sent",
    DeliveryState.SENDING: "is being sent",
    DeliveryState.SENT: "sent",
    DeliveryState.DELIVERED: "delivered",
    DeliveryState.ANSWERED: "answered",
    DeliveryState.FAILED: "failed",
    DeliveryState.WITHDRAWN: "withdrawn",
}
CHANNEL_WORDS = {Channel.SMS: "SMS", Channel.VOICE: "call"}


@dataclass(frozen=True)
class Sent:
    """One page to one person: on which channel, when, and what the carrier said of it."""

    who: str
    channel: str
    at: str
    state: str
    is_failed: bool


@dataclass(frozen=True)
class Telephone:
    """Somebody to telephone."""

    name: str
    number: str
    e164: str
    remarks: Sequence[str]


@dataclass(frozen=True)
class AgencyShown:
    """One agency beside its lane on the card. `seen` is what was shown of its page: who acts on it sends it along."""

    code: str
    is_exhausted: bool
    sent: Sequence[Sent]
    telephones: Sequence[Telephone]
    can_be_paged: bool
    undo: str | None
    seen: str
    seen_coming: str


@dataclass(frozen=True)
class Happened:
    """What stands on the timeline in one row; `at_utc` is ISO 8601."""

    at: str
    at_utc: str
    what: str
    agency: str
    who: str
    by: str
    words: str | None


@dataclass(frozen=True)
class Owed:
    """One follow-up."""

    name: str
    title: str
    agency: str
    due: str
    outcome: str | None
    is_overdue: bool


@dataclass(frozen=True)
class EncounterShown:
    """The whole page. `script` is what to say to whom one telephones."""

    card: Card
    is_open: bool
    state: str
    agencies: Mapping[str, AgencyShown]
    script: str
    acute_exam_since: str
    happened: Sequence[Happened]
    follow_ups: Sequence[Owed]


def find_encounter(turn: Turn, reference: str) -> Encounter:
    """Return an encounter; aborts with 404 where there is none."""
    written = reference.upper()
    found = turn.work.encounters.find(written) if is_reference(written) else None
    return found or abort(HTTPStatus.NOT_FOUND)


def look_at(context: Context, reference: str) -> str:
    """Return an encounter's reference as we write it, once its timeline says who looks; aborts as `find_encounter`."""
    with reading(context) as turn:
        found = find_encounter(turn, reference).reference
    note_view(context, found, f"user {current_user().id}")
    return found


def seen(page: Page) -> str:
    """Return what tells one state of a page from another, for two dispatchers who act on it at once."""
    return f"{page.state.value}-{page.round}-{page.rung}-{page.acknowledged_by or ''}"


def seen_coming(page: Page) -> str:
    """Return what tells apart who is counted on, whatever rung is paged meanwhile."""
    return f"{page.state.value}-{page.round}-{page.acknowledged_by or ''}"


def show(turn: Turn, details: EncounterDetails, users: Mapping[int, str]) -> EncounterShown:
    """Return the page of an encounter as it stands; `users` has the emails of those who acted, by id."""
    one, names = details.overview, Names(turn.work.directory)
    encounter = one.encounter
    return EncounterShown(
        card=card(turn, names, one),
        is_open=encounter.is_open,
        state=encounter.state.value,
        agencies={each.agency.code: _agency(turn, encounter, each, details.people) for each in details.agencies},
        script=_script(turn, encounter, names),
        acute_exam_since=local_time(turn, encounter, encounter.opened_at - ACUTE_EXAM_WITHIN),
        happened=list(reversed(list(happened(turn, encounter, details.events, details.words, names, users)))),
        follow_ups=[_owed(turn, encounter, each, names) for each in one.follow_ups],
    )


def _agency(turn: Turn, encounter: Encounter, one: AgencyDetails, people: Mapping[str, Responder]) -> AgencyShown:
    undo = {PageState.ON_SCENE: "arrival", PageState.ACKNOWLEDGED: "acknowledgement"}.get(one.page.state)
    return AgencyShown(
        code=one.agency.code,
        is_exhausted=one.is_exhausted,
        sent=[_sent(turn, encounter, each, people) for each in one.deliveries],
        telephones=[_telephone(person) for person in one.to_telephone],
        can_be_paged=one.page.state is PageState.PAGING and not one.is_exhausted,
        undo=undo,
        seen=seen(one.page),
        seen_coming=seen_coming(one.page),
    )


def _sent(turn: Turn, encounter: Encounter, one: Delivery, people: Mapping[str, Responder]) -> Sent:
    person = people.get(one.responder or "")
    said = STATE_WORDS.get(one.state, one.state.value)
    return Sent(
        who=person.name if person else one.responder or "",
        channel=CHANNEL_WORDS[one.channel],
        at=local_time(turn, encounter, one.left_at or one.created_at),
        state=f"{said} ({one.error})" if one.error and one.state is DeliveryState.FAILED else said,
        is_failed=one.state is DeliveryState.FAILED,
    )


def _telephone(person: Responder) -> Telephone:
    number = person.voice or person.sms or ""
    return Telephone(person.name, readable_number(number), number, tuple(_remarks(person)))


def _remarks(person: Responder) -> Iterator[str]:
    if person.sms_opted_out_at is not None:
        yield "no SMS"


def _script(turn: Turn, encounter: Encounter, names: Names) -> str:
    """What to say: no more than a message says, since anybody may pick up."""
    drill = "This is a drill. " if encounter.is_drill else ""
    by = local_time(turn, encounter, encounter.respond_by)
    return (
        f"{drill}You are needed for encounter {encounter.reference} at {names.station(encounter.station)}, on scene by "
        f"{by}. Can you go, and when are you there? The officers are at {readable_number(shown_callback(encounter))}."
    )


def happened(
    turn: Turn,
    encounter: Encounter,
    events: Sequence[Event],
    words: Mapping[int, str],
    names: Names,
    users: Mapping[int, str],
) -> Iterator[Happened]:
    """Yield the timeline, oldest first; those who were paged at once stand together.

    `words` are by the event's number, `users` the emails of those who acted, by id.
    """
    for (at, agency, what, by), alike in groupby(events, key=lambda one: _told(one, users)):
        together = list(alike)
        people = dict.fromkeys(names.person(one.responder) for one in together if one.responder)
        said = [words[one.seq] for one in together if one.seq in words]
        yield Happened(
            at=local_time(turn, encounter, at),
            at_utc=at.isoformat(),
            what=what,
            agency=names.agency(agency) if agency else "",
            who=", ".join(people),
            by=by,
            words=" ".join(said) or None,
        )


def _told(event: Event, users: Mapping[int, str]) -> tuple[datetime, str | None, str, str]:
    what = {EventKind.VIEWED: "looked at", EventKind.PAGED: f"paged, {event.text}"}.get(event.kind, event.text)
    return event.at, event.agency, what, _actor(event, users)


def _actor(event: Event, users: Mapping[int, str]) -> str:
    """Return who caused an event, where it was no responder and not the engine: a user's email, or a key."""
    user = _user_of(event)
    return users.get(user, _caused(event)) if user is not None else _caused(event)


def users_on(turn: Turn, events: Iterable[Event]) -> Mapping[int, str]:
    """Return the emails of the users who stand on a timeline, by id."""
    ids = {user for event in events if (user := _user_of(event)) is not None}
    found = (turn.work.users.find(user) for user in ids)
    return {user.id: user.email for user in found if user is not None}


def _user_of(event: Event) -> int | None:
    """Return the id of the user who caused an event."""
    kind, _, number = _caused(event).partition(" ")
    return int(number) if kind == "user" and number.isdecimal() else None


def _caused(event: Event) -> str:
    viewer = event.data.get("by") if event.kind is EventKind.VIEWED else None
    return str(viewer or event.data.get("actor") or "")


def _owed(turn: Turn, encounter: Encounter, one: FollowUp, names: Names) -> Owed:
    return Owed(
        one.name,
        one.title,
        names.agency(one.agency),
        local_time(turn, encounter, one.due_at),
        None if one.outcome is None else one.outcome.value.replace("_", " "),
        is_overdue=one.outcome is None and one.due_at < turn.now,
    )

"""An onlooker for tests in which anything may happen: it notes every request to the carrier and every change of state,
and tells what should never have been."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import text

from pager.adapters.twilio.carrier import TwilioCarrier
from pager.domain import delivery as deliveries
from pager.domain import page as pages
from pager.domain.delivery import Delivery, DeliveryKind, DeliveryState
from pager.domain.directory import Channel
from pager.domain.encounter import Encounter, EncounterState
from pager.domain.page import Page, PageState
from pager.domain.timeline import EventKind, verify
from pager.lifecycle.carrier import Outcome
from pager.lifecycle.turn import Turn, reading
from tests.world import World

# The longest pause of the ladder: what is repeated past the window.
LONGEST_SILENCE = timedelta(minutes=15)
ANSWERED = (PageState.ACKNOWLEDGED, PageState.ON_SCENE)

# The database itself notes each change of state, so that none is missed between two looks.
_NOTES = (
    "CREATE TABLE delivery_changes (id INTEGER, was TEXT, became TEXT, had_been_recalled BOOL, is_recalled BOOL)",
    """CREATE TRIGGER note_delivery AFTER UPDATE OF state ON deliveries WHEN OLD.state != NEW.state BEGIN
    INSERT INTO delivery_changes VALUES (NEW.id, OLD.state, NEW.state, OLD.is_recalled, NEW.is_recalled); END""",
    "CREATE TABLE page_changes (id INTEGER, was TEXT, became TEXT, was_round INTEGER, round INTEGER)",
    """CREATE TRIGGER note_page AFTER UPDATE OF state, round ON pages
    WHEN OLD.state != NEW.state OR OLD.round != NEW.round BEGIN
    INSERT INTO page_changes VALUES (NEW.id, OLD.state, NEW.state, OLD.round, NEW.round); END""",
)


@dataclass
class WatchedCarrier:
    """The real carrier's client; the onlooker sees each request before it begins, and whether it was taken.

    `meanwhile` happens once, while the next request for a page is under way.
    """

    carrier: TwilioCarrier
    before: Callable[[Delivery], None]
    after: Callable[[Delivery], None]
    meanwhile: Callable[[], None] | None = None

    @property
    def is_authorised(self) -> bool:
        return self.carrier.is_authorised

    def find(self, delivery: Delivery) -> Sequence[str]:
        return self.carrier.find(delivery)

    def send(self, delivery: Delivery) -> Outcome:
        self.before(delivery)
        outcome = self.carrier.send(delivery)
        self.after(delivery)
        if self.meanwhile is not None and delivery.kind is DeliveryKind.PAGE:
            happens, self.meanwhile = self.meanwhile, None
            happens()
        return outcome


class Errors(logging.Handler):
    """Notes every error that was logged with its traceback: the service survives those, a test must not."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info:
            self.found.append(logging.Formatter().format(record))


@dataclass
class Watch:
    """Watches one world on SQLite from its beginning; `violations` says what has been wrong so far."""

    world: World
    taken: Counter[int] = field(default_factory=Counter)
    """How often the carrier has taken each delivery."""
    asked: Counter[int] = field(default_factory=Counter)
    """How many requests were made for each page."""
    seen: list[str] = field(default_factory=list)
    errors: Errors = field(default_factory=Errors)
    heads: dict[int, tuple[int, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.carrier = WatchedCarrier(self.world.carrier, self._before, self._after)
        self.world.outbox.carrier = self.carrier  # type: ignore[assignment]  # it has all that is asked of one
        with self.world.store.engine.begin() as connection:
            for statement in _NOTES:
                connection.execute(text(statement))
        logging.getLogger("pager").addHandler(self.errors)

    def close(self) -> None:
        logging.getLogger("pager").removeHandler(self.errors)

    def violations(self, references: Sequence[str]) -> list[str]:
        """Return what is wrong, now or since the last look; the world must be at rest."""
        found = [*self.seen, *self.errors.found, *self._changes()]
        self.seen.clear()
        with reading(self.world.context) as turn:
            for reference in references:
                encounter = turn.work.encounters.find(reference)
                assert encounter is not None
                found += [f"{reference}: {wrong}" for wrong in self._encounter(turn, encounter)]
        return found

    def paged(self) -> list[tuple[str, str]]:
        """Return who was paged on which encounter and has not been answered by a colleague: reference, responder."""
        with reading(self.world.context) as turn:
            return [
                (encounter.reference, responder)
                for encounter in turn.work.encounters.listing(state=None, stations=(), before=None, limit=9)
                for page in turn.work.encounters.pages(encounter.id)
                if page.state is PageState.PAGING
                for responder in sorted(turn.work.deliveries.paged_at(page.id))
            ]

    def coming(self) -> list[tuple[str, str]]:
        """Return who comes or stands by: reference, responder."""
        with reading(self.world.context) as turn:
            return [
                (encounter.reference, one.responder)
                for encounter in turn.work.encounters.listing(
                    state=EncounterState.OPEN, stations=(), before=None, limit=9
                )
                for page in turn.work.encounters.pages(encounter.id)
                for one in turn.work.encounters.commitments(page.id)
                if one.is_coming
            ]

    def next_rung_at(self) -> datetime | None:
        """Return when a page or an alert is looked at next."""
        with reading(self.world.context) as turn:
            return turn.work.encounters.next_due_at()

    # Requests to the carrier.

    def _before(self, delivery: Delivery) -> None:
        if delivery.kind is not DeliveryKind.PAGE or delivery.page_id is None or delivery.responder is None:
            return
        self.asked[delivery.page_id] += 1
        with reading(self.world.context) as turn:
            page = turn.work.encounters.page(delivery.page_id)
            self.seen += [f"a request for {delivery.key}: {wrong}" for wrong in self._request(turn, delivery, page)]

    def _request(self, turn: Turn, delivery: Delivery, page: Page) -> Iterator[str]:
        respond_by = turn.work.encounters.get(page.encounter_id).respond_by
        if not page.is_still_paging(respond_by) or page.round != delivery.round:
            yield f"its page is {page.state.value} in round {page.round}"
        commitments = {one.responder: one for one in turn.work.encounters.commitments(page.id)}
        if delivery.responder in commitments and commitments[delivery.responder].decline_holds:
            yield "this person has said NO"
        if delivery.expires_at is not None and delivery.expires_at <= turn.now:
            yield "the time of its rung is past"
        for event in turn.work.timeline.of(page.encounter_id):
            is_of_page = event.kind is EventKind.PAGED and event.agency == page.agency
            rung = event.data["rung"] if is_of_page and event.data["round"] == page.round else -1
            is_next = rung > max(delivery.rung or 0, -1)  # what is paged beside the ladder is no rung of it
            if is_next and event.at > delivery.created_at:
                yield f"rung {rung} has been carried out since"
                return

    def _after(self, delivery: Delivery) -> None:
        request = next(one for one in reversed(self.world.sandbox.ledger()) if one["kind"] == "request")
        if request["status"] != 201:
            return
        self.taken[delivery.id] += 1
        is_again = delivery.channel is Channel.VOICE and delivery.is_recalled
        if self.taken[delivery.id] > (2 if is_again else 1):
            self.seen.append(f"the carrier has taken {delivery.key} {self.taken[delivery.id]} times")

    # Changes of state.

    def _changes(self) -> Iterator[str]:
        with self.world.store.engine.begin() as connection:
            of_deliveries = connection.execute(text("SELECT * FROM delivery_changes")).all()
            of_pages = connection.execute(text("SELECT * FROM page_changes")).all()
            connection.execute(text("DELETE FROM delivery_changes"))
            connection.execute(text("DELETE FROM page_changes"))
        for row in of_deliveries:
            was, became = DeliveryState(row.was), DeliveryState(row.became)
            is_back = (was, became) == (DeliveryState.SENT, DeliveryState.QUEUED)
            if became not in deliveries.TRANSITIONS[was]:
                yield f"delivery {row.id} went from {was.value} to {became.value}"
            elif is_back and (row.had_been_recalled or not row.is_recalled):
                yield f"delivery {row.id} went back to the queue after it was sent"
        for row in of_pages:
            if row.was != row.became and PageState(row.became) not in pages.TRANSITIONS[PageState(row.was)]:
                yield f"page {row.id} went from {row.was} to {row.became}"
            is_release = (row.was, row.became) == (PageState.ACKNOWLEDGED, PageState.PAGING)
            if row.round != row.was_round + is_release:
                yield f"page {row.id} went from {row.was}, round {row.was_round}, to {row.became}, round {row.round}"

    # What is stored.

    def _encounter(self, turn: Turn, encounter: Encounter) -> Iterator[str]:
        yield from self._timeline(turn, encounter)
        queued = [one for one in turn.work.deliveries.of_encounter(encounter.id) if one.kind is DeliveryKind.PAGE]
        for page in turn.work.encounters.pages(encounter.id):
            mine = [one for one in queued if one.page_id == page.id]
            yield from (f"{page.agency}: {wrong}" for wrong in self._page(turn, encounter, page, mine))

    def _timeline(self, turn: Turn, encounter: Encounter) -> Iterator[str]:
        events = turn.work.timeline.of(encounter.id)
        broken = verify(events, encounter.timeline_length, encounter.timeline_head)
        if broken is not None:
            yield f"event {broken.seq} {broken.what}"
        length, head = self.heads.get(encounter.id, (0, ""))
        if length and (len(events) < length or events[length - 1].hash != head):
            yield f"event {length} was rewritten"
        self.heads[encounter.id] = encounter.timeline_length, encounter.timeline_head
        if [event.at for event in events] != sorted(event.at for event in events):
            yield "the timeline's times go backwards"

    def _page(self, turn: Turn, encounter: Encounter, page: Page, paging: Sequence[Delivery]) -> Iterator[str]:
        if encounter.is_open == (page.state in (PageState.CLOSED, PageState.CANCELLED)):
            yield f"it is {page.state.value} and the encounter {encounter.state.value}"
        if encounter.is_open and (page.acknowledged_by is not None) != (page.state in ANSWERED):
            yield f"it is {page.state.value} and acknowledged by {page.acknowledged_by}"
        if page.state is PageState.PAGING and (page.due_at is None or page.due_at <= turn.now):
            yield f"it waits and is silent: due at {page.due_at}, now {turn.now}"
        elif page.state is PageState.PAGING and page.due_at and page.due_at > turn.now + LONGEST_SILENCE:
            yield f"it waits and will be silent until {page.due_at}"
        if page.state is PageState.ACKNOWLEDGED and (page.due_at is None or page.due_at <= turn.now):
            yield f"{page.acknowledged_by} comes and nobody will ask: due at {page.due_at}, now {turn.now}"
        for one in paging:
            is_waiting = page.is_still_paging(encounter.respond_by) and one.round == page.round
            if one.state is DeliveryState.QUEUED and (one.due_at is None or not is_waiting):
                yield f"{one.key} is queued, due at {one.due_at}, and the page is {page.state.value}"
            if one.state is DeliveryState.SENDING and (one.lease_until is None or one.lease_until <= turn.now):
                yield f"{one.key} is being sent by nobody"

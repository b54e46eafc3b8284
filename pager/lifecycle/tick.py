"""One beat of the engine: escalate what is due, hand out what is due; an error in one page harms no other."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from pager.domain.delivery import Delivery
from pager.lifecycle.escalate import escalate, escalate_page
from pager.lifecycle.inbound import handle_again
from pager.lifecycle.ports import StoreUnavailableError
from pager.lifecycle.turn import Context, reading, writing

log = logging.getLogger(__name__)

ENCOUNTERS_A_BEAT = 200
ENCOUNTERS_AT_A_TIME = 16
MESSAGES_A_BEAT = 100
BEAT_IS_NOTED_EVERY = timedelta(seconds=2)
# A claimed delivery whose process has died is taken over after this long. A request begins early enough to end within.
LEASE = timedelta(seconds=12)
LONGEST_REQUEST = timedelta(seconds=9)
CLOCKS_MAY_DIFFER_BY = timedelta(seconds=1)
PROBE_EVERY = timedelta(seconds=15)
TRY_AGAIN_AFTER = timedelta(seconds=15)


class Outbox(Protocol):
    """Whoever takes claimed deliveries to the carrier; `room` is how many it can begin at once."""

    @property
    def room(self) -> int: ...
    @property
    def is_carrier_ok(self) -> bool: ...
    def put(self, deliveries: Sequence[Delivery], begin_before: datetime) -> None: ...
    def put_unknown(self, deliveries: Sequence[Delivery]) -> None: ...


@dataclass
class Beat:
    """The engine's beat. `engine_id` names this process in the database."""

    context: Context
    outbox: Outbox
    engine_id: str
    noted_at: datetime | None = None
    probed_at: datetime | None = None
    is_catching_up: bool = False

    def tick(self) -> datetime | None:
        """Do all that is due now, and return when something will be due next, None when nothing is planned."""
        self._note_beat()
        self._handle_inbox()
        self._escalate()
        self._hand_out()
        with reading(self.context) as turn:
            claims = turn.work.claims
            times = (turn.work.encounters.next_due_at(), claims.next_due_at(), claims.next_slot_at(turn.now))
        now = turn.now
        return min((at for at in times if at is not None and at > now), default=None)

    def _note_beat(self) -> None:
        now = self.context.clock.now()
        if self.noted_at is None or abs(now - self.noted_at) >= BEAT_IS_NOTED_EVERY:
            with writing(self.context) as turn:
                turn.work.engines.beat(self.engine_id, turn.now, is_carrier_ok=self.outbox.is_carrier_ok)
            self.noted_at = now

    def _handle_inbox(self) -> None:
        with reading(self.context) as turn:
            unhandled = turn.work.inbox.unhandled(turn.now, MESSAGES_A_BEAT)
        for carrier_id, kind, form in unhandled:

            def handle(carrier_id: str = carrier_id, kind: str = kind, form: Mapping[str, str] | None = form) -> None:
                handle_again(self.context, carrier_id, kind, form)

            if not self._survives(handle, f"inbound {carrier_id}"):
                with writing(self.context) as turn:
                    turn.work.inbox.postpone(carrier_id, turn.now + TRY_AGAIN_AFTER)

    def _escalate(self) -> None:
        """Escalate what is due, a few at a time: where it is much, what is queued must not wait until all is done."""
        with reading(self.context) as turn:
            due = turn.work.encounters.due(turn.now, ENCOUNTERS_A_BEAT)
        for number, encounter_id in enumerate(due):
            if number % ENCOUNTERS_AT_A_TIME == 0:
                self._note_beat()
                self._hand_out()
            if not self._survives(lambda: escalate(self.context, encounter_id), f"encounter {encounter_id}"):  # noqa: B023 -- called at once
                self._escalate_one_by_one(encounter_id)

    def _escalate_one_by_one(self, encounter_id: int) -> None:
        with reading(self.context) as turn:
            pages = turn.work.encounters.pages(encounter_id)
        for page in pages:
            if not self._survives(lambda: escalate_page(self.context, encounter_id, page.id), f"page {page.id}"):  # noqa: B023 -- called at once
                with writing(self.context) as turn:
                    turn.work.encounters.lock(encounter_id)
                    turn.work.encounters.page(page.id).due_at = turn.now + TRY_AGAIN_AFTER

    def _hand_out(self) -> None:
        """Hand out what is due: first what nobody knows the outcome of, then the queue."""
        if self.outbox.room <= 0:
            return
        with reading(self.context) as turn:
            next_due_at = turn.work.claims.next_due_at()
            if next_due_at is None or next_due_at > turn.now + CLOCKS_MAY_DIFFER_BY:
                return
        with writing(self.context) as turn:
            unknown = turn.work.claims.claim_unknown(turn.now, self.outbox.room, LEASE)
        self.outbox.put_unknown(unknown)
        self._send()

    def _send(self) -> None:
        room = self._room_for_carrier()
        if room <= 0:
            return
        with writing(self.context) as turn:
            claimed = turn.work.claims.claim(
                turn.now,
                room,
                LEASE,
                self.context.rates,
                self.context.senders,
                newest_first=self.is_catching_up,
            )
        self.is_catching_up = self.is_catching_up and len(claimed) == room
        self.outbox.put(claimed, begin_before=turn.now + LEASE - LONGEST_REQUEST)

    def _room_for_carrier(self) -> int:
        """Return how many may begin: while our credentials are refused, one now and then to see whether they still are.

        When they are taken again, the newest encounters are served first: there is most to be saved.
        """
        if self.outbox.is_carrier_ok:
            return self.outbox.room
        self.is_catching_up = True
        now = self.context.clock.now()
        if self.probed_at is not None and now - self.probed_at < PROBE_EVERY:
            return 0
        self.probed_at = now
        return min(1, self.outbox.room)

    def _survives(self, step: Callable[[], None], what: str) -> bool:
        """Run one step and tell whether it went well; a database that is away is everybody's trouble, and goes on."""
        try:
            step()
        except StoreUnavailableError:
            raise
        except Exception:  # whatever it is, the other pages must go on
            log.exception("a step of the engine failed: %s", what)
            return False
        return True

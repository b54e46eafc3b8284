"""Two engines on one database that beat in turn, and what may happen between a claim and its recording."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import count

from pager.domain.delivery import Delivery
from pager.lifecycle.record import record
from pager.lifecycle.resolve import resolve
from pager.lifecycle.send import send
from pager.lifecycle.tick import Beat
from pager.lifecycle.turn import Context
from tests.world import DirectOutbox


class Moment(StrEnum):
    """A point between the claim of a delivery and the record of what became of it."""

    CLAIMED = "claimed"  # the last look at its page is still to come
    BEGUN = "begun"  # the request is under way, and the carrier does not have it yet
    ASKED = "asked"  # the carrier has answered, and nothing is recorded yet


class Died(BaseException):
    """The process is gone; nothing in it can catch this."""


@dataclass
class Plan:
    """What happens at such a moment, of one page's deliveries or of any, after `passes` others have gone by."""

    moment: Moment
    happens: Callable[[], None]
    page_id: int | None = None
    passes: int = 0


@dataclass
class Meanwhile:
    """What is to happen meanwhile; each plan once."""

    plans: list[Plan] = field(default_factory=list)

    def reach(self, moment: Moment, delivery: Delivery) -> None:
        for plan in self.plans:
            if plan.moment is moment and plan.page_id in (None, delivery.page_id):
                plan.passes -= 1
                if plan.passes < 0:
                    self.plans.remove(plan)
                    plan.happens()
                return


@dataclass
class Outbox(DirectOutbox):
    """Sends and records one by one, so that something can happen in between."""

    meanwhile: Meanwhile = field(default_factory=Meanwhile)

    def put(self, deliveries: Sequence[Delivery], begin_before: datetime) -> None:
        self.sent += len(deliveries)
        for delivery in deliveries:
            self.meanwhile.reach(Moment.CLAIMED, delivery)
            outcome = send(self.context, self.carrier, delivery, begin_before)
            self.meanwhile.reach(Moment.ASKED, delivery)
            record(self.context, [outcome])

    def put_unknown(self, deliveries: Sequence[Delivery]) -> None:
        self.sent += len(deliveries)
        for delivery in deliveries:
            self.meanwhile.reach(Moment.CLAIMED, delivery)
            outcome = resolve(self.context, self.carrier, delivery)
            self.meanwhile.reach(Moment.ASKED, delivery)
            record(self.context, [outcome])


class Engines:
    """Stands for World's one beat. An engine that dies is followed by a new one that knows nothing of it."""

    def __init__(self, context: Context, outbox: DirectOutbox) -> None:
        self._context, self._outbox, self._numbers = context, outbox, count(1)
        self._free: deque[Beat] = deque()
        self.restart()

    def restart(self) -> None:
        """Both processes end, and two others start."""
        self._free = deque([self._start(), self._start()])

    def tick(self) -> datetime | None:
        """Let the engine beat that waited longest; none where both are in the middle of something."""
        if not self._free:
            return None
        beat, next_due_at = self._free.popleft(), None
        try:
            next_due_at = beat.tick()
        except Died:
            beat = self._start()
        self._free.append(beat)
        return next_due_at

    def _start(self) -> Beat:
        return Beat(self._context, self._outbox, engine_id=f"engine-{next(self._numbers)}")

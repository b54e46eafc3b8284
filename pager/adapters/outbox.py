"""Takes claimed deliveries to the carrier: a pool of threads asks it, one thread records what became of them."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from queue import Empty, SimpleQueue

from pager.domain.delivery import Delivery
from pager.lifecycle.carrier import Carrier, Outcome, OutcomeKind
from pager.lifecycle.ports import StoreUnavailableError
from pager.lifecycle.record import record
from pager.lifecycle.resolve import resolve
from pager.lifecycle.send import send
from pager.lifecycle.turn import Context

log = logging.getLogger(__name__)

THREADS = 16
RECORDED_AT_ONCE = 64
# What the carrier has answered and nobody has recorded yet: no more is sent where the database is slower than it.
MOST_UNRECORDED = 4 * THREADS
DATABASE_PAUSE_SECONDS = 1.0
# While the carrier answers within this, as many deliveries again may lie ready as are being sent, so that no thread
# waits for the next claim: the last of them begins this much after it was claimed. What is ready is looked at again
# before its request as ever.
QUICK_SECONDS = 0.5


@dataclass(frozen=True)
class _Job:
    """One delivery to send, or (`begin_before` None) one to find out about."""

    delivery: Delivery
    begin_before: datetime | None


class ThreadedOutbox:
    """Sends without making the beat wait. `on_room` is called when there is room again after it was short of it."""

    def __init__(self, context: Context, carrier: Carrier, on_room: Callable[[], None], threads: int = THREADS) -> None:
        self._context, self._carrier, self._on_room = context, carrier, on_room
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._outcomes: SimpleQueue[Outcome | None] = SimpleQueue()
        self._asking, self._unrecorded, self._size, self._guard = 0, 0, threads, threading.Lock()
        # How much room was last told of, and whether all of it was taken: then there may be more to do.
        self._offered, self._is_short = 0, False
        self._is_quick = False
        self._stopping = threading.Event()
        self._workers = [threading.Thread(target=self._work, name=f"sender-{n}", daemon=True) for n in range(threads)]
        self._recorder = threading.Thread(target=self._record, name="recorder", daemon=True)

    def start(self) -> None:
        for thread in (*self._workers, self._recorder):
            thread.start()

    def stop(self, timeout: float = 10.0) -> None:
        """Let what is being sent end and be recorded."""
        for _ in self._workers:
            self._jobs.put(None)
        for thread in self._workers:
            thread.join(timeout)
        self._stopping.set()
        self._outcomes.put(None)
        self._recorder.join(timeout)

    @property
    def room(self) -> int:
        """How many deliveries can be taken."""
        with self._guard:
            self._offered = max(0, min(self._most - self._asking, MOST_UNRECORDED - self._unrecorded))
            self._is_short = self._is_short or self._offered == 0
            return self._offered

    @property
    def _most(self) -> int:
        """How many may be in hand and not answered yet."""
        return 2 * self._size if self._is_quick else self._size

    @property
    def is_idle(self) -> bool:
        """Tell whether all that was taken has been answered and recorded."""
        with self._guard:
            return self._unrecorded == 0

    @property
    def is_carrier_ok(self) -> bool:
        """Tell whether the carrier takes our credentials."""
        return self._carrier.is_authorised

    def put(self, deliveries: Sequence[Delivery], begin_before: datetime) -> None:
        self._put([_Job(delivery, begin_before) for delivery in deliveries])

    def put_unknown(self, deliveries: Sequence[Delivery]) -> None:
        self._put([_Job(delivery, None) for delivery in deliveries])

    def _put(self, jobs: Sequence[_Job]) -> None:
        with self._guard:
            self._asking += len(jobs)
            self._unrecorded += len(jobs)
            self._is_short = len(jobs) >= self._offered
        for job in jobs:
            self._jobs.put(job)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            began = time.monotonic()
            try:
                outcome = self._do(job)
            except Exception as error:  # the thread must live; what happened to the delivery is not known
                log.exception("delivery %s: asking the carrier failed", job.delivery.id)
                name, attempt = type(error).__name__, job.delivery.attempts
                outcome = Outcome(job.delivery.id, OutcomeKind.UNKNOWN, error=name, attempt=attempt)
            self._outcomes.put(outcome)
            self._is_quick = time.monotonic() - began < QUICK_SECONDS
            self._note_end(asked=1)

    def _do(self, job: _Job) -> Outcome:
        if job.begin_before is None:
            return resolve(self._context, self._carrier, job.delivery)
        return send(self._context, self._carrier, job.delivery, job.begin_before)

    def _record(self) -> None:
        is_ending = False
        while not is_ending:
            outcomes, is_ending = self._take_outcomes()
            if outcomes:
                self._record_all(outcomes)
                self._note_end(recorded=len(outcomes))

    def _note_end(self, *, asked: int = 0, recorded: int = 0) -> None:
        """Make room, and where a beat was short of it say so once half is free: a beat for each would cost more."""
        with self._guard:
            self._asking -= asked
            self._unrecorded -= recorded
            has_room = self._asking <= self._most // 2 and self._unrecorded < MOST_UNRECORDED
            has_news = self._is_short and has_room
            self._is_short = self._is_short and not has_news
        if has_news:
            self._on_room()

    def _take_outcomes(self) -> tuple[list[Outcome], bool]:
        """Return what has come in, waiting for the first; and whether that is all."""
        taken = [self._outcomes.get()]
        while len(taken) < RECORDED_AT_ONCE:
            try:
                taken.append(self._outcomes.get_nowait())
            except Empty:
                break
        return [outcome for outcome in taken if outcome is not None], None in taken

    def _record_all(self, outcomes: Sequence[Outcome]) -> None:
        while True:
            try:
                record(self._context, outcomes)
                return
            except StoreUnavailableError:
                log.warning("%s outcomes wait for the database", len(outcomes))
                if self._stopping.wait(DATABASE_PAUSE_SECONDS):
                    return  # what is not recorded is asked of the carrier after the lease
            except Exception:  # the thread must live; the leases run out, and the carrier is asked
                log.exception("outcomes could not be recorded: %s", [outcome.delivery_id for outcome in outcomes])
                return

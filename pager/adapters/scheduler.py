"""The alarm clock: APScheduler wakes the beat when something is due, when something was written, and every second."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from pager.clock import Clock
from pager.lifecycle.ports import StoreUnavailableError

log = logging.getLogger(__name__)

EVERY = timedelta(seconds=1)
JOB = "beat"


class AlarmClock:
    """Runs `tick` in one thread at a time. All that is to happen later is in the database; this only looks."""

    def __init__(self, tick: Callable[[], datetime | None], clock: Clock) -> None:
        self._tick, self._clock = tick, clock
        self._scheduler = BackgroundScheduler(timezone="UTC")
        self._guard = threading.Lock()
        self._is_running = self._is_woken = False

    def start(self) -> None:
        self._scheduler.add_job(
            self._run,
            IntervalTrigger(seconds=EVERY.total_seconds(), timezone="UTC"),
            id=JOB,
            next_run_time=self._clock.now(),
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
        self._scheduler.start()

    def stop(self) -> None:
        self._scheduler.shutdown(wait=True)

    def wake(self) -> None:
        """Look at once; while a beat is running, look again right after it."""
        with self._guard:
            self._is_woken = True
            if self._is_running or not self._scheduler.running:
                return
        self._ring_at(self._clock.now())

    def _run(self) -> None:
        with self._guard:
            self._is_running = True
        next_due_at: datetime | None = None
        try:
            while True:
                with self._guard:
                    self._is_woken = False
                next_due_at = self._look()
                with self._guard:
                    if not self._is_woken:
                        self._is_running = False
                        break
        finally:
            with self._guard:
                self._is_running = False
        now = self._clock.now()
        # What is due and could not be done now (no room, a busy line) waits for the next second or for `wake`.
        if next_due_at is not None and now < next_due_at < now + EVERY:
            self._ring_at(next_due_at)

    def _look(self) -> datetime | None:
        try:
            return self._tick()
        except StoreUnavailableError as error:
            log.warning("the database is away: %s", error)
        except Exception:
            log.exception("the beat failed")
        return None

    def _ring_at(self, at: datetime) -> None:
        if self._scheduler.running:
            self._scheduler.modify_job(JOB, next_run_time=at)

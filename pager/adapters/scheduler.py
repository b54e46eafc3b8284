"""The alarm clock: APScheduler wakes the beat when something is due, when something was written, and every second."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from pager.clock import Clock, wall_time
from pager.lifecycle.ports import StoreUnavailableError

log = logging.getLogger(__name__)

EVERY = timedelta(seconds=1)
NOW = timedelta(0)
JOB = "beat"
# APScheduler counts a run until some time after it has ended, and would leave out one that is rung for meanwhile.
RUNS_AT_ONCE = 4


class _EverySecond(BaseTrigger):  # type: ignore[misc] # the library ships no types
    """Counted from now: a clock set forth by years is not counted through, second by second."""

    def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> datetime:
        return now + EVERY


class AlarmClock:
    """Runs `tick` in one thread at a time. All that is to happen later is in the database; this only looks.

    APScheduler goes by the wall clock, so that here, and nowhere else, things are planned by it.
    """

    def __init__(self, tick: Callable[[], datetime | None], clock: Clock) -> None:
        self._tick, self._clock = tick, clock
        self._scheduler = BackgroundScheduler(timezone="UTC")
        self._guard = threading.Lock()
        self._is_running = self._is_woken = False
        self._stopping = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="alarm-clock-watch", daemon=True)

    def start(self) -> None:
        self._scheduler.add_job(
            self._run,
            _EverySecond(),
            id=JOB,
            next_run_time=wall_time(),
            misfire_grace_time=None,
            coalesce=True,
            max_instances=RUNS_AT_ONCE,
        )
        self._scheduler.start()
        self._watcher.start()

    def stop(self) -> None:
        self._stopping.set()
        self._watcher.join()
        self._scheduler.shutdown(wait=True)

    def wake(self) -> None:
        """Look at once; while a beat is running, look again right after it."""
        with self._guard:
            self._is_woken = True
            if self._is_running or not self._scheduler.running:
                return
        self._ring_in(NOW)

    def _run(self) -> None:
        with self._guard:
            if self._is_running:
                self._is_woken = True
                return
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
            self._ring_in(next_due_at - now)

    def _look(self) -> datetime | None:
        try:
            return self._tick()
        except StoreUnavailableError as error:
            log.warning("the database is away: %s", error)
        except Exception:  # the next beat must come
            log.exception("the beat failed")
        return None

    def _ring_in(self, pause: timedelta) -> None:
        if self._scheduler.running:
            self._scheduler.modify_job(JOB, next_run_time=wall_time() + pause)

    def _watch(self) -> None:
        """Ring where the wall clock was set back: APScheduler would wait until it shows again what it showed."""
        while not self._stopping.wait(EVERY.total_seconds()):
            job = self._scheduler.get_job(JOB)
            if job is not None and job.next_run_time > wall_time() + 2 * EVERY:
                self._ring_in(NOW)

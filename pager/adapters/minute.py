"""What is done every minute beside the beat, in a thread of its own: it never makes a page wait."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping

from pager.lifecycle.carrier import CarrierUnavailableError
from pager.lifecycle.ports import StoreUnavailableError

log = logging.getLogger(__name__)

EVERY_SECONDS = 60.0
LONGEST_JOB_SECONDS = 10.0


class Minute:
    """Does its jobs one after another at the start and every minute; one that fails is logged and harms no other.

    Goes by a stopwatch, not by the time of day: APScheduler would stand still where the clock is set back.
    """

    def __init__(self, jobs: Mapping[str, Callable[[], None]], every_seconds: float = EVERY_SECONDS) -> None:
        self._jobs, self._every_seconds = jobs, every_seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="minute", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Let the job that is under way end, and begin no other; one that was never started is left as it is."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(LONGEST_JOB_SECONDS)

    def _run(self) -> None:
        while not self._stopping.is_set():
            for name, job in self._jobs.items():
                if not self._stopping.is_set():
                    self._do(name, job)
            self._stopping.wait(self._every_seconds)

    def _do(self, name: str, job: Callable[[], None]) -> None:
        try:
            job()
        except (StoreUnavailableError, CarrierUnavailableError) as error:
            log.warning("%s could not be done: %s (%s)", name, type(error).__name__, error)
        except Exception:  # the thread must live
            log.exception("%s failed", name)

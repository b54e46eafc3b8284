"""The executioner: kills a process every few seconds, lets one stand still, takes the database away."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import replace
from random import Random

from tests.chaos.evidence import Pause
from tests.chaos.repeating import Repeating
from tests.chaos.stage import Stage
from tests.processes.running import READY

LOOK_EVERY_SECONDS = 0.25
STRIKES_EVERY_SECONDS = 3.0
# One strike in six is a pause, longer than a lease.
PAUSES_INSTEAD, PAUSE_SECONDS = 1 / 6, 15.0
# A pause begins where the process has no request at the carrier, if that comes within a second.
WAITS_SECONDS = 1.0
DATABASE_GOES_EVERY_SECONDS, DATABASE_IS_AWAY_SECONDS = 27.0, (0.5, 3.0)


class Executioner:
    """At work until it is stopped; then everything is up again. What has ended is begun again, as systemd does it."""

    def __init__(self, stage: Stage, random: Random) -> None:
        self._stage, self._random = stage, random
        self._threads = (
            Repeating("executioner", self._look, LOOK_EVERY_SECONDS),
            Repeating("database", self._restart_database, DATABASE_GOES_EVERY_SECONDS),
        )
        self._strikes_at = time.monotonic() + STRIKES_EVERY_SECONDS
        self._log_begins = dict.fromkeys(stage.processes, 0)
        self._pause: Pause | None = None
        self._pause_ends_at = 0.0
        self.kills = 0
        self.pauses: list[Pause] = []
        self.restarts: list[str] = []

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let everything be up and at work again."""
        for thread in self._threads:
            thread.stop()
        self._end_pause()
        self._raise_the_dead()
        for process in self._stage.processes.values():
            with suppress(AssertionError):  # it has ended: the database was away when it began
                process.ready()
            if not process.is_running:
                process.start()

    def _look(self) -> None:
        self._raise_the_dead()
        if time.monotonic() >= self._pause_ends_at:
            self._end_pause()
        if time.monotonic() >= self._strikes_at:
            self._strikes_at = time.monotonic() + STRIKES_EVERY_SECONDS
            self._strike()

    def _strike(self) -> None:
        """Kill or pause one that is at work: on a busy machine a start takes longer than the time between strikes."""
        paused = self._pause.process if self._pause else None
        names = [name for name in self._stage.processes if name != paused and self._is_at_work(name)]
        if not names:
            return
        name = self._random.choice(names)
        if paused is None and self._random.random() < PAUSES_INSTEAD:
            self._begin_pause(name)
        else:
            self._stage.processes[name].kill()
            self.kills += 1

    def _is_at_work(self, name: str) -> bool:
        process = self._stage.processes[name]
        return process.is_running and READY[process.command] in process.log()[self._log_begins[name] :]

    def _raise_the_dead(self) -> None:
        for name, process in self._stage.processes.items():
            if not process.is_running:
                self._log_begins[name] = len(process.log())
                process.begin()

    def _begin_pause(self, name: str) -> None:
        deadline = time.monotonic() + WAITS_SECONDS
        while self._stage.asking[name] and time.monotonic() < deadline:
            time.sleep(0.001)
        now = self._stage.clock.now()
        self._stage.processes[name].pause()
        self._pause, self._pause_ends_at = Pause(name, now, now), time.monotonic() + PAUSE_SECONDS

    def _end_pause(self) -> None:
        if self._pause is not None:
            self._stage.processes[self._pause.process].resume()
            self.pauses.append(replace(self._pause, ended_at=self._stage.clock.now()))
            self._pause = None

    def _restart_database(self) -> None:
        mode = self._random.choice(["fast", "immediate"])
        with self._stage.cluster.away(mode):
            time.sleep(self._random.uniform(*DATABASE_IS_AWAY_SECONDS))
        self.restarts.append(mode)

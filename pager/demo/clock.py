"""The demonstration's clock: it can run many times as fast, and waits for whoever has something to do by it."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from pager.clock import Clock

# By so much at most it runs ahead of what the engine has looked at: its beat is never old, and no lease runs out.
LEAD = timedelta(seconds=6)


class DemoClock:
    """Runs `speed` times as fast as another clock from the moment that is set. It never goes back; any thread may ask.

    While it is fast it stays within what `let_run` allows, for requests, leases and the engine's beats last as long as
    ever: past that it goes on as slowly as the other clock, and makes up for it when it is let run again.
    """

    def __init__(self, clock: Clock, start_at: datetime | None = None) -> None:
        """Begin no earlier than `start_at`: when an engine was last seen, which may be hours ahead."""
        self._clock, self._guard, self._speed = clock, threading.Lock(), 1
        now = clock.now()
        self._latest = max(now, start_at or now)
        self._set_anchor(now)

    @property
    def speed(self) -> int:
        """How many seconds this clock counts in one."""
        return self._speed

    @property
    def is_ahead_by(self) -> timedelta:
        """How far it has run ahead of the other clock."""
        with self._guard:
            now = self._clock.now()
            return self._read() - now

    def now(self) -> datetime:
        with self._guard:
            return self._read()

    def set_speed(self, speed: int) -> None:
        """Run `speed` times as fast from now on; what was not made up for is forgotten."""
        with self._guard:
            self._read()
            self._speed = speed
            self._set_anchor(self._clock.now())

    def hold(self) -> None:
        """Go as slowly as the other clock from here, until it is let run again."""
        with self._guard:
            self._limit_to(self._read())

    def let_run(self, until: datetime | None) -> None:
        """Run as fast as it may up to `until`, when something is due (None: nothing is), and never far ahead."""
        with self._guard:
            now = self._read()
            self._limit_to(max(now, min(until or now + LEAD, now + LEAD)))

    def _set_anchor(self, read_at: datetime) -> None:
        self._anchor, self._anchored_at = self._latest, read_at
        self._limit, self._limited_at = self._latest, read_at

    def _limit_to(self, limit: datetime) -> None:
        self._limit, self._limited_at = limit, self._clock.now()

    def _read(self) -> datetime:
        now = self._clock.now()
        wanted = self._anchor + (now - self._anchored_at) * self._speed
        allowed = self._limit + (now - self._limited_at)
        self._latest = max(self._latest, min(wanted, allowed))
        return self._latest

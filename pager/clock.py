"""The one clock. Nobody else asks what time it is; everybody is given `now` or a `Clock`."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

# Less than this is what time servers correct all day.
JUMP = timedelta(seconds=5)
# A clock set back by an hour, or twice, is lived through. What lies further ahead was written by a clock that was wrong
# then: to live by it would page the wrong shift, with wrong times in every message.
LONGEST_LEAD = timedelta(hours=2)
NONE = timedelta(0)


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return this instant, aware, in UTC."""
        ...


def wall_time() -> datetime:
    """Return what the machine's clock shows, wherever it was set to; for those who have to wait by it."""
    return datetime.now(UTC)


class SystemClock:
    """The machine's clock made steady: within a process it never goes back, and it may be asked by any thread.

    It follows the wall clock forward, and goes on by the monotonic one where the wall clock falls behind. A jump of
    more than five seconds either way is kept for `take_jumps`.
    """

    def __init__(
        self,
        start_at: datetime | None = None,
        *,
        wall: Callable[[], datetime] = wall_time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin no earlier than `start_at`, unless it lies more than two hours ahead.

        It is when an engine was last seen: with the wall clock set back and the process started anew, what is due by
        the time before would else have to wait.
        """
        self._wall, self._monotonic = wall, monotonic
        self._guard = threading.Lock()
        self._jumps: list[float] = []
        self._anchor, self._anchored_at = wall(), monotonic()
        # By how much the wall clock is known to be behind; zero or less.
        self._lag = NONE
        if start_at is not None:
            self._begin_at(start_at)

    def _begin_at(self, start_at: datetime) -> None:
        lag = self._anchor - start_at
        if lag < -JUMP:
            self._jumps.append(lag.total_seconds())
        if -LONGEST_LEAD <= lag < NONE:
            self._anchor, self._lag = start_at, lag

    def now(self) -> datetime:
        with self._guard:
            # The wall first: a process that is paused between the two reads finds it behind, which moves nothing.
            wall, read_at = self._wall(), self._monotonic()
            steady = self._anchor + timedelta(seconds=read_at - self._anchored_at)
            lead = wall - steady
            if abs(lead - self._lag) > JUMP:
                self._jumps.append((lead - self._lag).total_seconds())
                self._lag = min(lead, NONE)
            if lead <= NONE:
                return steady
            self._anchor, self._anchored_at, self._lag = wall, read_at, NONE
            return wall

    def take_jumps(self) -> list[float]:
        """Return the jumps of the wall clock since this was last asked, in seconds; below 0 it was set back."""
        with self._guard:
            jumps, self._jumps = self._jumps, []
        return jumps

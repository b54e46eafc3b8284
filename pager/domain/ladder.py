"""When each rung of a ladder is due, counting on through its repeats."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from pager.domain.policy import Repeat, Rung


@dataclass(frozen=True)
class Ladder:
    """A page's ladder in time. Rung numbers past the last one are repeats of it."""

    rungs: tuple[Rung, ...]
    repeat: Repeat
    opened_at: datetime
    respond_by: datetime

    def rung(self, number: int) -> Rung:
        """Return what rung `number` does."""
        return self.rungs[min(number, len(self.rungs) - 1)]

    @property
    def last(self) -> int:
        return len(self.rungs) - 1

    def after(self, number: int, at: datetime) -> datetime:
        """Return when the rung after `number` is due, `number` having been due `at`."""
        return at + self._pause(number, at)

    def policy_time(self, number: int) -> datetime:
        """Return when rung `number` is due by the policy's own times, nothing moved forward."""
        at, current = self.opened_at, -1
        while current < number:
            at, current = self.after(current, at), current + 1
        return at

    def latest_due(self, number: int, at: datetime, now: datetime) -> tuple[int, datetime]:
        """Return the last rung due by `now` and when it was due, counting from `number`, which was due `at`."""
        while (following := self.after(number, at)) <= now:
            number, at = number + 1, following
        return number, at

    def together_with(self, number: int) -> range:
        """Return the run of rungs that ends with `number` and shares its time."""
        first = number
        while 0 < first <= self.last and self.rungs[first - 1].at == self.rungs[first].at:
            first -= 1
        return range(first, number + 1)

    def _pause(self, number: int, at: datetime) -> timedelta:
        if number < 0:
            return self.rungs[0].at
        if number < self.last:
            return self.rungs[number + 1].at - self.rungs[number].at
        return self.repeat.every if at < self.respond_by else self.repeat.after_window

"""The dispatcher's alert: one an encounter, until somebody at the callback takes it or no agency waits."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

REPEAT_EVERY = timedelta(minutes=5)


@dataclass(eq=False)
class Alert:
    """The alert of one encounter.

    `agencies` are those it was raised for; another one begins it anew. `times` counts how often the callback was
    called; `due_at` is when that comes next, None when it need not.
    """

    encounter_id: int
    begun_at: datetime
    due_at: datetime | None
    agencies: list[str] = field(default_factory=list)
    times: int = 0
    heard_at: datetime | None = None
    acknowledged_at: datetime | None = None

    def raise_for(self, agency: str, now: datetime) -> bool:
        """Add an agency; return whether that begins the alert anew."""
        if agency in self.agencies:
            return False
        self.agencies = [*self.agencies, agency]
        self.begun_at, self.due_at, self.acknowledged_at = now, now, None
        return True

    def drop(self, agency: str) -> None:
        """An agency has answered; should it wait again, the alert is raised for it anew."""
        self.agencies = [code for code in self.agencies if code != agency]

    def hear(self, now: datetime) -> None:
        """The dispatcher has been told of every agency that waits."""
        self.heard_at = now

    @property
    def was_heard(self) -> bool:
        """Tell whether the dispatcher was told since the alert last began: only then can they take it."""
        return self.heard_at is not None and self.heard_at >= self.begun_at

    def ring(self, now: datetime) -> None:
        """Count one call to the callback and plan the next."""
        self.times += 1
        self.due_at = now + REPEAT_EVERY

    def acknowledge(self, now: datetime) -> None:
        """The dispatcher took it (key 1)."""
        self.acknowledged_at = self.acknowledged_at or now
        self.due_at = None

    def stop(self) -> None:
        """Nobody waits any more."""
        self.due_at = None

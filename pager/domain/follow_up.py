"""A follow-up: a service owed within hours of an encounter, with an owner and a clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from pager.domain.encounter import ForbiddenTransitionError


class Outcome(StrEnum):
    COMPLETED = "completed"
    DECLINED = "declined"
    NOT_NEEDED = "not_needed"


@dataclass(eq=False)
class FollowUp:
    """A service owed by `agency` until `due_at`; `outcome` is None while it is open."""

    encounter_id: int
    name: str
    title: str
    agency: str
    due_at: datetime
    outcome: Outcome | None = None
    closed_at: datetime | None = None
    id: int = field(init=False)

    def close(self, outcome: Outcome, now: datetime) -> None:
        """Record the outcome; raises ForbiddenTransitionError where another was recorded."""
        if self.outcome is not None:
            raise ForbiddenTransitionError(f"the follow-up {self.name} is already {self.outcome.value}")
        self.outcome, self.closed_at = outcome, now

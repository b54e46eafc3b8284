"""A follow-up: a service owed within hours of an encounter, with an owner and a clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from pager.domain.encounter import ForbiddenTransitionError
from pager.domain.policy import FollowUpPlan

# Past its time a follow-up is reminded of once a day, until it is closed or nobody heeds it any more.
OVERDUE_EVERY = timedelta(days=1)
OVERDUE_FOR = timedelta(days=7)


class Outcome(StrEnum):
    COMPLETED = "completed"
    DECLINED = "declined"
    NOT_NEEDED = "not_needed"


@dataclass(eq=False)
class FollowUp:
    """A service owed by `agency` until `due_at`; `outcome` is None while it is open.

    `remind_at` is when the agency is reminded of it next, None where it is not any more.
    """

    encounter_id: int
    name: str
    title: str
    agency: str
    due_at: datetime
    outcome: Outcome | None = None
    closed_at: datetime | None = None
    remind_at: datetime | None = None
    id: int = field(init=False)

    def close(self, outcome: Outcome, now: datetime) -> None:
        """Record the outcome; raises ForbiddenTransitionError where another was recorded."""
        if self.outcome is not None:
            raise ForbiddenTransitionError(f"the follow-up {self.name} is already {self.outcome.value}")
        self.outcome, self.closed_at, self.remind_at = outcome, now, None


def next_reminder(plan: FollowUpPlan, opened_at: datetime, after: datetime) -> datetime | None:
    """Return the first reminder later than `after`: by the policy, when it is due, and each day past that."""
    overdue = [plan.within + number * OVERDUE_EVERY for number in range(OVERDUE_FOR // OVERDUE_EVERY + 1)]
    return next((opened_at + at for at in sorted({*plan.remind, *overdue}) if opened_at + at > after), None)

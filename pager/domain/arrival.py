"""From an acknowledgement to an arrival: what is asked of the one who comes, and when they are no longer counted on.

Pure, like `escalation`: whoever asks carries the answer out in the transaction in which the page was read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pager.domain.page import Page
from pager.domain.policy import Acknowledgement


class Step(StrEnum):
    """What is done about the one who comes."""

    ASK_ETA = "ask_eta"  # they have not said when
    CHECK_IN = "check_in"  # they should be there by now
    LAPSE = "lapse"  # they have not answered the check-in


@dataclass(frozen=True)
class Journey:
    """The acknowledgement of one page, with the policy it goes by. `travel` is None where the policy has none."""

    acknowledged_at: datetime
    eta: datetime | None
    respond_by: datetime
    eta_asked_at: datetime | None
    checked_in_at: datetime | None
    answered_at: datetime | None
    policy: Acknowledgement
    travel: timedelta | None

    def step_at(self, now: datetime) -> Step | None:
        """Return what is due at `now`, None where nothing is; what was asked already is not asked again."""
        if self.checked_in_at is not None:
            return Step.LAPSE if now >= self.checked_in_at + self.policy.check_in else None
        if now >= self.check_in_at:
            return Step.CHECK_IN
        return Step.ASK_ETA if self._ask_eta_at is not None and now >= self._ask_eta_at else None

    @property
    def next_at(self) -> datetime:
        """Return when the next step is due."""
        if self.checked_in_at is not None:
            return self.checked_in_at + self.policy.check_in
        return min(at for at in (self._ask_eta_at, self.check_in_at) if at is not None)

    @property
    def check_in_at(self) -> datetime:
        """Return when they are asked whether they are there (INTERFACE "Policy file").

        Each answer gives them as long again. Who acknowledges when that time is nearly over, without an ETA, has until
        the ETA would be asked for.
        """
        at = self._expected_at + self.policy.check_in
        if self.eta is None:
            at = max(at, self.acknowledged_at + self.policy.ask_eta_after)
        return at if self.answered_at is None else max(at, self.answered_at + self.policy.check_in)

    @property
    def _expected_at(self) -> datetime:
        if self.eta is not None:
            return self.eta
        if self.travel is None:
            return self.respond_by
        return min(self.acknowledged_at + self.travel, self.respond_by)

    @property
    def _ask_eta_at(self) -> datetime | None:
        if self.eta is not None or self.eta_asked_at is not None:
            return None
        return self.acknowledged_at + self.policy.ask_eta_after


def journey(page: Page, respond_by: datetime, policy: Acknowledgement, travel: timedelta | None) -> Journey | None:
    """Return the journey of a page's acknowledger, None where nobody has acknowledged."""
    if page.acknowledged_at is None:
        return None
    return Journey(
        page.acknowledged_at,
        page.eta,
        respond_by,
        page.eta_asked_at,
        page.checked_in_at,
        page.answered_at,
        policy,
        travel,
    )

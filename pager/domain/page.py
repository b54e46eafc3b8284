"""A page: one agency's call on one encounter, with its own escalation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from pager.domain.encounter import ForbiddenTransitionError


class PageState(StrEnum):
    PAGING = "paging"
    ACKNOWLEDGED = "acknowledged"
    ON_SCENE = "on_scene"
    CLOSED = "closed"
    CANCELLED = "cancelled"


_ENDED = frozenset({PageState.CLOSED, PageState.CANCELLED})

# The whole state machine; INTERFACE "States". Paging follows an acknowledgement by a release, which begins a round.
TRANSITIONS: Mapping[PageState, frozenset[PageState]] = {
    PageState.PAGING: frozenset({PageState.ACKNOWLEDGED, PageState.ON_SCENE}) | _ENDED,
    PageState.ACKNOWLEDGED: frozenset({PageState.ON_SCENE, PageState.PAGING}) | _ENDED,
    PageState.ON_SCENE: frozenset({PageState.ACKNOWLEDGED}) | _ENDED,
    PageState.CLOSED: frozenset(),
    PageState.CANCELLED: frozenset(),
}


@dataclass(eq=False)
class Page:
    """One agency's call.

    `rung` is the last rung carried out or passed over in this round (-1 before the first), `rung_at` when that rung
    was due: the next ones count from it, so bringing one forward moves the later ones forward as much. `due_at` is
    when to look at the page next; None when nothing more can happen by itself.

    Of the acknowledgement: `eta_asked_at` is when the ETA was asked for, `checked_in_at` when a check-in was asked that
    has no answer yet, `answered_at` when one was answered last. `short_round` is the last round in which everybody was
    paged because time ran short, `more_round` the one in which more were paged because the ETA is too late.
    `opened_at` is None where the page opened with its encounter.
    """

    encounter_id: int
    agency: str
    rung_at: datetime
    due_at: datetime | None
    state: PageState = PageState.PAGING
    round: int = 1
    rung: int = -1
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    eta: datetime | None = None
    on_scene_at: datetime | None = None
    is_late: bool = False
    eta_asked_at: datetime | None = None
    checked_in_at: datetime | None = None
    answered_at: datetime | None = None
    short_round: int | None = None
    more_round: int | None = None
    opened_at: datetime | None = None
    id: int = field(init=False)

    def become(self, state: PageState) -> None:
        """Change state; raises ForbiddenTransitionError where the table does not allow it."""
        if state not in TRANSITIONS[self.state]:
            raise ForbiddenTransitionError(f"the page of {self.agency} is {self.state.value}")
        self.state = state

    def acknowledge(self, responder: str, eta: datetime | None, now: datetime) -> None:
        """`paging` → `acknowledged`: this responder comes, the escalation stops."""
        self.become(PageState.ACKNOWLEDGED)
        self.hand_to(responder, eta, now)

    def hand_to(self, responder: str, eta: datetime | None, at: datetime) -> None:
        """This responder is the one who comes, since `at`; what was asked of another is not asked of them yet."""
        self.acknowledged_by, self.acknowledged_at, self.eta = responder, at, eta
        self.eta_asked_at = self.checked_in_at = self.answered_at = None

    def answer(self, now: datetime) -> None:
        """The acknowledger has said something: a check-in that waits is answered."""
        if self.checked_in_at is not None:
            self.checked_in_at, self.answered_at = None, now

    def comes_too_late(self, respond_by: datetime) -> bool:
        """Tell whether the one who comes has said that it will be after `respond_by`."""
        return self.state is PageState.ACKNOWLEDGED and self.eta is not None and self.eta > respond_by

    def is_still_paging(self, respond_by: datetime) -> bool:
        """Tell whether somebody is looked for: nobody comes, or more were paged since who comes will be too late."""
        wants_more = self.comes_too_late(respond_by) and self.more_round == self.round
        return self.state is PageState.PAGING or wants_more

    def arrive(self, responder: str, now: datetime) -> None:
        """→ `on_scene`: the agency's clock stops; whoever arrives without or before an acknowledger takes its place."""
        self.become(PageState.ON_SCENE)
        self.on_scene_at = now
        if self.acknowledged_by != responder:
            self.hand_to(responder, None, now)
        self.checked_in_at = None

    def undo_arrival(self) -> None:
        """`on_scene` → `acknowledged`: nobody is there after all."""
        self.become(PageState.ACKNOWLEDGED)
        self.on_scene_at = None

    def begin_round(self) -> None:
        """`acknowledged` → `paging`, one round further: nobody comes any more."""
        self.become(PageState.PAGING)
        self.round += 1
        self.acknowledged_by = self.acknowledged_at = self.eta = None
        self.eta_asked_at = self.checked_in_at = self.answered_at = None


@dataclass(eq=False)
class Commitment:
    """What one responder has said on one page, and what they were last told.

    `is_coming` is true from an acknowledgement until a decline or a stand-down: the page's `acknowledged_by` is the
    one who comes, others that are coming stand by. `decline_holds` falls when everybody reachable has declined.
    """

    page_id: int
    responder: str
    is_coming: bool = False
    acknowledged_at: datetime | None = None
    eta: datetime | None = None
    declined_at: datetime | None = None
    decline_holds: bool = False
    arrived_at: datetime | None = None
    stood_down_at: datetime | None = None
    is_unreachable: bool = False

    def acknowledge(self, eta: datetime | None, now: datetime) -> None:
        """They come; an earlier NO no longer counts, nor an ETA that is past."""
        self.is_coming, self.acknowledged_at = True, now
        if eta is not None or (self.eta is not None and self.eta <= now):
            self.eta = eta
        self.declined_at, self.decline_holds = None, False

    def arrive(self, now: datetime) -> None:
        """They are there; without an acknowledgement it counts as one."""
        self.acknowledge(None, self.acknowledged_at or now)
        self.arrived_at = self.arrived_at or now

    def decline(self, now: datetime) -> None:
        self.is_coming, self.eta = False, None
        self.declined_at, self.decline_holds = now, True

    def stand_down(self, now: datetime) -> None:
        self.is_coming, self.eta = False, None
        self.stood_down_at = now

    def lapse(self) -> None:
        """They did not answer a check-in: they are not counted on, and may still arrive."""
        self.is_coming, self.eta, self.acknowledged_at = False, None, None

    def came_until(self, at: datetime) -> bool:
        """Tell whether they were coming, or standing by, until they were stood down at `at`."""
        has_said_so = self.acknowledged_at is not None and self.declined_at is None
        return has_said_so and not self.is_coming and self.stood_down_at == at

    def come_again(self) -> None:
        """They were stood down for nothing: they come as they had said, and when is to be asked."""
        self.is_coming, self.stood_down_at = True, None

    def undo_arrival(self) -> None:
        """They are not there; that they come is as it was."""
        self.arrived_at = None

    def undo_acknowledgement(self) -> None:
        """They never said that they come."""
        self.is_coming, self.eta, self.acknowledged_at = False, None, None


def standby(page: Page, commitments: list[Commitment]) -> list[Commitment]:
    """Return those who would come if the acknowledger did not, in the order in which they acknowledged."""
    waiting = [
        one for one in commitments if one.is_coming and one.arrived_at is None and one.responder != page.acknowledged_by
    ]
    return sorted(waiting, key=lambda one: (one.acknowledged_at, one.responder))

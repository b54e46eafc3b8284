"""What a page's next step depends on, and what it can be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pager.domain.arrival import Journey, Step
from pager.domain.crew import Crew, Person
from pager.domain.directory import Channel
from pager.domain.ladder import Ladder
from pager.domain.page import PageState
from pager.domain.roster import Tier

# Paged beside the ladder: standby when a round begins, everybody when time runs short, and who is named by hand.
STANDBY_RUNG, EVERYBODY_RUNG, BY_HAND_RUNG = -1, -2, -3
SIDE_RUNGS = (STANDBY_RUNG, EVERYBODY_RUNG, BY_HAND_RUNG)


@dataclass(frozen=True)
class Snapshot:
    """One page and all that its next step depends on.

    `declined` are those whose decline still holds; `unreachable` those whose lack of a channel has already brought a
    rung forward. `is_hurried`: bring the next rung that reaches somebody now. `is_new_round`: a round has just begun,
    `standby` being paged with it. `short_at` is when too little time is left to wait for rungs, None where that is
    unknown or has been acted on in this round. `journey` is that of the acknowledger. `wants_more`: their ETA is too
    late and nobody has been paged for that; `known` are those who were paged or come already.
    """

    state: PageState
    is_late: bool
    rung: int
    rung_at: datetime
    ladder: Ladder
    crew: Crew
    declined: frozenset[str] = frozenset()
    unreachable: frozenset[str] = frozenset()
    is_hurried: bool = False
    is_new_round: bool = False
    standby: tuple[Person, ...] = ()
    short_at: datetime | None = None
    journey: Journey | None = None
    wants_more: bool = False
    known: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Target:
    """One person to reach on some channels."""

    responder: str
    channels: tuple[Channel, ...]


@dataclass(frozen=True)
class CarryOut:
    """Page these people for rung `rung` (below 0: one of SIDE_RUNGS).

    `due_at` is when the ladder had it, so lateness shows.
    """

    rung: int
    targets: tuple[Target, ...]
    due_at: datetime
    is_brought_forward: bool = False


@dataclass(frozen=True)
class NoteGap:
    """Nobody holds this tier."""

    tier: Tier


@dataclass(frozen=True)
class NoteUnreachable:
    """This person was to be paged and has no working channel."""

    responder: str


@dataclass(frozen=True)
class MarkLate:
    """The window has closed on the page."""


@dataclass(frozen=True)
class RunShort:
    """Less time is left than the agency needs to get there: everybody is paged."""


@dataclass(frozen=True)
class PageMore:
    """The ETA of the one who comes is too late: more people are paged."""


@dataclass(frozen=True)
class TakeStep:
    """Ask the acknowledger for something, or count on them no longer."""

    step: Step


class Because(StrEnum):
    """Why the dispatcher is alerted."""

    RUNG = "the ladder says so"
    NOBODY = "nobody is reachable"
    DECLINED = "everybody reachable has declined"


@dataclass(frozen=True)
class AlertDispatcher:
    """A human at the callback must know."""

    because: Because


@dataclass(frozen=True)
class ReleaseDeclines:
    """Everybody has declined: the declines no longer hold."""


Action = (
    CarryOut | NoteGap | NoteUnreachable | MarkLate | RunShort | PageMore | TakeStep | AlertDispatcher | ReleaseDeclines
)


@dataclass(frozen=True)
class Decision:
    """What to do now, where on the ladder that leaves the page, and when to look again (None: not by itself)."""

    actions: tuple[Action, ...]
    rung: int
    rung_at: datetime
    due_at: datetime | None

    def ends_rung(self, snapshot: Snapshot) -> bool:
        """Tell whether what was sent for the rung so far is of no use any more: another one comes, or a new round."""
        return self.rung != snapshot.rung or snapshot.is_new_round

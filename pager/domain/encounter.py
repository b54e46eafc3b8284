"""An encounter: law enforcement's contact with somebody whom the agencies must come to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class EncounterState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class ForbiddenTransitionError(Exception):
    """A state that cannot follow from the present one; its text says what is in the way."""


class Updates(StrEnum):
    """How the dispatcher is told how it goes; an alert always calls."""

    VOICE = "voice"
    SMS = "sms"
    NONE = "none"


@dataclass(eq=False)
class Encounter:
    """One encounter. `callback` is E.164; `extension` is shown and spoken, never dialled.

    `ask_open_at` is when the dispatcher is asked whether it is still open.
    """

    reference: str
    station: str
    callback: str
    extension: str | None
    is_drill: bool
    opened_at: datetime
    respond_by: datetime
    policy: str
    policy_digest: str
    left_out: list[str] = field(default_factory=list)
    state: EncounterState = EncounterState.OPEN
    ended_at: datetime | None = None
    updates: Updates = Updates.VOICE
    ask_open_at: datetime | None = None
    timeline_length: int = 0
    timeline_head: str = ""
    id: int = field(init=False)

    @property
    def is_open(self) -> bool:
        return self.state is EncounterState.OPEN

    def end(self, state: EncounterState, now: datetime) -> None:
        """Close or cancel; raises ForbiddenTransitionError where the encounter has ended otherwise."""
        if not self.is_open:
            raise ForbiddenTransitionError(f"encounter {self.reference} is already {self.state.value}")
        self.state = state
        self.ended_at, self.ask_open_at = now, None

"""A delivery: one message or one call to one person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum

from pager.domain.directory import Channel


class DeliveryState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    ANSWERED = "answered"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


# Forward only, but for the ways back that INTERFACE "States" names.
TRANSITIONS: Mapping[DeliveryState, frozenset[DeliveryState]] = {
    DeliveryState.QUEUED: frozenset({DeliveryState.SENDING, DeliveryState.WITHDRAWN, DeliveryState.FAILED}),
    DeliveryState.SENDING: frozenset(
        {
            DeliveryState.SENT,
            DeliveryState.DELIVERED,
            DeliveryState.ANSWERED,
            DeliveryState.FAILED,
            DeliveryState.QUEUED,  # surely not taken by the carrier
            DeliveryState.WITHDRAWN,  # no longer wanted before its outcome is known
        }
    ),
    DeliveryState.SENT: frozenset(
        {
            DeliveryState.DELIVERED,
            DeliveryState.ANSWERED,
            DeliveryState.FAILED,
            DeliveryState.QUEUED,  # once after busy or no answer
        }
    ),
    DeliveryState.DELIVERED: frozenset(),
    DeliveryState.ANSWERED: frozenset(),
    DeliveryState.FAILED: frozenset(),
    DeliveryState.WITHDRAWN: frozenset(),
}


class DeliveryKind(StrEnum):
    """What a delivery is for."""

    PAGE = "page"
    ALERT = "alert"
    CORRECTION = "correction"
    CONFIRMATION = "confirmation"
    STAND_DOWN = "stand_down"
    QUESTION = "question"  # to one who comes: when, or whether they are there
    CALL_BACK = "call_back"  # to one who called us while a page waits for them
    NEWS = "news"  # to the dispatcher: how it goes
    REMINDER = "reminder"  # to an agency: a follow-up is open
    WARNING = "warning"  # to administrators: a gap comes
    CODE = "code"  # by which a number is verified


class Priority(IntEnum):
    """What goes first when the carrier's rate is the limit; smaller is sooner."""

    FIRST_PAGE = 0
    ALERT = 1
    ESCALATION = 2
    CONFIRMATION = 3
    STAND_DOWN = 4


@dataclass(eq=False)
class Delivery:
    """One message or call.

    `key` makes it unique: by page, round, rung, responder and channel for a paging one, else by cause, recipient and
    channel. `token` stands in its callback URLs. `body` is an SMS's text, or what a call says where that is fixed
    when it is queued. `left_at` is when it left the queue, None again when the carrier surely did not take it;
    `expires_at` is when it becomes pointless, `ended_at` when it failed, was withdrawn, or its call ended.

    `is_refused`: the carrier will not bring it any more; `is_lasting`: nor anything on this channel to this number.
    `is_recalled`: a call that found the line busy or nobody there, and is made once more. `carrier_sid` is the
    carrier's id of it, `other_sid` that of another request for the same.
    """

    key: str
    token: str
    kind: DeliveryKind
    priority: Priority
    channel: Channel
    to_number: str
    from_number: str
    created_at: datetime
    due_at: datetime | None
    encounter_id: int | None = None
    page_id: int | None = None
    responder: str | None = None
    round: int | None = None
    rung: int | None = None
    body: str | None = None
    expires_at: datetime | None = None
    state: DeliveryState = DeliveryState.QUEUED
    attempts: int = 0
    left_at: datetime | None = None
    lease_until: datetime | None = None
    carrier_sid: str | None = None
    other_sid: str | None = None
    ended_at: datetime | None = None
    is_refused: bool = False
    is_lasting: bool = False
    is_recalled: bool = False
    error: str | None = None
    id: int = field(init=False)

    def become(self, state: DeliveryState) -> bool:
        """Change state where the table allows it and return whether it did: receipts come in any order."""
        if state not in TRANSITIONS[self.state]:
            return False
        self.state = state
        return True

    def note_sid(self, sid: str) -> None:
        """Keep the carrier's id; where another is known already, as that of another request for the same."""
        if self.carrier_sid is None:
            self.carrier_sid = sid
        elif sid not in ("", self.carrier_sid):
            self.other_sid = sid


def paging_key(page_id: int, round_: int, rung: int, responder: str, channel: Channel) -> str:
    """Return the key of a paging delivery."""
    return f"page:{page_id}:{round_}:{rung}:{responder}:{channel.value}"


def other_key(cause: str, to_number: str, channel: Channel) -> str:
    """Return the key of any other delivery; `cause` names the event that it follows from."""
    return f"{cause}:{to_number}:{channel.value}"

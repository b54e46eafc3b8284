"""What the sandbox carrier remembers: its account, telephones, messages and calls."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from pager.sandbox.twiml import Gather, Verb

E164 = re.compile(r"\+[1-9]\d{6,14}")


def new_sid(prefix: str) -> str:
    """Return a sid as the carrier makes them: two letters and 32 hexadecimal digits."""
    return prefix + secrets.token_hex(16)


class Refusal(Exception):
    """The carrier says no: answered as `http_status` with its own numeric `code`."""

    def __init__(self, http_status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.http_status = http_status
        self.code = code
        self.message = message


class Mistake(Exception):
    """Somebody at the wall asked for what cannot be done; the text says why, in their words."""


@dataclass(frozen=True)
class Account:
    """Whose carrier this is, and the numbers it sends from (E.164)."""

    sid: str
    token: str
    numbers: tuple[str, ...]


@dataclass(frozen=True)
class Pace:
    """How long things take. The default is no time at all, for tests that move the clock themselves."""

    sent: timedelta = timedelta()
    delivered: timedelta = timedelta()
    dialled: timedelta = timedelta()
    ringing: timedelta = timedelta()
    word: timedelta = timedelta()

    def speaking(self, text: str) -> timedelta:
        """Return how long it takes to say `text`."""
        return self.word * len(text.split())


LIFELIKE = Pace(
    sent=timedelta(milliseconds=200),
    delivered=timedelta(milliseconds=700),
    dialled=timedelta(milliseconds=200),
    ringing=timedelta(seconds=1),
    word=timedelta(milliseconds=300),
)


class ReceiptMode(StrEnum):
    """How status callbacks reach the application."""

    NORMAL = "normal"
    NONE = "none"
    DOUBLED = "doubled"
    REVERSED = "reversed"


@dataclass
class Receipts:
    """Where the status callbacks of one message or call go; reversed ones are held until its last."""

    url: str
    mode: ReceiptMode = ReceiptMode.NORMAL
    held: list[dict[str, str]] = field(default_factory=list)


@dataclass
class Telephone:
    """One telephone on the wall. `id` names it in pages, so that no URL holds a number."""

    id: str
    number: str
    label: str
    group: str
    seen_at: datetime | None = None


@dataclass
class Message:
    """One SMS. `body` is what the carrier holds (it can be redacted), `text` what the telephone shows."""

    sid: str
    from_: str
    to: str
    body: str
    text: str
    direction: str
    status: str
    created_at: datetime
    updated_at: datetime
    receipts: Receipts
    validity: timedelta
    listed_at: datetime
    sent_at: datetime | None = None
    arrived_at: datetime | None = None
    error_code: int | None = None
    fate: str = "delivered"
    fate_code: int | None = None

    @property
    def is_final(self) -> bool:
        return self.status in {"delivered", "undelivered", "failed", "received"}


@dataclass
class Call:
    """One call. `heard` is what was said on it; `gather` is set while it listens for keys.

    `script` and `rest` are the verbs still to follow: now, and once the keys have been waited for. `turn` grows
    whenever the call takes another course, so that what was planned for an earlier one comes to nothing.
    """

    sid: str
    from_: str
    to: str
    direction: str
    status: str
    created_at: datetime
    updated_at: datetime
    url: str
    receipts: Receipts
    events: frozenset[str]
    timeout: timedelta
    listed_at: datetime
    twiml: str = ""
    started_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    is_machine: bool = False
    fate: str = "rings"
    fate_code: int | None = None
    sequence: int = 0
    turn: int = 0
    document_url: str = ""
    script: list[Verb] = field(default_factory=list)
    rest: list[Verb] = field(default_factory=list)
    gather: Gather | None = None
    digits: str = ""
    pressed: str = ""
    heard: list[str] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None

    @property
    def telephone_number(self) -> str:
        """The number of the telephone, whichever side dialled."""
        return self.from_ if self.direction == "inbound" else self.to

    @property
    def duration(self) -> int:
        """Whole seconds from the answer to the end; 0 where nobody answered."""
        if self.answered_at is None or self.ended_at is None:
            return 0
        return int((self.ended_at - self.answered_at).total_seconds())

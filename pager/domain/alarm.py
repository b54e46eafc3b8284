"""Something is wrong with the service itself or with how it reaches somebody, and people are to know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class ClockJumped:
    """A machine's clock was set; `seconds` is how far, below 0 back."""

    seconds: float


@dataclass(frozen=True)
class OptedOut:
    """A responder takes no SMS any more. `agency` is its short name; `sender` is the number to send START to."""

    responder: str
    agency: str
    sender: str


Alarm = ClockJumped | OptedOut


def once_an_hour(subject: str, at: datetime) -> str:
    """Return a cause that is the same for all alarms about one subject within one hour (of UTC)."""
    return f"alarm:{subject}:{at.astimezone(UTC):%Y%m%d%H}"

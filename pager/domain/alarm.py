"""Something is wrong with the service itself, and people are to know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum


class AlarmKind(StrEnum):
    """What is wrong; of each kind people are told once an hour."""

    CLOCK = "clock"  # a machine's clock was set


@dataclass(frozen=True)
class Alarm:
    """What is wrong. `seconds` is how far the clock jumped, below 0 back."""

    kind: AlarmKind
    seconds: float


def alarm_cause(kind: AlarmKind, at: datetime) -> str:
    """Return what makes alarms of one kind within one hour (of UTC) the same."""
    return f"alarm:{kind.value}:{at.astimezone(UTC):%Y%m%d%H}"

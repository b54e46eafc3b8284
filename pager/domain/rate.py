"""How fast the carrier lets us send: each number so many messages a second, the account so many calls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

CALLS = "calls"


@dataclass(frozen=True)
class Rates:
    """Messages a second of each sending number, calls a second of the account; 0: no limit."""

    messages: float
    calls: float


def group(rate: float) -> int:
    """Return how many go together; above 10 a second a transaction for each would cost more than it orders."""
    return max(1, int(rate / 10))


def slots(free_at: datetime | None, now: datetime, rate: float) -> int:
    """Return how many may go now, where the next may go at `free_at` (None: at once); `rate` is above 0."""
    return 0 if free_at is not None and free_at > now else group(rate)


def next_free_at(now: datetime, rate: float) -> datetime:
    """Return when the next group may go after one went now, so that no second holds more than the rate."""
    size = group(rate)
    groups_a_second = rate if size == 1 else rate // size
    return now + timedelta(seconds=1 / groups_a_second)

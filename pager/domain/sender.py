"""Which of our numbers writes to whom."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32


def sender_for(number: str, senders: Sequence[str]) -> str:
    """Return the sending number for `number`: always the same one, so that a person knows it.

    Empty where none is known: a process that only opens encounters needs no sending number.
    """
    if not senders:
        return ""
    return senders[crc32(number.encode()) % len(senders)]


def next_sender(sender: str | None, senders: Sequence[str]) -> str:
    """Return the sending number to try after `sender` was of no use."""
    return senders[(senders.index(sender) + 1) % len(senders)] if sender in senders else (sender or "")

"""Which of our numbers writes to whom."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32


def sender_for(number: str, senders: Sequence[str], attempt: int) -> str:
    """Return the sending number for `number`: always the same one at first, the next one at each further attempt."""
    return senders[(crc32(number.encode()) + attempt) % len(senders)]

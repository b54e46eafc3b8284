"""How long to wait before a request to the carrier is made again."""

from __future__ import annotations

from datetime import timedelta
from zlib import crc32

FIRST = timedelta(seconds=1)
LONGEST = timedelta(seconds=30)


def pause_before(attempts: int, token: str) -> timedelta:
    """Return the pause after `attempts` requests: doubled each time, up to half a minute.

    Spread by up to a half either way, so that what failed together does not come back together; the spread follows
    from the delivery's token, so it is the same wherever it is computed.
    """
    pause: timedelta = min(FIRST * 2 ** min(attempts - 1, 10), LONGEST)
    spread = 0.5 + crc32(f"{token}:{attempts}".encode()) / 0xFFFFFFFF
    return pause * spread

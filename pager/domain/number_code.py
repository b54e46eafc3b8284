"""A code that was sent to a number: whoever can type it in has the telephone, so the number is verified."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from pager.domain.directory import Channel

DIGITS = 6
GOOD_FOR = timedelta(minutes=15)
TRIES = 5
PAUSE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
MOST_AN_HOUR = 5


@dataclass
class NumberCode:
    """The code that was last sent to a responder on a channel, as a hash; `tries` counts the wrong ones typed in."""

    responder: str
    channel: Channel
    number: str
    hash: str
    sent_at: datetime
    tries: int = 0

    def is_good(self, number: str | None, now: datetime) -> bool:
        """Tell whether it can still be typed in for what is the number now."""
        return number == self.number and now < self.sent_at + GOOD_FOR and self.tries < TRIES

    def is_it(self, typed: str) -> bool:
        """Tell whether this is the code; blanks and dashes do not matter."""
        return hmac.compare_digest(hash_code(_digits(typed), self.number), self.hash)


def make_code(choose: Callable[[str], str]) -> str:
    """Return a new code; `choose` picks one character of a string at random."""
    return "".join(choose("0123456789") for _ in range(DIGITS))


def may_be_code(typed: str) -> bool:
    """Tell whether something has as many digits as a code."""
    return len(_digits(typed)) == DIGITS


def _digits(typed: str) -> str:
    return "".join(character for character in typed if character.isdecimal())


def hash_code(code: str, number: str) -> str:
    """Return what is kept of a code: of no use for another number."""
    return hmac.new(number.encode(), code.encode(), sha256).hexdigest()


def next_at(sent: Sequence[datetime], now: datetime) -> datetime:
    """Return from when on a number may be sent a code again; `sent` is when it was, in the last hour and in order."""
    allowed = [now]
    if sent:
        allowed.append(sent[-1] + PAUSE)
    if len(sent) >= MOST_AN_HOUR:
        allowed.append(sent[-MOST_AN_HOUR] + HOUR)
    return max(allowed)

"""What people write in files and forms: codes, names, days. Each says what would be right where it is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import NamedTuple, TypeVar

from pager.domain.local_time import FIRST_YEAR, LAST_YEAR

_YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
Value = TypeVar("Value")


class Mistake(NamedTuple):
    """What is wrong with a field of what somebody wrote, and what would be right."""

    field: str
    text: str


class DraftError(ValueError):
    """What somebody wrote cannot be used. Holds every mistake."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("; ".join(f"{field}: {text}" for field, text in self.mistakes))


def read_field(field: str, reader: Callable[[str], Value], text: str, mistakes: list[Mistake]) -> Value | None:
    """Return what a reader makes of a form's field; where it cannot, None, and what is wrong is among the mistakes."""
    try:
        return reader(text)
    except ValueError as error:
        mistakes.append(Mistake(field, str(error)))
        return None


def read_code(text: str) -> str:
    """Return a code or an id, like `dcfs-ana`. Raises ValueError."""
    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,39}", text):
        raise ValueError(f"{text} should be small letters, digits, - and _ only (40 at most), a letter first")
    return text


def read_line(text: str) -> str:
    """Return a name without blanks around it. Raises ValueError."""
    text = text.strip()
    if not text or len(text) > 100 or not text.isprintable():
        raise ValueError("should be one line of 1 to 100 characters")
    return text


def read_day(text: str) -> date:
    """Return a day that was written like 2026-01-31. Raises ValueError."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError(f"{text} is not a day; write it like 2026-01-31")
    return on_the_calendar(text).date()


def on_the_calendar(text: str) -> datetime:
    """Return a day or a local time of it in ISO 8601. Raises ValueError for one that does not exist, or is far off."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text} does not exist: {error}") from None
    if time.year not in _YEARS:
        raise ValueError(f"{text} should lie in a year from {_YEARS[0]} to {_YEARS[-1]}")
    return time

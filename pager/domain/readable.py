"""How times, telephone numbers and amounts are written in messages and pages, and spoken in calls."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime


def clock_time(at: datetime) -> str:
    """Return a time of day as messages print it, e.g. "3:45pm"."""
    return f"{at.hour % 12 or 12}:{at.minute:02}{'am' if at.hour < 12 else 'pm'}"


def day_and_time(at: datetime) -> str:
    """Return a day and a time of it as pages and messages print them, e.g. "Mon Mar 2, 3:45pm"."""
    return f"{at:%a %b} {at.day}, {clock_time(at)}"


def day_and_year(day: date) -> str:
    """Return a day as pages write it, e.g. "Mar 2, 2026"."""
    return f"{day:%b} {day.day}, {day.year}"


def counted(number: int, word: str) -> str:
    """Return how many there are of something, e.g. "1 gap", "2 gaps"."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def alternatives(words: Sequence[str]) -> str:
    """Return what one may choose from, e.g. "primary, backup or supervisor"."""
    return " or ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


def spoken_time(at: datetime) -> str:
    """Return a time of day for speech, e.g. "3:45 PM"."""
    return f"{at.hour % 12 or 12}:{at.minute:02} {'AM' if at.hour < 12 else 'PM'}"


def full_number(e164: str, extension: str | None) -> str:
    """Return a callback as it is passed on: E.164, and the extension behind it, e.g. "+13105550100 x123"."""
    return f"{e164} x{extension}" if extension else e164


def readable_number(callback: str) -> str:
    """Return a callback for reading, numbers of the US as 310-555-0100, others as they are."""
    number, extension = _split_extension(callback)
    if _is_us(number):
        number = f"{number[2:5]}-{number[5:8]}-{number[8:]}"
    return f"{number} x{extension}" if extension else number


def spoken_number(callback: str) -> str:
    """Return a callback digit by digit for speech, with pauses, e.g. "3 1 0, 5 5 5, 0 1 0 0, extension 1 2"."""
    number, extension = _split_extension(callback)
    groups = [number[2:5], number[5:8], number[8:]] if _is_us(number) else ["plus", number.removeprefix("+")]
    spoken = ", ".join(group if group == "plus" else " ".join(group) for group in groups)
    return f"{spoken}, extension {' '.join(extension)}" if extension else spoken


def _split_extension(callback: str) -> tuple[str, str]:
    number, _, extension = callback.partition(" x")
    return number.strip(), extension.strip()


def _is_us(number: str) -> bool:
    return number.startswith("+1") and len(number) == len("+13105550100") and number[1:].isdecimal()

"""Local time as people write it, and the instant that it is: some come twice a year, and some never."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import IntEnum
from zoneinfo import ZoneInfo

FIRST_YEAR, LAST_YEAR = 1970, 2200


class Which(IntEnum):
    """Which one is meant of a local time that comes twice, because the clocks go back over it."""

    FIRST = 0
    SECOND = 1


class LocalTimeError(ValueError):
    """A local time that is no instant, or two: the text says what would be right."""


class NonexistentTimeError(LocalTimeError):
    """A local time that the clocks jump over at a change to daylight saving time."""


class AmbiguousTimeError(LocalTimeError):
    """A local time that comes twice, and nobody has said which one is meant."""


def instant(local: datetime, zone: ZoneInfo, which: Which = Which.FIRST) -> datetime:
    """Return the UTC instant of a local time; of a time that comes twice, the first unless `which` says otherwise.

    Raises NonexistentTimeError for a time that the clocks jump over.
    """
    at = local.replace(tzinfo=zone, fold=which).astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None, fold=0) != local.replace(fold=0):
        raise NonexistentTimeError(f"{shown(local)} does not exist in {zone.key}: the clocks jump over it")
    return at


def is_ambiguous(local: datetime, zone: ZoneInfo) -> bool:
    """Tell whether a local time comes twice, because the clocks go back over it."""
    first, second = (local.replace(tzinfo=zone, fold=which).utcoffset() for which in Which)
    return first is not None and second is not None and first > second


def after_the_jump(local: datetime, zone: ZoneInfo) -> datetime:
    """Return what the clocks show at a local time that they jump over: 02:30 is 03:30."""
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC).astimezone(zone).replace(tzinfo=None)


def read_local(text: str, zone: ZoneInfo, which: Which | None = None) -> tuple[datetime, datetime]:
    """Return a local time that was written like 2026-07-04T18:00, without a zone, and its instant.

    Of a time that comes twice the offset behind it, like 2026-11-01T01:30-08:00, or `which` says which one is meant.
    Raises LocalTimeError: it is no time, or does not exist, or comes twice and nothing says which (AmbiguousTimeError).
    """
    written = _written(text)
    local = written.replace(tzinfo=None, fold=0)
    check_year(local)
    if written.tzinfo is not None:
        at = written.astimezone(UTC)
        if at.astimezone(zone).replace(tzinfo=None, fold=0) != local:
            raise LocalTimeError(f"{text.strip()} is not local time in {zone.key}; write it without the offset")
        return local, at
    try:
        at = instant(local, zone, which or Which.FIRST)
    except NonexistentTimeError as error:
        raise NonexistentTimeError(f"{error}; write {shown(after_the_jump(local, zone))}") from None
    if which is None and is_ambiguous(local, zone):
        first, second = (local.replace(tzinfo=zone, fold=one).isoformat(timespec="minutes") for one in Which)
        raise AmbiguousTimeError(
            f"{shown(local)} comes twice in {zone.key}, as the clocks go back; write {first} for the first or {second} "
            "for the second"
        )
    return local, at


def check_year(local: datetime) -> None:
    """Raise LocalTimeError for a year in which nobody is on call: a slip, or none that can be reckoned with."""
    if not FIRST_YEAR <= local.year <= LAST_YEAR:
        raise LocalTimeError(f"{shown(local)} is out of the calendar; write a year from {FIRST_YEAR} to {LAST_YEAR}")


def _written(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text.strip())
        at.astimezone(UTC)  # a year at either end of the calendar is none in UTC
    except (ValueError, OverflowError):
        raise LocalTimeError(f"{text.strip()[:40] or 'nothing'} is no time; write it like 2026-07-04T18:00") from None
    return at


def shown(local: datetime) -> str:
    """Write a local time as people write it in files: 2026-07-04T18:00."""
    return local.replace(tzinfo=None).isoformat(timespec="minutes")


def told(local: datetime, at: datetime, zone: ZoneInfo) -> str:
    """Write a local time so that `read_local` reads it as the instant `at`: with its offset where it comes twice, with
    its seconds where it has any.
    """
    exact = at.astimezone(zone) if is_ambiguous(local, zone) else local.replace(tzinfo=None)
    return exact.isoformat(timespec="auto" if local.second or local.microsecond else "minutes")

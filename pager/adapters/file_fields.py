"""The kinds of values that policy and directory files hold; each says what would be right where it is wrong."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers
from pydantic import AfterValidator, PlainValidator, ValidationInfo

from pager.adapters.checked_file import did_you_mean, shown
from pager.domain.policy import parse_duration
from pager.domain.rotation import LONGEST, SHORTEST
from pager.domain.written import on_the_calendar, read_code, read_day, read_line


def read_number(text: str, region: str) -> str:
    """Return a telephone number as E.164; `310-555-0100` is read as one of `region`. Raises ValueError otherwise.

    It has to be possible, not assigned: whether it rings is for the monthly contact test to find out.
    """
    try:
        if re.search(r"[^\d\s+().\-/]", text):
            raise ValueError
        number = phonenumbers.parse(text, region)
        if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
            raise ValueError
    except (phonenumbers.NumberParseException, ValueError):
        raise ValueError(
            f'{text} is not a telephone number; write it like "+12135550101", without an extension'
        ) from None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _duration(value: object) -> timedelta:
    if not isinstance(value, str):
        raise ValueError(f"{shown(value)} is not a duration; write it like 90s, 15m or 72h")
    return parse_duration(value)


def _turn(value: object) -> timedelta:
    found = re.fullmatch(r"([1-9][0-9]{0,3})([hd])", shown(value))
    length = timedelta(**{{"h": "hours", "d": "days"}[found[2]]: int(found[1])}) if found else timedelta(0)
    if not SHORTEST <= length <= LONGEST:
        raise ValueError(f"{shown(value)} is not the length of a turn; write it like 12h, 1d or 7d, a year at most")
    return length


def _positive(duration: timedelta) -> timedelta:
    if not duration:
        raise ValueError("should be longer than nothing")
    return duration


def _number(value: object, info: ValidationInfo) -> str:
    return read_number(shown(value), info.context["region"] if info.context else "")


def _zone(value: object) -> str:
    name = shown(value)
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        hint = did_you_mean(name, available_timezones()) or "; write it like America/Los_Angeles"
        raise ValueError(f"{name} is not a time zone{hint}") from None
    return name


def _local_time(value: object) -> datetime:
    text = shown(value)
    if re.fullmatch(r".+[0-9](Z|\s*[+-][0-9]{1,2}(:?[0-9]{2})?)", text) and ":" in text:
        raise ValueError(f"{text} names a zone; write the agency's local time without one, like 2026-01-31T08:00")
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?", text):
        raise ValueError(f"{text} is not a local time; write it like 2026-01-31T08:00")
    return on_the_calendar(text)


Slug = Annotated[str, AfterValidator(read_code)]
Text = Annotated[str, AfterValidator(read_line)]
Duration = Annotated[timedelta, PlainValidator(_duration)]
LongDuration = Annotated[timedelta, PlainValidator(_duration), AfterValidator(_positive)]
Turn = Annotated[timedelta, PlainValidator(_turn)]
Number = Annotated[str, PlainValidator(_number)]
Zone = Annotated[str, PlainValidator(_zone)]
Day = Annotated[date, PlainValidator(lambda value: read_day(shown(value)))]
LocalTime = Annotated[datetime, PlainValidator(_local_time)]

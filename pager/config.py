"""The settings: read once from the environment or `.env`, complete or refused with everything that is wrong."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from dotenv import dotenv_values

ROOT = Path(__file__).resolve().parent.parent


class SettingsError(Exception):
    """Settings that are missing or wrong: its text names each, one a line."""


def _text(value: str) -> str:
    return value.strip()


_E164 = re.compile(r"\+[1-9]\d{6,14}")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]")
_FERNET_KEY = re.compile(r"[A-Za-z0-9_-]{43}=")
_MOST_DAYS = 36_500
_RELATIVE_SQLITE = re.compile(r"sqlite(\+\w+)?:///(?!/|:memory:)")


def _database_url(value: str) -> str:
    """Return the URL; a SQLite file without a leading slash lies under the project root, wherever it is read."""
    return _RELATIVE_SQLITE.sub(lambda match: f"{match[0]}{ROOT}/", value.strip())


def _numbers(value: str) -> tuple[str, ...]:
    numbers = tuple(number.strip() for number in value.split(",") if number.strip())
    for number in numbers:
        if not _E164.fullmatch(number):
            raise ValueError(f"holds {number}; write each number like +12135550190, separated by commas")
    return numbers


def _path(value: str) -> Path:
    return ROOT / value.strip()


def _zone(value: str) -> ZoneInfo:
    try:
        return ZoneInfo(value.strip())
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError("is not a time zone; write it like America/Los_Angeles") from error


def _region(value: str) -> str:
    region = value.strip().upper()
    if region not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError("is not a region of telephone numbers; write it like US")
    return region


def _switch(value: str) -> bool:
    if value.strip().lower() not in ("on", "off"):
        raise ValueError("must be on or off")
    return value.strip().lower() == "on"


def _rate(value: str) -> float:
    try:
        rate = float(value)
    except ValueError as error:
        raise ValueError("must be a number, 0 for no limit") from error
    if not 0 <= rate < 1_000:
        raise ValueError("must be 0 (no limit) or more, and below 1000")
    return rate


def _address(value: str) -> str:
    """Return the address of a page, as it stands: to some servers a slash at its end matters."""
    address = value.strip()
    if not address.startswith(("http://", "https://")):
        raise ValueError("must begin with http:// or https://")
    return address


def _url(value: str) -> str:
    return _address(value).rstrip("/")


def _monitor(value: str) -> str:
    parts = urlsplit(_address(value))
    if parts.hostname is None:
        raise ValueError("names no host")
    if parts.username is not None or parts.password is not None:
        raise ValueError("must not hold a user name or a password before the host")
    return _address(value)


def _hosts(value: str) -> tuple[str, ...]:
    hosts = tuple(host.strip().lower() for host in value.split(",") if host.strip())
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise ValueError(f"holds {host}; write each name like pager.example.org, without http:// and port")
    return hosts


def _fernet_keys(value: str) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in value.split(",") if key.strip())
    if not all(_FERNET_KEY.fullmatch(key) for key in keys):
        raise ValueError("holds what is no key; `pager secrets new` makes one")
    return keys


def _days(value: str) -> timedelta:
    if not value.isdecimal() or not 1 <= int(value) <= _MOST_DAYS:
        raise ValueError(f"must be a number of days from 1 to {_MOST_DAYS}")
    return timedelta(days=int(value))


def _setting(name: str, default: Any, read: Callable[[str], Any] = _text) -> Any:
    return field(default=default, metadata={"env": name, "read": read})


@dataclass(frozen=True)
class Settings:
    """Every setting, with its default; INTERFACE "Settings" says what each means."""

    database_url: str = _setting("PAGER_DATABASE_URL", f"sqlite:///{ROOT / 'instance' / 'pager.db'}", _database_url)
    secret_key: str | None = _setting("PAGER_SECRET_KEY", None)
    public_url: str = _setting("PAGER_PUBLIC_URL", "http://127.0.0.1:8000", _url)
    policies: Path = _setting("PAGER_POLICIES", ROOT / "escalation_policies", _path)
    hosts: tuple[str, ...] = _setting("PAGER_HOSTS", (), _hosts)
    encryption_keys: tuple[str, ...] = _setting("PAGER_ENCRYPTION_KEYS", (), _fernet_keys)
    retention: timedelta = _setting("PAGER_RETENTION_DAYS", timedelta(days=730), _days)
    timezone: ZoneInfo = _setting("PAGER_TIMEZONE", ZoneInfo("America/Los_Angeles"), _zone)
    region: str = _setting("PAGER_REGION", "US", _region)
    alarm_to: tuple[str, ...] = _setting("PAGER_ALARM_TO", (), _numbers)
    fallback_text: str = _setting(
        "PAGER_FALLBACK_TEXT", "Nobody has been paged. Telephone the agencies now, by the printed list."
    )
    runs_engine: bool = _setting("PAGER_ENGINE", True, _switch)
    heartbeat_url: str | None = _setting("PAGER_HEARTBEAT_URL", None, _monitor)
    account_sid: str | None = _setting("TWILIO_ACCOUNT_SID", None)
    auth_token: str | None = _setting("TWILIO_AUTH_TOKEN", None)
    second_auth_token: str | None = _setting("TWILIO_AUTH_TOKEN_SECONDARY", None)
    senders: tuple[str, ...] = _setting("TWILIO_FROM", (), _numbers)
    messages_per_second: float = _setting("PAGER_MESSAGES_PER_SECOND", 1.0, _rate)
    calls_per_second: float = _setting("PAGER_CALLS_PER_SECOND", 1.0, _rate)
    twilio_api_url: str | None = _setting("TWILIO_API_URL", None, _url)

    @property
    def auth_tokens(self) -> tuple[str, ...]:
        """The account's auth tokens: two while they are being exchanged."""
        return tuple(token for token in (self.auth_token, self.second_auth_token) if token)


SETTINGS = tuple(one.metadata["env"] for one in fields(Settings))
REQUIRED_TO_SERVE = ("PAGER_SECRET_KEY", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM")
REQUIRED_TO_WORK = REQUIRED_TO_SERVE[1:]


def _emptied(values: Mapping[str, Any]) -> set[str]:
    """Return the settings that were given and hold nothing, such as a list of commas."""
    return {one.metadata["env"] for one in fields(Settings) if values.get(one.name) == ()}


def environment() -> dict[str, str]:
    """Return the environment, over what `.env` in the project root or the working directory says."""
    found: dict[str, str] = {}
    for path in (ROOT / ".env", Path.cwd() / ".env"):
        found.update({name: value for name, value in dotenv_values(path).items() if value is not None})
    return {**found, **os.environ}


def read_settings(env: Mapping[str, str], required: tuple[str, ...] = ()) -> Settings:
    """Read the settings; an empty one counts as not given. Raises SettingsError with all that is missing or wrong."""
    values, problems = {}, []
    for one in fields(Settings):
        name = one.metadata["env"]
        text = env.get(name, "").strip()
        if not text:
            if name in required:
                problems.append(f"{name} is missing")
            continue
        try:
            values[one.name] = one.metadata["read"](text)
        except ValueError as error:
            problems.append(f"{name} {error}")
    problems += [f"{name} is missing" for name in required if name in _emptied(values)]
    if problems:
        raise SettingsError("\n".join(problems))
    return Settings(**values)

"""What a trigger asks for. Of its content only the station and the callback can refuse a page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pager.domain.encounter import Updates
from pager.domain.redaction import check_note

FIELDS = ("station", "callback", "leave_out", "note", "drill", "updates")
_NAMEABLE = re.compile(r"[a-z_]{1,32}")


class RefusedError(Exception):
    """A page that cannot go out. `field` is at fault, the text says what would be right."""

    def __init__(self, field_name: str, problem: str) -> None:
        super().__init__(f"{field_name} {problem}")
        self.field = field_name


@dataclass(frozen=True)
class TriggerRequest:
    """A trigger as it was understood; `warnings` name what was left out unread."""

    station: str
    callback: str
    leave_out: tuple[str, ...] = ()
    note: str | None = None
    is_drill: bool = False
    updates: Updates = Updates.VOICE
    warnings: tuple[str, ...] = field(default=())


def read_trigger(body: Mapping[str, Any], known_callback: str | None = None) -> TriggerRequest:
    """Read a trigger's JSON object; raises RefusedError for a station or callback that is missing or no text.

    `known_callback` is the callback in E.164 where it could be read: a note may hold it.
    """
    warnings = [_unknown(name) for name in body if name not in FIELDS]
    return TriggerRequest(
        station=_required(body, "station"),
        callback=_required(body, "callback"),
        leave_out=_leave_out(body, warnings),
        note=_note(body, known_callback, warnings),
        is_drill=_drill(body, warnings),
        updates=_updates(body, warnings),
        warnings=tuple(warnings),
    )


def _required(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    if value is None:
        raise RefusedError(name, "is missing")
    if not isinstance(value, str) or not value.strip():
        raise RefusedError(name, "must be a text")
    return value.strip()


def _unknown(name: str) -> str:
    return f"unknown field left out: {name}" if _NAMEABLE.fullmatch(name) else "an unknown field was left out"


def _leave_out(body: Mapping[str, Any], warnings: list[str]) -> tuple[str, ...]:
    value = body.get("leave_out")
    if value is None:
        return ()
    if isinstance(value, list) and all(isinstance(code, str) for code in value):
        return tuple(value)
    warnings.append("leave_out left out: it must be a list of agency codes; every agency is paged")
    return ()


def _note(body: Mapping[str, Any], callback: str | None, warnings: list[str]) -> str | None:
    value = body.get("note")
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        warnings.append("note left out: it must be a text")
        return None
    objection = check_note(value, callback)
    if objection is None:
        return value
    warnings.append(f"note left out: {objection}")
    return None


def _drill(body: Mapping[str, Any], warnings: list[str]) -> bool:
    value = body.get("drill", False)
    if isinstance(value, bool):
        return value
    if value is not None:
        warnings.append("drill left out: it must be true or false; this is no drill")
    return False


def _updates(body: Mapping[str, Any], warnings: list[str]) -> Updates:
    value = body.get("updates")
    if isinstance(value, str) and value in set(Updates):
        return Updates(value)
    if value is not None:
        warnings.append("updates left out: it must be voice, sms or none; the callback is called")
    return Updates.VOICE

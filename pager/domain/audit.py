"""The audit: who changed what about people, rosters, stations, keys and users, and how it was before."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any


@dataclass(frozen=True)
class AuditEntry:
    """One change. `by` is a user's email, `key NAME`, or the command that was used, e.g. `pager load`.

    `what` is a kind of thing (`responder`, `shift`, `station`, `key`, `user`, …), `name` which one of them it is, and
    `agency` whose it is, None where it is nobody's. `before` and `after` hold the fields that differ, as plain JSON
    types: an empty `before` is something new, an empty `after` something removed.
    """

    at: datetime
    by: str
    what: str
    name: str
    agency: str | None
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_by_user(self) -> bool:
        """Whether somebody did it in the browser: by an email, which is in no name of a command or a key."""
        return "@" in self.by and " " not in self.by


def difference(old: Any, new: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the fields in which two dataclasses of one kind differ, before and after, as plain JSON types.

    None stands for not being there: what the other one's fields hold is returned then.
    """
    before, after = ({} if one is None else _plain_fields(one) for one in (old, new))
    return differing(before, after)


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what of each is otherwise, or not there, in the other."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return (
        {name: before[name] for name in names if name in before},
        {name: after[name] for name in names if name in after},
    )


def fingerprint(one: Any) -> str:
    """Return a short text that is another one as soon as a field of a dataclass is: what somebody has seen of it."""
    return sha256(json.dumps(_plain_fields(one), sort_keys=True).encode()).hexdigest()[:16]


def _plain_fields(one: Any) -> dict[str, Any]:
    return {field.name: _plain(getattr(one, field.name)) for field in fields(one) if field.compare}


def _plain(value: Any) -> Any:
    match value:
        case date():  # a datetime is one too
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case frozenset():
            return sorted(value)
        case tuple():
            return list(value)
    return value

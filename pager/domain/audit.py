"""The audit: who changed what about people, rosters, stations, keys and users, and how it was before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
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

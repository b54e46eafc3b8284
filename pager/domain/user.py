"""A user: somebody who signs in with a browser, and what their role lets them do."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What a user is there for."""

    ADMIN = "admin"  # the county: everything
    AGENCY_ADMIN = "agency_admin"  # one agency's people and rosters
    DISPATCHER = "dispatcher"  # opens encounters and acts on them
    VIEWER = "viewer"  # looks


@dataclass(eq=False)
class User:
    """Somebody who signs in. `email` is in lower case; `agency` is set for an agency's administrator and nobody else.

    `password` is a hash, None until the user has set one by a link. `sms` is where warnings go, E.164.
    """

    email: str
    role: Role
    created_at: datetime
    agency: str | None = None
    password: str | None = None
    sms: str | None = None
    is_active: bool = True
    id: int = field(init=False)


@dataclass(eq=False)
class Session:
    """One sign-in in one browser: the browser holds a secret, of which this keeps the hash."""

    hash: str
    user_id: int
    begun_at: datetime
    seen_at: datetime
    ended_at: datetime | None = None


@dataclass(eq=False)
class ResetLink:
    """A link by which one user may set a password, once, until `expires_at`; kept as the hash of its secret."""

    hash: str
    user_id: int
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None

"""A key of the API: who holds it may do what its scope says, for its stations; `authority` says what that is."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Scope(StrEnum):
    """What a key may do; `admin` includes the others."""

    TRIGGER = "trigger"
    READ = "read"
    ADMIN = "admin"


@dataclass(eq=False)
class ApiKey:
    """A key as it is kept: its secret only as a hash. No `stations` means every station."""

    name: str
    scope: str
    stations: frozenset[str]
    hash: str
    created_at: datetime
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None
    id: int = field(init=False)


def hash_secret(secret: str) -> str:
    """Return what is kept of a key. Keys are 256 random bits, so a plain SHA-256 cannot be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()

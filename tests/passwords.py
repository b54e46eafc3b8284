"""Passwords for tests: hashed in no time, and readable."""

from __future__ import annotations

from dataclasses import dataclass, field

GOOD = "gate otter 11 lamps"
OTHER = "lamp otter 22 gates"


@dataclass
class FakePasswords:
    """A hash is the password behind the way in which it was hashed; `checked` are the hashes looked at."""

    way: str = "plain"
    checked: list[str | None] = field(default_factory=list)

    def hash(self, password: str) -> str:
        return f"{self.way}:{password}"

    def is_right(self, password: str, hash_: str | None) -> bool:
        self.checked.append(hash_)
        return hash_ is not None and hash_.partition(":")[2] == password

    def is_outdated(self, hash_: str) -> bool:
        return hash_.partition(":")[0] != self.way

"""What warnings of gaps need from the database, as an interface."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from pager.domain.coverage_warning import Warned


class CoverageWarnings(Protocol):
    """What people were warned of, and when the rosters were looked over last: whoever begins a look does it alone.

    `begin_look` begins one if the last one still began at `last`, and tells whether it did. `lock_look` tells whether
    none has begun since that one, and none does until this unit of work ends. `replace` raises StoreConflictError
    where another has told of the same, then or later.
    """

    def last_look_at(self) -> datetime | None: ...
    def begin_look(self, last: datetime | None, now: datetime) -> bool: ...
    def lock_look(self, begun_at: datetime) -> bool: ...
    def all(self) -> frozenset[Warned]: ...
    def replace(self, gone: Collection[Warned], come: Collection[Warned]) -> None: ...

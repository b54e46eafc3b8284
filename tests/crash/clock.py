"""A clock that several processes share and a test moves: it shows when a file was last touched."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

SECOND = 1_000_000_000  # in nanoseconds


@dataclass(frozen=True)
class FileClock:
    """Stands still until `set` or `move`, which every process that has the file sees at once."""

    path: Path

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.path.stat().st_mtime_ns / SECOND, UTC)

    def set(self, at: datetime) -> None:
        """Show `at`, in whole seconds."""
        nanoseconds = int(at.timestamp()) * SECOND
        if not self.path.exists():
            self.path.touch()  # not of a file that is there: for a moment it would show the machine's time
        os.utime(self.path, ns=(nanoseconds, nanoseconds))

    def move(self, by: timedelta) -> None:
        self.set(self.now() + by)

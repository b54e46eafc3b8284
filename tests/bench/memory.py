"""What memory a process takes of the machine."""

from __future__ import annotations

import re
from pathlib import Path


def megabytes(pid: int) -> float:
    """Return the resident memory of a process (RSS), in units of a million bytes."""
    found = re.search(r"^VmRSS:\s+(\d+) kB$", Path(f"/proc/{pid}/status").read_text(), flags=re.MULTILINE)
    assert found is not None
    return int(found[1]) * 1_024 / 1_000_000

"""What a process takes of the machine: memory, and the processors' time, which depends least on who else is busy."""

from __future__ import annotations

import os
import re
from pathlib import Path


def megabytes(pid: int) -> float:
    """Return the resident memory of a process (RSS), in units of a million bytes."""
    found = re.search(r"^VmRSS:\s+(\d+) kB$", Path(f"/proc/{pid}/status").read_text(), flags=re.MULTILINE)
    assert found is not None
    return int(found[1]) * 1_024 / 1_000_000


def processor_seconds(pid: int) -> float:
    """Return how long the processors have worked for a process until now."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    user, system = fields[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

"""How long a request takes: the middle of many, since machines are noisy."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

TIMES = 15


def milliseconds(ask: Callable[[], None]) -> float:
    """Return the median; the first request of a process, which compiles templates, does not count."""
    ask()
    return median(_timed(ask) for _ in range(TIMES)) * 1_000


def _timed(ask: Callable[[], None]) -> float:
    began = time.perf_counter()
    ask()
    return time.perf_counter() - began

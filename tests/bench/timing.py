"""How long something takes: the middle of many, since machines are noisy, and how long the slowest ones take."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from statistics import median

TIMES = 15


def milliseconds(ask: Callable[[], object], times: int = TIMES) -> float:
    """Return the median; the first request of a process, which compiles templates, does not count."""
    ask()
    return median(seconds(ask) for _ in range(times)) * 1_000


def seconds(what: Callable[[], object]) -> float:
    """Return how long something takes, once."""
    began = time.perf_counter()
    what()
    return time.perf_counter() - began


def p99(values: Sequence[float]) -> float:
    """Return what 99 of 100 do not exceed; of fewer than 100 it is the last but one."""
    return sorted(values)[max(0, int(0.99 * len(values)) - 1)]

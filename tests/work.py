"""How much work something is: by the processor's time, so that a busy machine makes no difference."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time


def work(what: Callable[[], object]) -> float:
    """Return the seconds of the processor's time that something takes, the least of three."""
    taken = []
    for _ in range(3):
        begun = process_time()
        what()
        taken.append(process_time() - begun)
    return min(taken)

"""The carrier's bad days: what it refuses, loses, delays, tells twice or too late."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from random import Random

from pager.sandbox.faults import Asked, Fault, FaultKind
from pager.sandbox.sandbox import Post, Sandbox
from tests.chaos.doubled import LONGEST_LAG
from tests.chaos.repeating import Repeating

LOOK_EVERY_SECONDS = 0.5
RECEIPTS = "/status"
IS_LATE, LATE_BY_SECONDS = 0.02, (0.5, 6.0)
LONGER_THAN_OUR_TIMEOUT_SECONDS = 9.5

# What may go wrong with a request to send, some of it together. Each meets the next such request or several.
SENDING: Mapping[str, Callable[[], list[Fault]]] = {
    "429": lambda: [Fault(FaultKind.REFUSE, times=3, http_status=429)],
    "500": lambda: [Fault(FaultKind.REFUSE, times=2, http_status=500)],
    "503": lambda: [Fault(FaultKind.REFUSE, times=2, http_status=503)],
    "slow": lambda: [Fault(FaultKind.DELAY, times=2, seconds=1.5)],
    "time-out": lambda: [Fault(FaultKind.DELAY, times=1, seconds=LONGER_THAN_OUR_TIMEOUT_SECONDS)],
    "answer lost": lambda: [Fault(FaultKind.LOSE, times=2)],
    "empty answer": lambda: [Fault(FaultKind.EMPTY, times=2)],
    "web page": lambda: [Fault(FaultKind.HTML, times=1)],
    "answer lost, no receipts": lambda: [Fault(FaultKind.LOSE, times=1), Fault(FaultKind.NO_RECEIPTS, times=1)],
    "answer lost, no receipts, lagging list": lambda: [
        Fault(FaultKind.LOSE, times=1),
        Fault(FaultKind.NO_RECEIPTS, times=1),
        Fault(FaultKind.LAG, times=1, seconds=LONGEST_LAG.total_seconds()),
    ],
    "no receipts": lambda: [Fault(FaultKind.NO_RECEIPTS, times=4)],
    "doubled receipts": lambda: [Fault(FaultKind.DOUBLED_RECEIPTS, times=6)],
    "reversed receipts": lambda: [Fault(FaultKind.REVERSED_RECEIPTS, times=6)],
}
# And with a look at its lists.
READING: Mapping[str, Callable[[], list[Fault]]] = {
    "list refused": lambda: [Fault(FaultKind.REFUSE, times=1, http_status=500)],
    "list too slow": lambda: [Fault(FaultKind.DELAY, times=1, seconds=LONGER_THAN_OUR_TIMEOUT_SECONDS)],
    "list cut off": lambda: [Fault(FaultKind.LOSE, times=1)],
}


class Weather:
    """Adds a fault now and then, until it is stopped; then everything works again."""

    def __init__(self, sandbox: Sandbox, random: Random) -> None:
        self._sandbox, self._random = sandbox, random
        self._thread = Repeating("weather", self._look, LOOK_EVERY_SECONDS)
        self._added: list[tuple[str, Fault, int]] = []
        self._late_receipts = 0
        self._is_over = False

    def start(self) -> None:
        self._sandbox.post = self._sometimes_late(self._sandbox.post)
        self._thread.start()

    def stop(self) -> None:
        self._thread.stop()
        self._is_over = True
        self._sandbox.clear_faults()

    def met(self) -> Counter[str]:
        """Return how often each fault was met."""
        met = Counter({"late receipts": self._late_receipts})
        for name, fault, times in self._added:
            met[name] += times - (fault.times or 0)
        return met

    def _look(self) -> None:
        self._add(SENDING, self._random.choice((Asked.MESSAGE, Asked.MESSAGE, Asked.CALL)))
        if self._random.random() < 0.3:
            self._add(READING, Asked.READ)

    def _add(self, faults: Mapping[str, Callable[[], list[Fault]]], on: Asked) -> None:
        name = self._random.choice(list(faults))
        for fault in faults[name]():
            fault.on = on
            self._added.append((name, fault, fault.times or 0))
            self._sandbox.add_fault(fault)

    def _sometimes_late(self, post: Post) -> Post:
        """A receipt, and what is posted after it by the same thread of the carrier, comes late."""

        def post_late(url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, str]:
            if RECEIPTS in url and not self._is_over and self._random.random() < IS_LATE:
                self._late_receipts += 1
                time.sleep(self._random.uniform(*LATE_BY_SECONDS))
            return post(url, form, headers)

        return post_late

"""The people: who gets a page answers by SMS, at once or late, once or twice, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Any

from pager.clock import Clock
from pager.domain.replies import Meaning
from pager.sandbox.records import Mistake
from pager.sandbox.sandbox import Sandbox
from tests.chaos.evidence import CALLS, Answer
from tests.chaos.repeating import Repeating
from tests.crash.life import OURS, SAYS

LOOK_EVERY_SECONDS = 0.2
TEXTS = {Meaning.ACK: "ACK", Meaning.NO: "NO", Meaning.HERE: "HERE"}
# Of a hundred pages so many are answered with each; the others not at all.
FIRST_ANSWERS = {Meaning.ACK: 60, Meaning.NO: 10, Meaning.HERE: 5, None: 25}
IS_SAID_TWICE, ARRIVES_LATER, RELEASES_LATER = 0.15, 0.15, 0.06
READS_AFTER, DIALS_AFTER = (2.0, 14.0), 1.6  # seconds; the second until it rings


class Responders:
    """Watches what the carrier takes, and answers. `answers` is all that was written."""

    def __init__(self, sandbox: Sandbox, clock: Clock, random: Random) -> None:
        self._sandbox, self._clock, self._random = sandbox, clock, random
        self._seen = 0
        self._plans: list[tuple[datetime, int, Callable[[], object]]] = []
        self._order = count()
        self._thread = Repeating("responders", self._look, LOOK_EVERY_SECONDS)
        self.start, self.stop = self._thread.start, self._thread.stop
        self.answers: list[Answer] = []

    @property
    def are_idle(self) -> bool:
        return not self._plans

    def _look(self) -> None:
        lines = self._sandbox.ledger()
        for line in lines[self._seen :]:
            if (line["kind"], line.get("method"), line.get("status")) == ("request", "POST", 201):
                self._notice(line)
        self._seen = len(lines)
        while self._plans and self._plans[0][0] <= self._clock.now():
            with suppress(Mistake):  # a telephone that has stopped ringing meanwhile
                heappop(self._plans)[2]()

    def _notice(self, line: Mapping[str, Any]) -> None:
        number, body = line["form"]["To"], line["form"].get("Body", "")
        if line["path"].endswith(CALLS):
            self._after(DIALS_AFTER, lambda: self._take_call(number))
        elif SAYS["page"] in body:
            meaning = self._choose(FIRST_ANSWERS)
            if meaning is not None:
                self._plan(self._random.uniform(*READS_AFTER), number, meaning, body.split()[0])

    def _plan(self, seconds: float, number: str, meaning: Meaning, reference: str) -> None:
        self._after(seconds, lambda: self._write(number, meaning, reference))
        if self._random.random() < IS_SAID_TWICE:
            self._after(seconds + self._random.uniform(0.1, 2), lambda: self._write(number, meaning, reference))
        if meaning is Meaning.ACK and self._random.random() < RELEASES_LATER:
            self._plan(seconds + self._random.uniform(3, 15), number, Meaning.NO, reference)
        elif meaning is Meaning.ACK and self._random.random() < ARRIVES_LATER:
            self._plan(seconds + self._random.uniform(5, 25), number, Meaning.HERE, reference)

    def _write(self, number: str, meaning: Meaning, reference: str) -> None:
        sid = self._sandbox.reply(number, OURS, f"{TEXTS[meaning]} {reference}")
        self.answers.append(Answer(sid, number, meaning, reference))

    def _take_call(self, number: str) -> None:
        """Let voicemail have it, decline it, pick up and press 1, or let it ring."""
        call = self._sandbox.open_call(number)
        if call is None:
            return
        what = self._choose({"voicemail": 45, "declines": 30, "answers": 15, "rings": 10})
        if what == "declines":
            self._sandbox.reject(call)
        elif what == "voicemail":
            self._sandbox.voicemail(call)
            self._after(3, lambda: self._sandbox.hang_up(call))
        elif what == "answers":
            self._sandbox.answer(call)
            self._after(2, lambda: self._sandbox.press(call, "1"))
            self._after(4, lambda: self._sandbox.hang_up(call))

    def _choose(self, weights: Mapping[Any, int]) -> Any:
        return self._random.choices(list(weights), list(weights.values()))[0]

    def _after(self, seconds: float, act: Callable[[], object]) -> None:
        heappush(self._plans, (self._clock.now() + timedelta(seconds=seconds), next(self._order), act))

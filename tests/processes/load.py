"""Dispatchers who trigger without a pause, at several processes in turn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from threading import Event, Thread

import requests

from tests.processes.running import FALLBACK, Process

PAUSE_SECONDS = 0.05


@dataclass(frozen=True)
class Answer:
    """What a dispatcher was answered: the encounter's reference, or what is wrong and when to try again."""

    status: int
    reference: str | None
    detail: str
    retry_after: str | None

    @property
    def is_proper_refusal(self) -> bool:
        """Tell whether it says when to try again, and what to do by telephone meanwhile."""
        return self.status == 503 and self.retry_after is not None and FALLBACK in self.detail


def trigger(at: Process) -> Answer:
    answer = at.trigger()
    told = answer.json()
    return Answer(answer.status_code, told.get("reference"), told.get("detail", ""), answer.headers.get("Retry-After"))


@dataclass(frozen=True)
class Answers:
    """What the dispatchers were answered so far, in order; `unanswered` are the triggers that no answer came to."""

    given: list[Answer] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)

    def accepted(self) -> list[str]:
        """Return the references of the encounters that were accepted."""
        return [answer.reference for answer in list(self.given) if answer.reference is not None]

    def refused(self) -> list[Answer]:
        return [answer for answer in list(self.given) if answer.reference is None]


@contextmanager
def dispatching(at: Sequence[Process], dispatchers: int = 4) -> Iterator[Answers]:
    """Let dispatchers trigger for as long as the block lasts; they have all their answers when it ends."""
    answers, turns, ending = Answers(), cycle(at), Event()

    def dispatch() -> None:
        while not ending.wait(PAUSE_SECONDS):
            try:
                answers.given.append(trigger(next(turns)))
            except requests.RequestException as error:
                answers.unanswered.append(str(error))

    threads = [Thread(target=dispatch) for _ in range(dispatchers)]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        ending.set()
        for thread in threads:
            thread.join()

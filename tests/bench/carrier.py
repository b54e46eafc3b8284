"""A carrier that does next to nothing, in a process of its own, so that its work is not taken for ours.

`with carrier() as it:` starts it. It answers every message with 201 and as much JSON as Twilio does, after a pause
that can be set, and keeps who asked for what and when. It sends no receipts by itself.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import requests

from tests.processes.running import until

ANSWER_WITHIN_SECONDS = 60.0


@dataclass(frozen=True)
class Request:
    """A message that was asked for: `at` is when its request had arrived, in seconds of the wall clock."""

    at: float
    sid: str
    to: str
    body: str
    callback: str

    @property
    def token(self) -> str:
        """The delivery's own word in the address for its receipts."""
        return parse_qs(urlsplit(self.callback).query)["delivery"][0]


@dataclass(frozen=True)
class Carrier:
    """The carrier's process, as a benchmark steers it."""

    url: str

    def answer_after(self, milliseconds: int) -> None:
        """Let every answer from now on come so long after its request."""
        self._ask(f"pause/{milliseconds}")

    def forget(self) -> None:
        """Forget what was asked for until now."""
        self._ask("forget")

    def count(self) -> int:
        """Return how much was asked for since."""
        found: int = self._ask("count").json()
        return found

    def taken(self) -> list[Request]:
        """Return what was asked for since, in the order in which it came."""
        return [_request(at, sid, form) for at, sid, form in self._ask("taken").json()]

    def wait_for(self, count: int) -> list[Request]:
        """Wait until so much was asked for, and return it."""
        until(lambda: self.count() >= count, f"{count} requests at the carrier")
        return self.taken()

    def _ask(self, what: str) -> requests.Response:
        answer = requests.get(f"{self.url}/bench/{what}", timeout=ANSWER_WITHIN_SECONDS)
        answer.raise_for_status()
        return answer


def _request(at: float, sid: str, form: str) -> Request:
    fields = {name: values[0] for name, values in parse_qs(form).items()}
    return Request(at, sid, fields["To"], fields["Body"], fields["StatusCallback"])


@contextmanager
def carrier() -> Iterator[Carrier]:
    """Start a carrier, for as long as the block lasts."""
    command = [sys.executable, "-m", "tests.bench.answering"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield Carrier(process.stdout.readline().strip())
        finally:
            process.kill()

"""The dispatchers: each encounter is asked for until it is accepted."""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor
from random import Random
from threading import Event

import requests

from tests.chaos.county import STATIONS, callback
from tests.crash.life import API_KEY

AT_ONCE = 12
ANSWER_WITHIN_SECONDS, AGAIN_AFTER_SECONDS = 10.0, 0.5


class Dispatchers:
    """Open `count` encounters at `url`, spread at random over `seconds`.

    `accepted` are the references that came with a 201, or with a 200 where the 201 got lost; `asked_again` counts the
    requests that were refused with 503 or had no answer.
    """

    def __init__(self, url: str, count: int, seconds: float, random: Random) -> None:
        self._url = url
        self._times = sorted(random.uniform(0, seconds) for _ in range(count))
        self._stations = [random.choice(STATIONS) for _ in range(count)]
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="dispatcher")
        self._stopping = Event()
        self._calls: list[Future[None]] = []
        self.accepted: list[str] = []
        self.asked_again = 0

    @property
    def are_done(self) -> bool:
        return all(call.done() for call in self._calls)

    def start(self) -> None:
        began_at = time.monotonic()
        self._calls = [self._pool.submit(self._open, number, began_at) for number in range(len(self._times))]

    def stop(self) -> None:
        """End what is under way; raises what went wrong in any call."""
        self._stopping.set()
        self._pool.shutdown(cancel_futures=True)
        for call in self._calls:
            if not call.cancelled():
                call.result()

    def _open(self, number: int, began_at: float) -> None:
        self._stopping.wait(max(0.0, began_at + self._times[number] - time.monotonic()))
        while (answer := self._ask(number)) is None or answer.status_code == 503:
            self.asked_again += 1
            if self._stopping.wait(AGAIN_AFTER_SECONDS):
                return
        assert answer.status_code in (200, 201), answer.text
        self.accepted.append(answer.json()["reference"])

    def _ask(self, number: int) -> requests.Response | None:
        station = self._stations[number]
        try:
            return requests.post(
                f"{self._url}/api/v1/encounters",
                json={"station": station, "callback": callback(station), "updates": "none"},
                headers={"Authorization": f"Bearer {API_KEY}", "Idempotency-Key": f"chaos-{number}"},
                timeout=ANSWER_WITHIN_SECONDS,
            )
        except requests.RequestException:
            return None

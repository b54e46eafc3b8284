"""One play from its beginning until everything has come to rest."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random

from pager.lifecycle.ports import StoreUnavailableError
from tests.chaos.evidence import Evidence, read_handled, read_ledger, read_stories
from tests.chaos.executioner import Executioner
from tests.chaos.load import Dispatchers
from tests.chaos.responders import Responders
from tests.chaos.stage import Stage, stage
from tests.chaos.weather import Weather
from tests.processes.postgresql import cluster

LADDER_SECONDS = 90.0  # the last rung of the policy, and what it takes to be sent
LONGEST_REST_SECONDS = 600.0
LOOK_EVERY_SECONDS, LOOKS = 2.0, 3


@dataclass(frozen=True)
class Played:
    """What is left: the evidence, and what was done to bring it about. `rest_seconds` is None where none came."""

    evidence: Evidence
    asked_again: int
    kills: int
    restarts: Counter[str]
    faults: Counter[str]
    rest_seconds: float | None


def play(folder: Path, *, minutes: float, encounters: int, seed: int) -> Played:
    """Let everything happen, all of it chosen by `seed`; the logs of the processes are left in `folder`."""
    with cluster() as own, stage(own, folder) as it:
        one = _Play(it, minutes * 60, encounters, seed)
        try:
            return one.run()
        finally:
            one.dispatchers.stop()


class _Play:
    def __init__(self, it: Stage, seconds: float, encounters: int, seed: int) -> None:
        self.stage, self.seconds = it, seconds
        self.opens_for_seconds = seconds * 2 / 3
        self.dispatchers = Dispatchers(it.web.url, encounters, self.opens_for_seconds, Random(f"{seed} dispatchers"))
        self.responders = Responders(it.sandbox, it.clock, Random(f"{seed} responders"))
        self.weather = Weather(it.sandbox, Random(f"{seed} weather"))
        self.executioner = Executioner(it, Random(f"{seed} executioner"))

    def run(self) -> Played:
        began_at = time.monotonic()
        for part in (self.responders, self.weather, self.executioner, self.dispatchers):
            part.start()
        time.sleep(self.seconds)
        self.weather.stop()
        self.executioner.stop()
        calm_at = time.monotonic()
        time.sleep(max(0.0, began_at + self.opens_for_seconds + LADDER_SECONDS - calm_at))
        rest_seconds = time.monotonic() - calm_at if self._comes_to_rest() else None
        self.dispatchers.stop()
        self.responders.stop()
        for process in self.stage.processes.values():
            process.kill()  # so that what is read belongs together
        return Played(
            evidence=self._evidence(),
            asked_again=self.dispatchers.asked_again,
            kills=self.executioner.kills,
            restarts=Counter(self.executioner.restarts),
            faults=self.weather.met(),
            rest_seconds=rest_seconds,
        )

    def _comes_to_rest(self) -> bool:
        """Wait until several looks in a row find nothing more to do; False where that does not come."""
        deadline, quiet = time.monotonic() + LONGEST_REST_SECONDS, 0
        while quiet < LOOKS:
            if time.monotonic() > deadline:
                return False
            time.sleep(LOOK_EVERY_SECONDS)
            quiet = quiet + 1 if self._is_quiet() else 0
        return True

    def _is_quiet(self) -> bool:
        sids = {answer.sid for answer in self.responders.answers}
        now = self.stage.clock.now()
        try:
            with self.stage.store.reading() as work:
                due_at = work.encounters.next_due_at()
                is_idle = work.deliveries.oldest_unsent(now) is None and (due_at is None or due_at > now)
            is_heard = read_handled(self.stage.store, list(sids), now) == sids
        except StoreUnavailableError:
            return False
        return is_idle and is_heard and self.responders.are_idle and self.dispatchers.are_done

    def _evidence(self) -> Evidence:
        requests, listings = read_ledger(self.stage.sandbox.ledger())
        now = self.stage.clock.now()
        return Evidence(
            judged_at=now,
            accepted=self.dispatchers.accepted,
            requests=requests,
            listings=listings,
            answers=self.responders.answers,
            pauses=self.executioner.pauses,
            stories=read_stories(self.stage.store),
            handled=read_handled(self.stage.store, [one.sid for one in self.responders.answers], now),
        )

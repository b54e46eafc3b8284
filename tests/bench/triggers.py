"""From a trigger's arrival to the carrier: one at a time, and a hundred at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median

import requests

from tests.bench.bare import commit_milliseconds, sdk_milliseconds, sdk_seconds
from tests.bench.filling import CALLBACK, PAGES_EACH, unfinished
from tests.bench.stage import Database, Site, Stage, fewer_if_quick
from tests.bench.table import Figure, Row, at_most
from tests.bench.timing import p99
from tests.crash.life import API_KEY
from tests.processes.running import ANSWER_WITHIN_SECONDS, Process, until

ONE_BY_ONE = fewer_if_quick(100, 20)
AT_ONCE = fewer_if_quick(100, 30)
DISPATCHERS = 16
BODY = {"station": "compton", "callback": CALLBACK, "updates": "none"}


@dataclass(frozen=True)
class Opened:
    """An encounter that was opened over HTTP, and when it was asked for and answered, by the wall clock."""

    reference: str
    asked_at: float
    answered_at: float


class Dispatchers:
    """Those who trigger; each thread of theirs keeps its connection open."""

    def __init__(self, serve: Process) -> None:
        self._url, self._local = f"{serve.url}/api/v1/encounters", threading.local()

    def trigger(self) -> Opened:
        """Open an encounter."""
        if not hasattr(self._local, "session"):
            self._local.session = requests.Session()
            self._local.session.headers["Authorization"] = f"Bearer {API_KEY}"
        asked_at = time.time()
        answer = self._local.session.post(self._url, json=BODY, timeout=ANSWER_WITHIN_SECONDS)
        assert answer.status_code == 201, answer.text
        return Opened(answer.json()["reference"], asked_at, time.time())

    def trigger_at_once(self, encounters: int) -> list[Opened]:
        """Open so many, as fast as they are answered."""
        with ThreadPoolExecutor(DISPATCHERS) as pool:
            return list(pool.map(lambda _: self.trigger(), range(encounters)))


def rows(stage: Stage) -> Iterator[Row]:
    for database in Database:
        with stage.site(database) as site:
            commit = commit_milliseconds(site)
            with site.running("serve") as (serve,):
                yield _one_by_one(site, Dispatchers(serve), database, commit)
                yield _at_once(site, Dispatchers(serve), database)


def _one_by_one(site: Site, dispatchers: Dispatchers, database: Database, commit: float) -> Row:
    """Each trigger comes when nothing is left of the one before."""
    took: list[float] = []
    dispatchers.trigger()  # the first request of a process compiles what it needs
    site.carrier.wait_for(PAGES_EACH)
    for _ in range(ONE_BY_ONE):
        site.carrier.forget()
        asked_at = dispatchers.trigger().asked_at
        taken = site.carrier.wait_for(PAGES_EACH)
        took.append((taken[0].at - asked_at) * 1_000)
        until(lambda: unfinished(site) == 0, "every message recorded")
    bare = commit + sdk_milliseconds(site.carrier, taken[0])
    return Row(
        f"trigger's arrival to the first request, {database}",
        Figure(median(took), "ms", "median"),
        Figure(bare, "ms", "a commit and a bare message"),
        at_most(30, "ms"),
        more=f"p99 {p99(took):.0f} ms",
    )


def _at_once(site: Site, dispatchers: Dispatchers, database: Database) -> Row:
    site.carrier.forget()
    opened = dispatchers.trigger_at_once(AT_ONCE)
    taken = site.carrier.wait_for(AT_ONCE * PAGES_EACH)
    began = min(one.asked_at for one in opened)
    bare = sdk_seconds(site.carrier, taken)
    return Row(
        f"{AT_ONCE} encounters at once, the last of {len(taken)} first pages, {database}",
        Figure(taken[-1].at - began, "s"),
        Figure(bare, "s", "by the bare SDK for as many"),
        more=f"the last 201 after {max(one.answered_at for one in opened) - began:.1f} s",
    )

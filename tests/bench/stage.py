"""What is measured on: a carrier, a database that is filled with a small county, and the real commands."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from itertools import count
from pathlib import Path

from pager.adapters.db.migrate import upgrade
from pager.adapters.db.session import SqlStore
from pager.adapters.directory_file import read_directory
from pager.app import make_context, open_store
from pager.clock import SystemClock
from pager.config import read_settings
from pager.domain.api_key import ApiKey, Scope, hash_secret
from pager.lifecycle.load import load
from pager.lifecycle.turn import Context, writing
from tests.bench.carrier import Carrier
from tests.clock import FakeClock
from tests.crash.life import API_KEY, settings_of
from tests.crash.process import free_port
from tests.processes.postgresql import Cluster
from tests.processes.running import Process

FILES = Path(__file__).parent
IS_QUICK = bool(os.environ.get("QUICK"))


class Database(StrEnum):
    """The databases that are measured on, by the name that the table gives them."""

    SQLITE = "SQLite"
    POSTGRESQL = "PostgreSQL"


def fewer_if_quick(full: int, quick: int) -> int:
    """Return how many of something are measured."""
    return quick if IS_QUICK else full


@dataclass(frozen=True)
class Stage:
    """Where a whole run of the benchmark takes place."""

    folder: Path
    cluster: Cluster
    carrier: Carrier

    @contextmanager
    def site(self, database: Database) -> Iterator[Site]:
        """Give a county on a new database; the carrier has forgotten what was before and answers at once."""
        self.carrier.forget()
        self.carrier.answer_after(0)
        folder = self.folder / f"site-{next(_numbers)}"
        folder.mkdir()
        if database is Database.POSTGRESQL:
            url = self.cluster.new_database()
        else:
            url = f"sqlite:///{folder / 'pager.db'}"
            upgrade(url)
        site = Site(self, folder, url, free_port())
        site.fill()
        try:
            yield site
        finally:
            site.store.engine.dispose()


@dataclass(frozen=True)
class Site:
    """A county on a database of its own, and where `pager serve` listens for it."""

    stage: Stage
    folder: Path
    url: str
    port: int

    @property
    def carrier(self) -> Carrier:
        return self.stage.carrier

    @cached_property
    def settings(self) -> dict[str, str]:
        own = {"PAGER_DATABASE_URL": self.url, "PAGER_POLICIES": str(FILES / "policies")}
        return {**settings_of(self.folder, self.port, self.carrier.url), **own}

    @cached_property
    def store(self) -> SqlStore:
        return open_store(read_settings(self.settings))

    def context(self, now: datetime | None = None) -> Context:
        """Return what the verbs need, by the machine's clock or at an instant of which it is always."""
        clock = SystemClock() if now is None else FakeClock(now)
        return make_context(read_settings(self.settings), self.store, clock)

    @contextmanager
    def running(self, *commands: str) -> Iterator[list[Process]]:
        """Start `pager serve` or `pager worker`, several at once, until they do their work."""
        with ExitStack() as ending:
            processes = []
            for number, command in enumerate(commands):
                log = self.folder / f"{command}-{number}.log"
                processes.append(Process(command, self.port, self.settings, log))
                ending.callback(processes[-1].kill)
                processes[-1].begin()
            for process in processes:
                process.ready()
            yield processes

    def fill(self) -> None:
        """Load the county and make the key that `Process.ask` uses."""
        context = self.context()
        directory = read_directory(
            FILES / "county.yaml",
            region="US",
            timezone="America/Los_Angeles",
            policies=context.policies.names(),
            now=context.clock.now(),
        )
        load(context, directory)
        with writing(context) as turn:
            turn.work.keys.add(ApiKey("bench", Scope.ADMIN, frozenset(), hash_secret(API_KEY), turn.now))


_numbers = count()

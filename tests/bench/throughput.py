"""How many messages a second: through the whole service beside the bare SDK, and through two workers beside one."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.bench.bare import commit_milliseconds, sdk_seconds
from tests.bench.carrier import Request
from tests.bench.filling import PAGES_EACH, copy, open_encounter, unfinished
from tests.bench.receipts import receipts_a_second
from tests.bench.stage import Database, Site, Stage, fewer_if_quick
from tests.bench.table import Figure, Row, ratio_at_least
from tests.bench.taken import megabytes, processor_seconds
from tests.processes.running import Process, until

MESSAGES = fewer_if_quick(1_000, 300)
SLOW_MS, SLOW_MESSAGES = 150, fewer_if_quick(600, 200)
UNIT = "messages/s"


@dataclass(frozen=True)
class Burst:
    """What became of messages that were queued in one moment: `seconds` from the first request to the last record.

    `worked` is how long the processors worked for the service meanwhile.
    """

    taken: list[Request]
    seconds: float
    worked: float

    @property
    def rate(self) -> float:
        return len(self.taken) / self.seconds

    @property
    def work_each(self) -> str:
        return f"{self.worked / len(self.taken) * 1_000:.1f} ms of a processor each"


def burst(site: Site, processes: Sequence[Process], template: int, messages: int) -> Burst:
    """Queue first pages, all in one commit, and wait until each is sent and recorded."""
    before = sum(processor_seconds(one.pid) for one in processes)
    copy(site, template, messages // PAGES_EACH, are_queued=True)
    taken = site.carrier.wait_for(messages)
    until(lambda: unfinished(site) == 0, "every message recorded")
    worked = sum(processor_seconds(one.pid) for one in processes) - before
    return Burst(taken, time.time() - taken[0].at, worked)


def rows(stage: Stage) -> Iterator[Row]:
    for database in Database:
        yield from _at_once(stage, database)
        yield from _slowly(stage, database)
    for answers in ("at once", f"after {SLOW_MS} ms"):
        yield _workers(stage, answers)


def _at_once(stage: Stage, database: Database) -> Iterator[Row]:
    """Yield the rate of messages, that of the receipts for them, and what memory they leave taken."""
    with stage.site(database) as site:
        template, commits = open_encounter(site), 1_000 / commit_milliseconds(site)
        with site.running("serve") as (serve,):
            before = megabytes(serve.pid)
            ours = burst(site, [serve], template, MESSAGES)
            after = megabytes(serve.pid)
            told = receipts_a_second(serve.url, ours.taken)
        yield _through(site, ours, f"{database}, the carrier answers at once")
        beside = Figure(commits, "commits/s", "of the machine")
        yield Row(f"receipts, {database}", Figure(told, "receipts/s"), beside)
        yield Row(
            f"memory after {MESSAGES:,} messages, {database}", Figure(after, "MB"), Figure(before, "MB", "before them")
        )


def _slowly(stage: Stage, database: Database) -> Iterator[Row]:
    with stage.site(database) as site:
        template = open_encounter(site)
        site.carrier.answer_after(SLOW_MS)
        with site.running("serve") as processes:
            ours = burst(site, processes, template, SLOW_MESSAGES)
        yield _through(site, ours, f"{database}, the carrier answers after {SLOW_MS} ms")


def _through(site: Site, ours: Burst, how: str) -> Row:
    began = time.process_time()
    bare = len(ours.taken) / sdk_seconds(site.carrier, ours.taken)
    worked = (time.process_time() - began) / len(ours.taken) * 1_000
    return Row(
        f"messages, {how}",
        Figure(ours.rate, UNIT),
        Figure(bare, UNIT, f"by the bare SDK, {worked:.1f} ms each"),
        ratio_at_least(0.8),
        more=ours.work_each,
    )


def _workers(stage: Stage, answers: str) -> Row:
    """Return two workers beside one, each pair on a database of its own."""
    rates = []
    for workers in (1, 2):
        with stage.site(Database.POSTGRESQL) as site:
            template = open_encounter(site)
            site.carrier.answer_after(0 if answers == "at once" else SLOW_MS)
            with site.running(*["worker"] * workers) as processes:
                rates.append(burst(site, processes, template, MESSAGES).rate)
    beside = Figure(rates[0], UNIT, "of one")
    return Row(
        f"two workers, PostgreSQL, the carrier answers {answers}", Figure(rates[1], UNIT), beside, ratio_at_least(1.8)
    )

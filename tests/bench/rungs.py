"""How soon a rung is carried out: a thousand that are due at one moment, and one now and then while many wait."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from statistics import median

from sqlalchemy import select

from pager.adapters.db import tables
from tests.bench.bare import commit_milliseconds
from tests.bench.filling import PAGES_EACH, copy, open_encounter
from tests.bench.stage import Database, Site, Stage, fewer_if_quick
from tests.bench.table import Figure, Row, at_most
from tests.bench.timing import p99
from tests.processes.running import until

SECOND_RUNG_AFTER = timedelta(minutes=30)  # by the policy of these measurements
AT_ONE_MOMENT = fewer_if_quick(1_000, 300)
WAITING, FEW_WAITING = fewer_if_quick(10_000, 2_000), 100
NOW_AND_THEN, EVERY = fewer_if_quick(40, 10), timedelta(seconds=0.25)
# What a process takes to start and to look around.
STARTS_WITHIN = timedelta(seconds=6)


def rows(stage: Stage) -> Iterator[Row]:
    for database in Database:
        yield _at_one_moment(stage, database)
    for database in Database:
        few, many = (_lateness(stage, database, pages) for pages in (FEW_WAITING, WAITING))
        yield Row(
            f"a rung's time to its first request, {WAITING:,} pages waiting, {database}",
            Figure(p99(many), "ms", "p99"),
            Figure(p99(few), "ms", f"p99 with {FEW_WAITING}"),
            at_most(250, "ms"),
            more=f"median {median(many):.0f} ms",
        )


def _at_one_moment(stage: Stage, database: Database) -> Row:
    """Return how long after their moment the last rung was written; the carrier is asked meanwhile."""
    with stage.site(database) as site:
        commits = AT_ONE_MOMENT // PAGES_EACH * commit_milliseconds(site) / 1_000
        moment = _now() + STARTS_WITHIN
        copy(site, open_encounter(site, moment - SECOND_RUNG_AFTER), AT_ONE_MOMENT // PAGES_EACH - 1)
        with site.running("worker"):
            until(lambda: len(_written(site)) >= AT_ONE_MOMENT, "every rung written")
        written = _written(site).values()
    return Row(
        f"{AT_ONE_MOMENT:,} pages due at one moment, until each rung is written, {database}",
        Figure((max(written) - moment).total_seconds(), "s"),
        Figure(commits, "s", f"for a commit for each of {AT_ONE_MOMENT // PAGES_EACH} encounters"),
        at_most(1, "s"),
    )


def _lateness(stage: Stage, database: Database, waiting: int) -> list[float]:
    """Return how long after its time each rung's request was at the carrier, in milliseconds."""
    with stage.site(database) as site:
        now = _now()
        copy(site, open_encounter(site, now), waiting // PAGES_EACH)
        due_at = {}
        for number in range(NOW_AND_THEN):
            at = now + STARTS_WITHIN + number * EVERY
            due_at[open_encounter(site, at - SECOND_RUNG_AFTER)] = at
        site.carrier.forget()
        with site.running("worker"):
            taken = site.carrier.wait_for(len(due_at) * PAGES_EACH)
        encounter_of = _encounters(site)
    return [(one.at - due_at[encounter_of[one.token]].timestamp()) * 1_000 for one in taken]


def _written(site: Site) -> Mapping[int, datetime]:
    """Return when the message of each second rung was queued."""
    table = tables.deliveries.c
    with site.store.engine.connect() as connection:
        return {
            row.id: row.created_at
            for row in connection.execute(select(table.id, table.created_at).where(table.rung == 1))
        }


def _encounters(site: Site) -> Mapping[str, int]:
    """Return the encounter of each delivery, by its token."""
    table = tables.deliveries.c
    with site.store.engine.connect() as connection:
        return {row.token: row.encounter_id for row in connection.execute(select(table.token, table.encounter_id))}


def _now() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)

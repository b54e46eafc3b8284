"""`python -m tests.bench`, or `make bench`; QUICK=1 in the environment measures less of everything.

Prints each measurement's name as it begins, on stderr, and at the end the one table.
"""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import click

from tests.bench import answers, beat, board, rosters, rungs, starting, throughput, triggers
from tests.bench.bare import commit_milliseconds
from tests.bench.carrier import carrier
from tests.bench.stage import Database, Stage
from tests.bench.table import Figure, Row, table
from tests.processes.postgresql import cluster


def main() -> None:
    logging.basicConfig(level=logging.WARNING)
    found: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="pager-bench-") as folder, cluster() as own, carrier() as outside:
        stage = Stage(Path(folder), own, outside)
        for measure in (_commits, *(one.rows for one in _MEASUREMENTS)):
            began = time.monotonic()
            found += measure(stage)
            click.echo(f"{measure.__module__}: {time.monotonic() - began:.0f} s", err=True)
    click.echo(table(found))


def _commits(stage: Stage) -> Iterator[Row]:
    """Yield the machine's own time for a commit that is on disk, which bounds whatever is promised to be durable."""
    for database in Database:
        with stage.site(database) as site:
            yield Row(f"the machine's commit, {database}", Figure(commit_milliseconds(site), "ms", "median"))


_MEASUREMENTS = (throughput, triggers, answers, beat, rungs, board, rosters, starting)

if __name__ == "__main__":
    main()

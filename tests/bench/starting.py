"""How long the service takes to its first answer, and what memory it takes then."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from statistics import median

from tests.bench.stage import Database, Site, Stage, fewer_if_quick
from tests.bench.table import Figure, Row
from tests.bench.taken import megabytes
from tests.bench.timing import seconds
from tests.processes.running import Process, until

STARTS = fewer_if_quick(5, 2)
LIBRARIES = "import flask, sqlalchemy.orm, twilio.rest; print('ready', flush=True); input()"


def rows(stage: Stage) -> Iterator[Row]:
    with stage.site(Database.SQLITE) as site:
        ours = [_start(site) for _ in range(STARTS)]
    bare = [_bare() for _ in range(STARTS)]
    names = "Flask, SQLAlchemy and the SDK imported"
    yield Row(
        "start to the first answer",
        Figure(median(took for took, _ in ours), "s"),
        Figure(median(took for took, _ in bare), "s", names),
    )
    yield Row(
        "memory after the first answer",
        Figure(median(size for _, size in ours), "MB"),
        Figure(median(size for _, size in bare), "MB", names),
    )


def _start(site: Site) -> tuple[float, float]:
    """Return seconds and megabytes."""
    serve = Process("serve", site.port, site.settings, site.folder / "serve.log")
    try:
        took = seconds(lambda: _until_answered(serve))
        return took, megabytes(serve.pid)
    finally:
        serve.kill()


def _until_answered(serve: Process) -> None:
    serve.begin()
    until(serve.is_live, "an answer", serve.log)


def _bare() -> tuple[float, float]:
    """Return the same of a process that only imports what the service is built on, and then waits to be killed."""
    began = time.perf_counter()
    with subprocess.Popen([sys.executable, "-c", LIBRARIES], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        took, size = time.perf_counter() - began, megabytes(process.pid)
        process.kill()
    return took, size

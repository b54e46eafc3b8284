"""A disk that is full, or that nothing can be written to, under SQLite.

The process is told by the system that no file may become longer than so much, or be written at all: that binds root
too, needs no mount and no right, can be taken back, and meets connections that are open already, as a real disk does.
What SQLite then reports is what it reports of a disk that fails; the two errors that it has names for are met apart.
"""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest

from pager.adapters.db.session import SqlStore, open_database
from pager.domain.directory import Station
from pager.lifecycle.ports import StoreUnavailableError
from tests.processes.load import trigger
from tests.processes.running import ONCE, scene

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


@pytest.mark.parametrize("disk", ["full", "read-only"])
def test_with_no_room_refuses_and_then_pages_in_order_what_was_accepted(
    disk: str, sqlite_url: str, tmp_path: Path
) -> None:
    journal = tmp_path / "pager.db-wal"
    with scene(tmp_path, sqlite_url, PAGER_MESSAGES_PER_SECOND="1") as it:
        serve = it.start("serve")
        accepted = [serve.trigger().json()["reference"] for _ in range(3)]
        it.until(it.told, "the first message")
        with serve.writing_no_further_than(journal.stat().st_size if disk == "full" else 0):
            assert trigger(serve).is_proper_refusal
            it.until(lambda: "engine" in serve.health()["failing"], "health that tells of it")
            assert trigger(serve).is_proper_refusal
        accepted += [serve.trigger().json()["reference"]]
        it.rest(serve)
        paged = [reference for _, text in it.told() for reference in accepted if reference in text]
        assert paged == [reference for reference in accepted for _ in ONCE]


def fill(store: SqlStore, prefix: str) -> None:
    """Store so much that the file needs room."""
    for number in range(50):
        with store.writing() as work:
            work.directory.add(Station(f"{prefix}{number}", "Compton " * 100, "Compton", "first-responder"))


@pytest.mark.parametrize(
    ("ends", "begins"),
    [("query_only = ON", "query_only = OFF"), ("max_page_count = 1", "max_page_count = 1000000")],
)
def test_what_sqlite_calls_read_only_or_full_is_a_database_that_is_away(
    ends: str, begins: str, sqlite_url: str
) -> None:
    store = SqlStore(open_database(sqlite_url))  # with one connection, which it keeps
    for pragma, expected in ((ends, pytest.raises(StoreUnavailableError)), (begins, nullcontext())):
        with store.engine.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA {pragma}")
        with expected:
            fill(store, pragma)
    store.engine.dispose()

"""The record can only be added to: what raw SQL is refused on each of the two databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from pager.adapters.db.session import SqlStore
from pager.domain.audit import AuditEntry
from tests.clock import START
from tests.world import World

CERTIFICATE = "INSERT INTO certificates VALUES (1, '2026-03-02', 'tests', '2024-03-02', 1, '', 'abc')"
PURGED = "INSERT INTO purged_encounters SELECT {encounter}, 1, 6, 'abc'"
UPDATES = {
    "events": "text = 'nothing'",
    "audit": "name = 'somebody'",
    "certificates": "encounters = 0",
    "purged_encounters": "timeline_length = 0",
}


@pytest.fixture
def store(database_url: str) -> Iterator[SqlStore]:
    """A database with a row in each table of the record; the encounter that was purged is none that is there."""
    world = World(database_url)
    world.trigger()
    world.trigger()
    with world.store.writing() as work:
        work.audit.add(AuditEntry(START, "tests", "station", "compton", None))
    run(world.store, CERTIFICATE)
    run(world.store, PURGED.format(encounter=1000))
    yield world.store
    world.close()


def run(store: SqlStore, statement: str) -> int:
    with store.engine.execution_options(is_writing=True).begin() as connection:
        return connection.execute(text(statement)).rowcount


def assert_refused(store: SqlStore, statement: str) -> None:
    with pytest.raises(DBAPIError, match="is refused: the record is only added to"):
        run(store, statement)


@pytest.mark.parametrize("table", UPDATES)
def test_no_row_of_the_record_can_be_changed_or_deleted(store: SqlStore, table: str) -> None:
    assert_refused(store, f"UPDATE {table} SET {UPDATES[table]}")
    assert_refused(store, f"DELETE FROM {table}")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("table", [*UPDATES, "encounters", "stations"])
def test_no_table_of_the_record_can_be_emptied(store: SqlStore, table: str) -> None:
    assert_refused(store, f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("table", UPDATES)
def test_no_row_of_the_record_can_be_replaced(store: SqlStore, table: str) -> None:
    assert_refused(store, f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")


def test_an_encounters_events_can_be_deleted_once_it_is_named_as_purged_and_those_of_no_other(store: SqlStore) -> None:
    run(store, PURGED.format(encounter="max(id)") + " FROM encounters")
    assert run(store, "DELETE FROM events WHERE encounter_id = (SELECT max(id) FROM encounters)") > 0
    assert_refused(store, "DELETE FROM events")
    assert_refused(store, "UPDATE events SET text = 'nothing'")


def test_the_words_of_people_can_be_deleted(store: SqlStore) -> None:
    run(store, "INSERT INTO words SELECT min(encounter_id), 1, 'Side door' FROM events")
    assert run(store, "DELETE FROM words") == 1

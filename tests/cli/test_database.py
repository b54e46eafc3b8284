"""`pager db upgrade` and `pager audit verify`."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from pager.adapters.db.encounters import SqlEncounters
from pager.adapters.db.session import SqlStore
from pager.lifecycle import verify_record as verifying
from tests.cli.conftest import COUNTY, Pager


def test_upgrade_makes_a_database_and_may_be_run_again(pager: Pager, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new' / 'pager.db'}"
    assert "pager db upgrade" in pager("load", COUNTY, exit_code=1, PAGER_DATABASE_URL=url).stderr
    for _ in range(2):
        assert "newest schema" in pager("db", "upgrade", PAGER_DATABASE_URL=url).stdout
    pager("load", COUNTY, PAGER_DATABASE_URL=url)


@pytest.fixture
def references(pager_on_each: Pager) -> list[str]:
    """The references of three encounters, oldest first."""
    pager_on_each("load", COUNTY)
    trigger = ("trigger", "--station", "compton", "--callback", "310-555-0100")
    return [pager_on_each(*trigger).stdout.split()[0] for _ in range(3)]


def tamper(store: SqlStore, statement: str, rows: int = 1) -> None:
    """Change what is stored behind the back of pager, by somebody who may switch off what keeps the record."""
    if store.engine.dialect.name == "sqlite":
        with sqlite3.connect(store.engine.url.database or "") as connection:
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                connection.execute(f"DROP TRIGGER {name}")
            assert connection.execute(statement).rowcount == rows
        connection.close()
        return
    with store.engine.begin() as postgresql:
        postgresql.execute(text("SET LOCAL session_replication_role = replica"))
        assert postgresql.execute(text(statement)).rowcount == rows


SECOND = "encounter_id = (SELECT min(id) + 1 FROM encounters)"


def test_whole_timelines_are_counted(pager_on_each: Pager, references: list[str]) -> None:
    told = pager_on_each("audit", "verify").stdout.splitlines()
    assert told == [
        "Nothing was changed, nothing is missing: 3 encounters with 18 events, 0 certificates of 0 purged encounters.",
        "Anchor: 3 encounters, 18 events, certificate 0 none",
    ]
    assert len(references) == 3


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        (f"UPDATE events SET text = 'nothing' WHERE seq = 4 AND {SECOND}", "event 4 was changed"),
        (f"UPDATE events SET data = '{{}}' WHERE seq = 1 AND {SECOND}", "event 1 was changed"),
        (f"DELETE FROM events WHERE seq = 2 AND {SECOND}", "event 2 is missing"),
        (f"DELETE FROM events WHERE seq = 6 AND {SECOND}", "event 6 is missing"),
        (
            f"UPDATE events SET kind = 'invented' WHERE seq = 3 AND {SECOND}",
            "an event cannot be read, so it was changed",
        ),
    ],
)
def test_the_first_row_that_was_changed_or_is_missing_is_named(
    pager_on_each: Pager, references: list[str], store: SqlStore, statement: str, finding: str
) -> None:
    tamper(store, statement)
    result = pager_on_each("audit", "verify", exit_code=1)
    assert (result.stderr, result.stdout) == (f"{references[1]}: {finding}.\n", "")


def test_a_timeline_without_any_event_is_broken_whatever_is_said_of_its_length(
    pager_on_each: Pager, references: list[str], store: SqlStore
) -> None:
    tamper(store, f"DELETE FROM events WHERE {SECOND}", rows=6)
    tamper(
        store, f"UPDATE encounters SET timeline_length = 0, timeline_head = '' WHERE {SECOND.replace('encounter_', '')}"
    )
    assert pager_on_each("audit", "verify", exit_code=1).stderr == f"{references[1]}: event 1 is missing.\n"


def test_an_encounter_that_was_deleted_shows_by_its_events(
    pager_on_each: Pager, references: list[str], store: SqlStore
) -> None:
    tamper(store, f"DELETE FROM encounters WHERE reference = '{references[1]}'")
    assert "the encounter with the id 2 is missing" in pager_on_each("audit", "verify", exit_code=1).stderr


def test_further_encounters_that_were_changed_are_counted(
    pager_on_each: Pager, references: list[str], store: SqlStore
) -> None:
    tamper(store, "UPDATE events SET text = 'nothing' WHERE seq = 4", rows=3)
    told = pager_on_each("audit", "verify", exit_code=1).stderr
    assert told == f"{references[0]}: event 4 was changed. Further findings: 2.\n"


def test_an_encounter_that_is_written_to_meanwhile_is_no_finding(
    pager_on_each: Pager, references: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read = SqlEncounters.oldest

    def with_an_older_head(encounters: SqlEncounters, *, after: int, limit: int) -> list[SimpleNamespace]:
        return [
            SimpleNamespace(id=one.id, reference=one.reference, timeline_length=5, timeline_head="older")
            for one in read(encounters, after=after, limit=limit)
        ]

    monkeypatch.setattr(SqlEncounters, "oldest", with_an_older_head)
    assert "nothing is missing" in pager_on_each("audit", "verify").stdout
    assert len(references) == 3


def test_long_tables_are_read_in_batches(
    pager_on_each: Pager, references: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "BATCH", 2)
    assert ": 3 encounters with 18 events," in pager_on_each("audit", "verify").stdout
    assert len(references) == 3


def test_a_database_without_encounters_is_whole(pager_on: Pager) -> None:
    assert ": 0 encounters with 0 events," in pager_on("audit", "verify").stdout

"""`pager db upgrade` and `pager audit verify`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from pager.adapters.db.session import SqlStore
from pager.adapters.db.timeline import SqlTimeline
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
    """Change what is stored behind the back of pager."""
    with store.engine.execution_options(is_writing=True).begin() as connection:
        assert connection.execute(text(statement)).rowcount == rows


SECOND = "encounter_id = (SELECT min(id) + 1 FROM encounters)"


def test_whole_timelines_are_counted(pager_on_each: Pager, references: list[str]) -> None:
    told = pager_on_each("audit", "verify").stdout
    assert told == "Encounters checked: 3, events: 18.\nNothing was changed, nothing is missing.\n"
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
    assert result.stderr == f"{references[1]}: {finding}.\n"
    assert result.stdout.startswith("Encounters checked: 3, events: ")


def test_further_encounters_that_were_changed_are_counted(
    pager_on_each: Pager, references: list[str], store: SqlStore
) -> None:
    tamper(store, "UPDATE events SET text = 'nothing' WHERE seq = 4", rows=3)
    told = pager_on_each("audit", "verify", exit_code=1).stderr
    assert told == f"{references[0]}: event 4 was changed. Further encounters with a finding: 2.\n"


def test_an_encounter_that_is_written_to_meanwhile_is_no_finding(
    pager_on_each: Pager, references: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read = SqlTimeline.all_encounters

    def with_an_older_head(timeline: SqlTimeline) -> Iterator[SimpleNamespace]:
        for one in read(timeline):
            yield SimpleNamespace(id=one.id, reference=one.reference, timeline_length=5, timeline_head="older")

    monkeypatch.setattr(SqlTimeline, "all_encounters", with_an_older_head)
    assert "nothing is missing" in pager_on_each("audit", "verify").stdout
    assert len(references) == 3


def test_a_database_without_encounters_is_whole(pager_on: Pager) -> None:
    assert pager_on("audit", "verify").stdout.startswith("Encounters checked: 0, events: 0.")

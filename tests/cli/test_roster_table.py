"""`pager roster import` and `export`: what is printed, where, and how it ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pager.adapters.db.session import SqlStore
from pager.domain.directory import Responder
from pager.domain.roster import Shift, Tier
from tests.cli.conftest import COUNTY, Pager

HEADER = "tier,responder,start,end,stations\n"
NEW = "primary,dcfs-ben,2039-07-04T18:00,2039-07-05T08:00,compton\n"
TOLD = "added shift dcfs primary (compton) from 2039-07-04T18:00: dcfs-ben until 2039-07-05T08:00\n"


@pytest.fixture
def pager_loaded(pager_on: Pager) -> Pager:
    pager_on("load", COUNTY)
    return pager_on


def add_shift(store: SqlStore, responder: str, day: str, *stations: str) -> None:
    """Add a shift of a day, from 8:00 on, local time."""
    starts = datetime.fromisoformat(f"{day}T08:00")
    ends = starts + timedelta(days=1)
    start_at, end_at = (at.replace(tzinfo=ZoneInfo("America/Los_Angeles")).astimezone(UTC) for at in (starts, ends))
    with store.writing() as work:
        shift = Shift("dcfs", Tier.BACKUP, responder, frozenset(stations), starts, ends, start_at, end_at)
        work.directory.add(shift)


def test_exports_the_shifts_that_run_and_those_to_come_in_local_time(
    pager_loaded: Pager, sqlite_store: SqlStore
) -> None:
    add_shift(sqlite_store, "dcfs-ben", "2200-07-01", "palmdale", "lancaster")
    add_shift(sqlite_store, "dcfs-ben", "2000-07-01", "compton")
    lines = pager_loaded("roster", "export", "--agency", "dcfs").stdout.splitlines()
    assert lines[0] == "tier,responder,start,end,stations"
    assert lines[-1] == "backup,dcfs-ben,2200-07-01T08:00,2200-07-02T08:00,lancaster palmdale"
    assert not any("2000-07-01" in line for line in lines)


def test_a_name_that_a_spreadsheet_would_calculate_is_exported_as_text_and_imported_as_it_was(
    pager_loaded: Pager, sqlite_store: SqlStore
) -> None:
    with sqlite_store.writing() as work:
        work.directory.add(Responder("=1+1", "dcfs", "Formula", None, "+12135550198"))
        work.flush()
    add_shift(sqlite_store, "=1+1", "2200-07-01")
    exported = pager_loaded("roster", "export", "--agency", "dcfs").stdout
    assert exported.splitlines()[-1].startswith("backup,'=1+1,")
    again = pager_loaded("roster", "import", "-", "--agency", "dcfs", stdin=exported)
    assert again.stdout == "Nothing to change.\n"


@pytest.mark.parametrize("command", [["export"], ["import", "-"]])
def test_an_agency_that_there_is_not_is_wrong_usage(pager_loaded: Pager, command: list[str]) -> None:
    assert "did you mean dcfs?" in pager_loaded("roster", *command, "--agency", "dcsf", exit_code=2).stderr


@pytest.mark.parametrize("agency", ["dcfs", "dhs", "advocates"])
def test_what_was_exported_changes_nothing(pager_loaded: Pager, agency: str) -> None:
    exported = pager_loaded("roster", "export", "--agency", agency).stdout
    imported = pager_loaded("roster", "import", "-", "--agency", agency, "--dry-run", stdin=exported)
    assert imported.stdout == "Nothing to change.\n"


def test_imports_a_file_and_the_second_time_changes_nothing(pager_on_each: Pager, tmp_path: Path) -> None:
    pager_on_each("load", COUNTY)
    path = tmp_path / "july.csv"
    path.write_bytes(b"\xef\xbb\xbf" + (HEADER + NEW).replace(",", ";").replace("\n", "\r\n").encode())
    call = ("roster", "import", path, "--agency", "dcfs")
    assert pager_on_each(*call, "--dry-run").stdout == f"{TOLD}1 change; nothing was stored, this was a dry run.\n"
    assert pager_on_each(*call).stdout == f"{TOLD}1 change stored.\n"
    assert pager_on_each(*call).stdout == "Nothing to change.\n"


def test_a_table_with_mistakes_is_refused_whole_with_each_line(pager_loaded: Pager, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(HEADER + NEW + NEW.replace("ben", "bob") + NEW.replace("compton", "nowhere"))
    refused = pager_loaded("roster", "import", path, "--agency", "dcfs", exit_code=1)
    assert refused.stderr.splitlines() == [
        f"{path}:3: responder: there is no responder dcfs-bob",
        f"{path}:4: stations: there is no active station nowhere",
    ]
    assert refused.stdout == ""
    assert "2039-07-04T18:00" not in pager_loaded("roster", "export", "--agency", "dcfs").stdout


def test_of_many_mistakes_twenty_are_told_and_how_many_more(pager_loaded: Pager) -> None:
    text = HEADER + NEW.replace("ben", "bob") * 30
    said = pager_loaded("roster", "import", "-", "--agency", "dcfs", exit_code=1, stdin=text).stderr.splitlines()
    assert (len(said), said[-1]) == (21, "standard input: and 10 mistakes more")


def test_a_file_of_too_many_lines_is_refused_in_one_sentence(pager_loaded: Pager, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(HEADER + "primary,dcfs-ana,2026,2027,\n" * 49_999)
    said = pager_loaded("roster", "import", path, "--agency", "dcfs", exit_code=1).stderr
    assert said == f"{path}: has 50,000 lines; at most 5,000 shifts are imported at a time, so split it\n"


def test_a_file_that_is_not_there_is_wrong_usage(pager_loaded: Pager) -> None:
    assert "does not exist" in pager_loaded("roster", "import", "x.csv", "--agency", "dcfs", exit_code=2).stderr


def test_a_gap_that_it_opens_is_a_warning(pager_loaded: Pager) -> None:
    first, *_ = pager_loaded("roster", "export", "--agency", "dcfs").stdout.splitlines()[1:]
    ended = ",".join((*first.split(",")[:3], "2020-01-02T00:00", *first.split(",")[4:]))
    shown = pager_loaded("roster", "import", "-", "--agency", "dcfs", "--dry-run", stdin=f"{HEADER}{ended}\n")
    assert shown.stderr.startswith("warning: opens a gap: dcfs primary from 20")

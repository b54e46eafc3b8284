"""`pager load`: what is printed, where, and how it ends."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pager.adapters.db.one_load import one_load_at_a_time
from pager.adapters.db.session import SqlStore
from pager.domain.audit import AuditEntry
from tests.adapters.directory_support import BASE, shift, shifts
from tests.cli.conftest import COUNTY, Pager


def test_prints_each_change_once_and_nothing_the_second_time(pager_on_each: Pager) -> None:
    first = pager_on_each("load", COUNTY).stdout.splitlines()
    assert first[0] == "added agency dcfs"
    assert "added shift dcfs primary from 2020-01-01T00:00: dcfs-ana until 2040-01-01T00:00" in first
    assert first[-1] == f"{len(first) - 1} changes stored."
    assert pager_on_each("load", COUNTY).stdout == "Nothing to change.\n"


def test_a_dry_run_stores_nothing(pager_on: Pager) -> None:
    dry = pager_on("load", COUNTY, "--dry-run").stdout.splitlines()
    assert dry[-1] == f"{len(dry) - 1} changes; nothing was stored, this was a dry run."
    assert pager_on("load", COUNTY).stdout.splitlines()[:-1] == dry[:-1]


def test_a_bad_file_is_refused_whole_with_every_line_that_is_wrong(pager_on: Pager, tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(BASE + shifts(shift(who="dcfs-anna"), shift(start="2026-13-01T08:00")))
    result = pager_on("load", path, exit_code=1)
    assert result.stderr.startswith(f"{path}:10: shifts[0].responder: dcfs-anna is not one of the responders")
    assert f"{path}:11: shifts[1].start:" in result.stderr
    assert result.stdout == ""
    assert "No agency is loaded" in pager_on("roster", "show", exit_code=1).stderr


def test_a_warning_goes_to_stderr_with_its_line_and_the_file_is_loaded(pager_on: Pager, tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("agencies: [{code: dcfs, name: D}]\n")
    result = pager_on("load", path)
    assert result.stderr.startswith(f"warning: {path}:1: agencies[0]: dcfs has no duty_phone")
    assert result.stdout == "added agency dcfs\n1 change stored.\n"


def test_pruning_ends_and_deactivates_what_is_not_named(pager_on: Pager, tmp_path: Path) -> None:
    pager_on("load", COUNTY)
    path = tmp_path / "x.yaml"
    path.write_text("stations: [{code: compton, name: Compton}]\n")
    changes = pager_on("load", path, "--prune", "--force").stdout
    assert "deactivated responder dcfs-ana: not named in the file" in changes
    assert "deactivated station lancaster: not named in the file" in changes
    assert "ended shift dcfs primary from 2020-01-01T00:00: dcfs-ana" in changes
    assert pager_on("roster", "show", "--agency", "dcfs").stdout.count("nobody\n") == 3


def test_a_load_that_opens_a_gap_or_undoes_what_the_browser_did_says_so_and_how_to_go_on(
    pager_on: Pager, sqlite_store: SqlStore, tmp_path: Path
) -> None:
    pager_on("load", COUNTY)
    with sqlite_store.writing() as work:
        ana = work.directory.responder("dcfs-ana")
        at = datetime(2026, 3, 2, 11, tzinfo=UTC)
        work.audit.add(
            AuditEntry(at, "ana@county.example", "responder", ana.id, "dcfs", {"name": ana.name}, {"name": "A"})
        )
        ana.name = "A"
    path = tmp_path / "x.yaml"
    responders = '{id: dcfs-ana, agency: dcfs, name: Ana Ruiz, sms: "+12135550101", trained_until: 2035-01-31}'
    path.write_text(f"responders: [{responders}]\nstations: [{{code: compton, name: Compton}}]\n")
    refused = pager_on("load", path, "--prune", exit_code=1)
    lines = refused.stderr.splitlines()
    assert "changed in the browser on 2026-03-02 03:00 by ana@county.example" in refused.stderr
    assert any(line.startswith("opens a gap: dcfs primary from ") and line.endswith(": compton") for line in lines)
    assert lines[-1].startswith("Nothing was stored: this would undo 1 change of the browser and open ")
    assert lines[-1].endswith("load it all the same with --force.")
    warned = pager_on("load", path, "--prune", "--dry-run")
    assert all(f"warning: {line}" in warned.stderr or line == lines[-1] for line in lines if "now" not in line)
    assert "changes stored." in pager_on("load", path, "--prune", "--force").stdout


def test_a_file_may_name_what_was_loaded_before_and_may_not_clash_with_it(pager_on: Pager, tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(BASE + shifts(shift(start="2041-08-01T08:00", end="2041-08-02T08:00")))
    pager_on("load", path)
    path.write_text("shifts:\n" + shift(who="dcfs-ben", start="2041-08-01T20:00", end="2041-08-03T08:00"))
    refused = pager_on("load", path, exit_code=1).stderr
    assert refused.startswith(f"{path}:2: shifts[0]: overlaps dcfs-ana from 2041-08-01T08:00")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_load_beside_another_is_told_to_come_again(pager_on_each: Pager, store: SqlStore) -> None:
    with one_load_at_a_time(store.engine):
        assert "run this one again" in pager_on_each("load", COUNTY, exit_code=1).stderr


def test_a_station_may_only_have_a_policy_that_there_is(pager_on: Pager, tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("stations: [{code: compton, name: Compton, policy: first-respnder}]\n")
    assert "did you mean first-responder?" in pager_on("load", path, exit_code=1).stderr


def test_a_file_that_is_not_there_is_wrong_usage(pager_on: Pager) -> None:
    assert "'nowhere.yaml' does not exist" in pager_on("load", "nowhere.yaml", exit_code=2).stderr

"""`pager roster …`: who is on call, in a table that fits a terminal."""

from __future__ import annotations

import pytest

from pager.adapters.db.session import SqlStore
from tests.cli.conftest import COUNTY, Pager

LANCASTER = """On call at 2026-07-04 03:00 (America/Los_Angeles)

dcfs: Department of Children and Family Services
  lancaster
    primary     dcfs-ben      Ben Okafor
    backup      dcfs-darnell  Darnell Washington
    supervisor  dcfs-grace    Grace Kim
  duty phone    213-555-0100
"""


def test_shows_who_is_on_call_for_one_station_of_one_agency(pager_on_each: Pager) -> None:
    pager_on_each("load", COUNTY)
    shown = pager_on_each("roster", "show", "--agency", "dcfs", "--station", "lancaster", "--at", "2026-07-04T03:00")
    assert shown.stdout == LANCASTER


def test_stations_with_the_same_people_stand_together(pager_on: Pager) -> None:
    pager_on("load", COUNTY)
    shown = pager_on("roster", "show").stdout
    assert shown.count("  lancaster, palmdale\n") == 5
    assert shown.count("  century, compton, lapd-77th, lapd-southeast, long-beach, santa-clarita,\n") == 5
    assert max(map(len, shown.splitlines())) <= 80


def test_a_tier_with_nobody_says_so(pager_on: Pager) -> None:
    pager_on("load", COUNTY)
    shown = pager_on("roster", "show", "--agency", "dhs", "--at", "2019-12-31T23:59").stdout
    assert shown.count("nobody\n") == 3
    assert pager_on("roster", "show", "--agency", "dhs", "--at", "2020-01-01T00:00").stdout.count("nobody\n") == 0


@pytest.mark.parametrize(
    ("time", "shown"),
    [
        ("2026-07-04T03:00", "2026-07-04 03:00 (America/Los_Angeles)"),
        ("2026-07-04T10:00Z", "2026-07-04 03:00 (America/Los_Angeles)"),
        ("2026-07-04 06:00-04:00", "2026-07-04 03:00 (America/Los_Angeles)"),
        ("2026-07-04", "2026-07-04 00:00 (America/Los_Angeles)"),
    ],
)
def test_a_time_without_an_offset_is_local(pager_on: Pager, time: str, shown: str) -> None:
    pager_on("load", COUNTY)
    assert pager_on("roster", "show", "--at", time).stdout.startswith(f"On call at {shown}\n")


@pytest.mark.parametrize("time", ["soon", "2026-02-30T00:00", "2026-03-08T02:30", "9999-12-31T23:59"])
def test_a_time_that_does_not_exist_is_refused(pager_on: Pager, time: str) -> None:
    refused = pager_on("roster", "show", "--at", time, exit_code=2).stderr
    assert f"{time} is not a time that exists; write it like 2026-07-04T03:00" in refused


@pytest.mark.parametrize(("option", "code", "hint"), [("--agency", "dfcs", "dcfs"), ("--station", "comton", "compton")])
def test_an_unknown_code_is_refused_with_what_was_meant(pager_on: Pager, option: str, code: str, hint: str) -> None:
    pager_on("load", COUNTY)
    assert f"{code} is unknown; did you mean {hint}?" in pager_on("roster", "show", option, code, exit_code=2).stderr


def test_what_is_wrong_with_somebody_on_call_is_shown(pager_on: Pager, sqlite_store: SqlStore) -> None:
    pager_on("load", COUNTY)
    with sqlite_store.writing() as work:
        ana = work.directory.responder("dcfs-ana")
        ana.sms_opted_out_at = work.directory.shifts()[0].start_at
        ana.trained_until = work.directory.shifts()[0].starts.date()
    shown = pager_on("roster", "show", "--agency", "dcfs", "--station", "compton").stdout
    assert "dcfs-ana      Ana Ruiz  (training ended 2020-01-01)  (no SMS: opted out)\n" in shown


def test_says_what_to_do_while_nothing_is_loaded(pager_on: Pager) -> None:
    assert "run `pager load FILE`" in pager_on("roster", "show", exit_code=1).stderr

"""`pager trigger`: pages, or says whom to telephone."""

from __future__ import annotations

from pathlib import Path

import pytest

from pager.adapters.db.session import SqlStore
from pager.domain.page import PageState
from tests.cli.conftest import COUNTY, SECRET_KEY, Pager

TRIGGER = ("trigger", "--station", "compton", "--callback", "310-555-0100")
FALLBACK = "Ring the county desk."


def test_opens_an_encounter_with_a_page_for_each_agency(pager_on: Pager, sqlite_store: SqlStore) -> None:
    pager_on("load", COUNTY)
    lines = pager_on(*TRIGGER).stdout.splitlines()
    with sqlite_store.reading() as work:
        encounter = work.encounters.find(lines[0].split()[0])
        assert encounter is not None
        pages = work.encounters.pages(encounter.id)
    assert [page.state for page in pages] == [PageState.PAGING] * 5
    assert lines[1:3] == ["station     compton", "callback    310-555-0100"]
    assert lines[3].endswith("(America/Los_Angeles)")
    assert lines[4] == "agencies    dcfs, dhs, dmh, probation, advocates"


def test_a_drill_says_so_and_keeps_its_extension(pager_on: Pager) -> None:
    pager_on("load", COUNTY)
    shown = pager_on("trigger", "--station", "compton", "--callback", "310-555-0100 x12", "--drill").stdout
    assert shown.startswith("DRILL ")
    assert "callback    310-555-0100 x12\n" in shown


def test_what_could_not_be_done_is_a_warning_and_the_page_goes_out(pager_on: Pager) -> None:
    pager_on("load", COUNTY)
    result = pager_on(*TRIGGER, "--note", "call 213-555-0177", "--leave-out", "dcfs")
    assert "note left out:" in result.stderr
    assert "leave_out: the policy does not let dcfs be left out; it is paged" in result.stderr
    assert "the paging engine is silent" in result.stderr
    assert "agencies    dcfs, dhs" in result.stdout


@pytest.mark.parametrize("note", ["Side door", "Side door, or ring 310-555-0100", "310-555-0100 x12"])
def test_a_note_may_hold_the_callback(pager_on: Pager, sqlite_store: SqlStore, note: str) -> None:
    pager_on("load", COUNTY)
    arguments = ("trigger", "--station", "compton", "--callback", "310-555-0100 x12", "--note", note)
    result = pager_on(*arguments, PAGER_SECRET_KEY=SECRET_KEY)
    assert "note left out" not in result.stderr
    with sqlite_store.reading() as work:
        encounter = work.encounters.find(result.stdout.split()[0])
        assert encounter is not None
        assert work.timeline.words(encounter.id) == {1: note}


@pytest.mark.parametrize(
    ("station", "callback", "told"),
    [("comptn", "310-555-0100", "station is unknown; known are:"), ("compton", "12", "callback is not a telephone")],
)
def test_a_refusal_tells_whom_to_telephone(pager_on: Pager, station: str, callback: str, told: str) -> None:
    pager_on("load", COUNTY)
    arguments = ("trigger", "--station", station, "--callback", callback)
    result = pager_on(*arguments, exit_code=1, PAGER_FALLBACK_TEXT=FALLBACK)
    assert result.stderr.startswith(f"Refused: {told}")
    assert result.stderr.endswith(f"\n{FALLBACK}\n")
    assert result.stdout == ""


def test_a_database_that_is_away_tells_whom_to_telephone(pager: Pager) -> None:
    away = "postgresql+psycopg://postgres@/x?host=/nowhere"
    refused = pager(*TRIGGER, exit_code=1, PAGER_DATABASE_URL=away, PAGER_FALLBACK_TEXT=FALLBACK).stderr
    assert refused.splitlines()[1:] == [FALLBACK]


def test_wrong_settings_and_wrong_policies_tell_whom_to_telephone(pager_on: Pager, tmp_path: Path) -> None:
    assert "Nobody has been paged. Telephone" in pager_on(*TRIGGER, exit_code=2, PAGER_TIMEZONE="Mars").stderr
    assert "Nobody has been paged. Telephone" in pager_on(*TRIGGER, exit_code=1, PAGER_POLICIES=str(tmp_path)).stderr


def test_station_and_callback_are_required(pager_on: Pager) -> None:
    assert "Missing option '--callback'" in pager_on("trigger", "--station", "compton", exit_code=2).stderr

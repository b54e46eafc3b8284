"""`pager roster list`: whom to telephone, on one sheet of plain text."""

from __future__ import annotations

from datetime import timedelta

from pager.adapters.db.session import SqlStore
from pager.clock import wall_time
from pager.domain.roster import Tier
from tests.cli.conftest import COUNTY, Pager
from tests.cli.test_roster_gaps import end

LINES_OF_A_SHEET = 66  # letter paper, six lines an inch


def test_the_demonstration_county_fits_one_sheet(pager_on_each: Pager) -> None:
    pager_on_each("load", COUNTY)
    lines = pager_on_each("roster", "list").stdout.splitlines()
    assert len(lines) <= LINES_OF_A_SHEET
    assert max(map(len, lines)) <= 80
    assert "  primary    the end             Ana Ruiz              213-555-0101 same" in lines
    assert "  backup     the end             Darnell Washington    310-555-0102 213-555-0102" in lines
    assert "DCFS --------------------------------------------------- duty phone 213-555-0100" in lines


def test_it_says_how_to_use_it_until_when_and_when_it_was_printed(pager_on: Pager) -> None:
    pager_on("load", COUNTY)
    shown = pager_on("roster", "list").stdout
    assert shown.startswith("WHOM TO TELEPHONE until ")
    assert "\nPrinted " in shown
    assert f"{wall_time().year}; times are those of America/Los_Angeles\n" in shown
    assert "- If pager is down, telephone these people: at each agency the primary" in shown


def test_it_is_as_long_as_it_is_asked_to_be(pager_on: Pager, sqlite_store: SqlStore) -> None:
    pager_on("load", COUNTY)
    with sqlite_store.writing() as work:
        for shift in work.directory.shifts(["dcfs"]):
            if shift.tier is Tier.PRIMARY:
                end(shift, wall_time() + timedelta(hours=30))
    ending = pager_on("roster", "list", "--agency", "dcfs").stdout
    assert "nobody: duty phone    213-555-0100" in ending
    assert "DMH" not in ending
    assert "nobody" not in pager_on("roster", "list", "--agency", "dcfs", "--hours", 24).stdout


def test_a_long_name_is_cut_and_a_long_number_is_not(pager_on: Pager, sqlite_store: SqlStore) -> None:
    pager_on("load", COUNTY)
    with sqlite_store.writing() as work:
        ana = work.directory.responder("dcfs-ana")
        ana.name, ana.voice = "Ana Maria Ruiz de la Vega y Castellanos", "+442079460000"
    lines = pager_on("roster", "list").stdout.splitlines()
    assert "  primary    the end             Ana Maria Ruiz de l. +442079460000 213-555-0101" in lines
    assert max(map(len, lines)) <= 80


def test_an_agency_that_there_is_not_is_refused(pager_on: Pager) -> None:
    pager_on("load", COUNTY)
    assert "did you mean dcfs?" in pager_on("roster", "list", "--agency", "dcsf", exit_code=2).stderr

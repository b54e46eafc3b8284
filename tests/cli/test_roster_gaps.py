"""`pager roster gaps`: where nobody will be on call, with exit code 1 where that is so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pager.adapters.db.session import SqlStore
from pager.clock import wall_time
from pager.domain.directory import Agency
from pager.domain.roster import Shift, Tier
from tests.cli.conftest import COUNTY, Pager

LOS_ANGELES = ZoneInfo("America/Los_Angeles")
AHEAD = (wall_time() + timedelta(days=5)).astimezone(LOS_ANGELES).replace(hour=18, minute=0, second=0, microsecond=0)
BACK = (AHEAD + timedelta(days=1)).replace(hour=8)


def end(shift: Shift, at: datetime) -> None:
    shift.end_at, shift.ends = at, at.astimezone(LOS_ANGELES).replace(tzinfo=None)


def begin_again(shift: Shift) -> Shift:
    """Return a shift of the same person from `BACK` on."""
    start = BACK.astimezone(LOS_ANGELES).replace(tzinfo=None)
    ends = start + timedelta(days=300)
    at = BACK + timedelta(days=300)
    return Shift(shift.agency, shift.tier, shift.responder, shift.stations, start, ends, BACK, at)


@pytest.fixture
def leave(pager_on: Pager, sqlite_store: SqlStore) -> Callable[[str, Tier], None]:
    """Leave a tier of an agency without anybody for one night; Lancaster and Palmdale may have people of their own."""
    pager_on("load", COUNTY)

    def carry_out(agency: str, tier: Tier) -> None:
        with sqlite_store.writing() as work:
            for shift in work.directory.shifts([agency]):
                if shift.tier is tier and not shift.stations:
                    end(shift, AHEAD)
                    work.directory.add(begin_again(shift))

    return carry_out


Leave = Callable[[str, Tier], None]


def test_without_a_gap_it_says_so(pager_on_each: Pager) -> None:
    pager_on_each("load", COUNTY)
    said = pager_on_each("roster", "gaps").stdout
    assert said.startswith("No gaps: somebody is on call on every tier that is paged, until ")


def test_a_gap_is_told_with_its_stations_its_local_time_and_the_duty_phone(pager_on: Pager, leave: Leave) -> None:
    leave("dcfs", Tier.BACKUP)
    leave("dhs", Tier.PRIMARY)
    found = pager_on("roster", "gaps", exit_code=1)
    until, *lines = found.stdout.splitlines()
    assert until.startswith("Gaps until ")
    when = f"from {AHEAD:%Y-%m-%d} 18:00 to {BACK:%Y-%m-%d} 08:00"
    assert lines == [
        "",
        "dcfs: Department of Children and Family Services",
        f"  backup      {when}",
        "              all stations",
        "  duty phone  213-555-0100 is called then",
        "",
        "dhs: Department of Health Services",
        f"  primary     {when}",
        "              century, compton, lapd-77th, lapd-southeast, long-beach,",
        "              santa-clarita, transit-bureau",
        "  duty phone  213-555-0110 is called then",
    ]
    assert found.stderr == "2 gaps: put somebody on call.\n"


def test_what_it_is_asked_for_narrows_it(pager_on: Pager, leave: Leave) -> None:
    leave("dhs", Tier.PRIMARY)
    for narrowed in (("--days", 4), ("--agency", "dcfs"), ("--station", "lancaster")):
        assert pager_on("roster", "gaps", *narrowed).stdout.startswith("No gaps")
    only = pager_on("roster", "gaps", "--agency", "dhs", "--station", "compton", exit_code=1)
    assert "              compton\n" in only.stdout
    assert only.stderr == "1 gap: put somebody on call.\n"


def test_a_gap_that_is_there_and_does_not_end_says_so(pager_on: Pager, sqlite_store: SqlStore, leave: Leave) -> None:
    leave("dmh", Tier.SUPERVISOR)
    with sqlite_store.writing() as work:
        for shift in work.directory.shifts(["dmh"]):
            work.directory.remove(shift)
        agency: Agency = work.directory.agency("dmh")
        agency.duty_phone = None
    shown = pager_on("roster", "gaps", "--agency", "dmh", exit_code=1).stdout
    assert shown.count("from now on\n              all stations\n") == len(Tier)
    assert "  duty phone  none: nobody is called then\n" in shown


@pytest.mark.parametrize("days", ["0", "93", "soon"])
def test_days_that_cannot_be_looked_ahead_are_wrong_usage(pager_on: Pager, days: str) -> None:
    assert "--days" in pager_on("roster", "gaps", "--days", days, exit_code=2).stderr


def test_says_what_to_do_while_nothing_is_loaded(pager_on: Pager) -> None:
    assert "run `pager load FILE`" in pager_on("roster", "gaps", exit_code=1).stderr

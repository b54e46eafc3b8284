"""The page of gaps: where nobody will be on call, who is to be seen to, and who sees whose."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from pager.domain.directory import Station
from pager.domain.roster import Tier
from pager.lifecycle.turn import writing
from tests.clock import START
from tests.web.pages_support import ADMIN, DCFS, DISPATCHER, VIEWER, signed_in, texts
from tests.world import World

ALL = ("advocates", "dcfs", "dhs", "dmh", "probation")


def leave(world: World, agency: str, tier: Tier, at: datetime = START, stations: str = "") -> None:
    """Let the one on this tier go at an instant, or serve some stations only."""
    with world.store.writing() as work:
        found = next(one for one in work.directory.shifts([agency]) if one.tier is tier)
        if stations:
            found.stations = frozenset([stations])
        else:
            found.end_at, found.ends = at, at.replace(tzinfo=None)


def part(app: Flask, agency: str, email: str = VIEWER) -> str:
    [text] = texts(signed_in(app, email).get("/coverage").text, f"coverage-{agency}")
    return text


def test_says_that_there_is_no_gap(app: Flask) -> None:
    page = signed_in(app, VIEWER).get("/coverage").text
    assert "No gaps in the next 14 days" in page
    assert page.count("No gaps.") == len(ALL)


def test_shows_a_gap_with_tier_local_time_and_stations(app: Flask, world: World) -> None:
    leave(world, "dcfs", Tier.BACKUP, START + timedelta(days=3))
    leave(world, "dhs", Tier.PRIMARY, stations="compton")
    assert "2 gaps in the next 14 days" in signed_in(app, VIEWER).get("/coverage").text
    assert "no backup Thu Mar 5, 3:00am to beyond Mon Mar 16 all stations Then the next tier" in part(app, "dcfs")
    assert "no primary now to beyond Mon Mar 16 Lancaster Stn" in part(app, "dhs")


def test_many_stations_with_the_same_gap_are_one_row(app: Flask, world: World) -> None:
    with writing(world.context) as turn:
        for number in range(21):
            turn.work.directory.add(Station(f"s{number}", f"S {number}", f"S {number}", "first-responder"))
    leave(world, "dmh", Tier.PRIMARY, stations="compton")
    text = part(app, "dmh")
    assert text.count("no primary") == 1
    assert all(f"S {number}" in text for number in range(21))


def test_says_whether_a_duty_phone_stands_in(app: Flask, world: World) -> None:
    leave(world, "dcfs", Tier.PRIMARY)
    assert "and the duty phone called." in part(app, "dcfs")
    with world.store.writing() as work:
        work.directory.agency("dcfs").duty_phone = None
    assert "There is no duty phone." in part(app, "dcfs")


def test_names_who_is_on_the_roster_and_has_something_to_be_seen_to(app: Flask, world: World) -> None:
    with world.store.writing() as work:
        work.directory.responder("dcfs-ana").trained_until = date(2026, 3, 31)
        work.directory.responder("dcfs-ben").trained_until = date(2026, 2, 1)
        work.directory.responder("dcfs-cho").sms_opted_out_at = START
        work.directory.responder("dhs-dan").trained_until = date(2026, 4, 2)
    text = part(app, "dcfs")
    assert "Ana Ruiz : training ends Mar 31, 2026. On call now." in text
    assert "Ben Okafor : training ended Feb 1, 2026. On call now." in text
    assert "Cho Park : opted out of SMS, so they are only called. On call now." in text
    assert "to be seen to" not in part(app, "dhs")


@pytest.mark.parametrize("email", [ADMIN, DISPATCHER, VIEWER])
def test_everybody_of_the_county_sees_all_agencies(app: Flask, email: str) -> None:
    page = signed_in(app, email).get("/coverage").text
    assert [code for code in ALL if f'id="coverage-{code}"' in page] == list(ALL)


def test_an_agency_s_administrator_sees_theirs_alone(app: Flask, world: World) -> None:
    leave(world, "dhs", Tier.PRIMARY)
    page = signed_in(app, DCFS).get("/coverage").text
    assert [code for code in ALL if f'id="coverage-{code}"' in page] == ["dcfs"]
    assert "No gaps in the next 14 days" in page


def test_an_agency_that_is_not_active_is_left_out(app: Flask, world: World) -> None:
    with world.store.writing() as work:
        work.directory.agency("dmh").is_active = False
    assert texts(signed_in(app, ADMIN).get("/coverage").text, "coverage-dmh") == []


@pytest.mark.parametrize(("email", "count"), [(ADMIN, 5), (DCFS, 1), (DISPATCHER, 0), (VIEWER, 0)])
def test_leads_those_who_keep_a_roster_to_it(app: Flask, email: str, count: int) -> None:
    browser = signed_in(app, email)
    links = re.findall(r'href="(/agencies/\w+/roster)">Roster of', browser.get("/coverage").text)
    assert len(links) == count
    assert all(browser.get(link).status_code == 200 for link in links)


def test_holds_no_telephone_number(app: Flask, world: World) -> None:
    for agency in ALL:
        leave(world, agency, Tier.PRIMARY)
    assert "555-01" not in signed_in(app, VIEWER).get("/coverage").text

"""The pages on which an agency's administrator keeps its roster."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from pager.domain.roster import EntryKind, Shift, Tier, on_call
from pager.domain.rotation import Rotation
from tests.clock import START
from tests.web.pages_support import ADMIN, DCFS, DISPATCHER, VIEWER, post, signed_in
from tests.world import World

ROSTER = "/agencies/dcfs/roster"
NEW = f"{ROSTER}/new"
ROTATION = "/agencies/dcfs/rotations/new"
BEN_FOR_ANA = {
    "kind": "override",
    "tier": "primary",
    "responder": "dcfs-ben",
    "start": "2026-03-07T18:00",
    "end": "2026-03-08T08:00",
}


MARCH = {"start": "2026-01-01T00:00", "end": "2026-03-10T00:00"}
TURNS = {
    "tier": "primary",
    "responders-0": "dcfs-ana",
    "responders-1": "dcfs-ben",
    "every": "7",
    "unit": "days",
    "start": "2026-03-01T08:00",
    "end": "",
}


def shifts(world: World, agency: str = "dcfs") -> list[Shift]:
    with world.store.reading() as work:
        return list(work.directory.shifts([agency]))


def overrides(world: World) -> list[Shift]:
    return [one for one in shifts(world) if one.kind is EntryKind.OVERRIDE]


def rotations(world: World) -> list[Rotation]:
    with world.store.reading() as work:
        return list(work.directory.rotations(["dcfs"]))


def page_of(world: World, tier: Tier = Tier.PRIMARY) -> str:
    """Return the page of the shift by which the county's file has somebody on a tier."""
    return f"{ROSTER}/{next(one.id for one in shifts(world) if one.tier is tier)}"


def primary_at_midnight(world: World) -> str:
    """Return who is called first in the night from Saturday to Sunday."""
    with world.store.reading() as work:
        at = START + timedelta(days=5, hours=21)
        return on_call(work.directory.entries(["dcfs"], at, at + timedelta(hours=1)), "compton", at)[Tier.PRIMARY]


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    """A browser in which the agency's administrator is signed in."""
    return signed_in(app, DCFS)


def told(browser: FlaskClient, path: str, **fields: Any) -> str:
    """Post a form that is refused, and return the page that says why."""
    answer = post(browser, path, **fields)
    assert answer.status_code == 422
    return answer.text


def test_the_first_page_of_an_agencys_administrator_is_its_roster(admin: FlaskClient) -> None:
    answer = admin.get("/", follow_redirects=True)
    assert answer.request.path == ROSTER
    assert "Ana Ruiz" in answer.text


@pytest.mark.parametrize("path", ["", "?view=month", "?day=2026-11-01", "?day=nonsense&view=other", "?day=9999-12-31"])
def test_every_period_is_shown(admin: FlaskClient, path: str) -> None:
    assert admin.get(ROSTER + path).status_code == 200


def test_another_agencys_pages_are_closed_to_its_administrator(app: Flask, admin: FlaskClient) -> None:
    paths = ("/agencies/dhs/roster", "/agencies/dhs/roster/new", "/agencies/dhs/rotations/new", "/agencies/no/roster")
    assert [admin.get(path).status_code for path in paths] == [403] * 4
    assert post(admin, "/agencies/dhs/roster/new", form=NEW, **BEN_FOR_ANA).status_code == 403
    assert signed_in(app, ADMIN).get("/agencies/no/roster").status_code == 404
    assert [signed_in(app, one).get(ROSTER).status_code for one in (DISPATCHER, VIEWER)] == [403, 403]


def test_another_agencys_entry_is_not_found_under_ones_own(admin: FlaskClient, world: World) -> None:
    theirs = shifts(world, "dhs")[0].id
    assert admin.get(f"{ROSTER}/{theirs}").status_code == 404
    assert post(admin, f"{ROSTER}/{theirs}", form=NEW, **BEN_FOR_ANA).status_code == 409
    assert len(shifts(world, "dhs")) == 3


def test_an_override_puts_somebody_else_on_call(admin: FlaskClient, world: World) -> None:
    answer = post(admin, NEW, **BEN_FOR_ANA)
    assert answer.status_code == 303
    page = admin.get(answer.location).text
    assert "On the roster: Ben Okafor, primary, Sat Mar 7, 6:00pm to Sun Mar 8, 8:00am." in page
    assert "override" in page
    assert primary_at_midnight(world) == "dcfs-ben"


def test_the_audit_says_who_put_whom_on_call(admin: FlaskClient) -> None:
    post(admin, NEW, **BEN_FOR_ANA)
    page = admin.get("/audit").text
    assert "dcfs primary from 2026-03-07T18:00" in page
    assert DCFS in page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"end": "2026-03-07T18:00"}, "2026-03-07T18:00 should be after the start"),
        ({"start": "2026-03-08T02:30"}, "does not exist in America/Los_Angeles"),
        ({"start": "soon"}, "write it like 2026-07-04T18:00"),
        ({"responder": "dhs-dan"}, "Choose one of those offered."),
        ({"responder": ""}, "Choose who is on call."),
        ({"stations": "mars"}, "There is no active station mars."),
        ({"tier": "first"}, "Choose one of those offered."),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(
    admin: FlaskClient, world: World, fields: dict[str, str], said: str
) -> None:
    page = told(admin, NEW, **(BEN_FOR_ANA | fields))
    assert said in page
    assert 'value="2026-03-08T08:00"' in page or "end" in fields
    assert overrides(world) == []


@pytest.mark.parametrize("year", ["9998", "9999", "0001", "1969"])
@pytest.mark.parametrize("path", [NEW, ROTATION])
def test_a_year_that_is_a_slip_is_told_and_nothing_else_stops(
    admin: FlaskClient, world: World, path: str, year: str
) -> None:
    fields = BEN_FOR_ANA if path == NEW else TURNS
    page = told(admin, path, **(fields | {"start": f"{year}-12-31T18:00", "end": f"{year}-12-31T23:00"}))
    assert "write a year from 1970 to 2200" in page or "is no time" in page
    assert world.trigger().overview.pages


def test_nobody_is_put_on_call_in_the_past(admin: FlaskClient, world: World) -> None:
    past = {"start": "2026-02-01T08:00", "end": "2026-02-02T08:00"}
    assert "Is past already" in told(admin, NEW, **(BEN_FOR_ANA | past))
    assert overrides(world) == []


def test_what_is_over_stays_as_it_was_and_says_so(admin: FlaskClient, world: World) -> None:
    post(admin, NEW, **BEN_FOR_ANA)
    path = f"{ROSTER}/{overrides(world)[0].id}"
    seen = seen_on(admin, path)
    world.clock.move(timedelta(minutes=30))
    with world.store.writing() as work:
        entry = next(one for one in work.directory.shifts(["dcfs"]) if one.kind is EntryKind.OVERRIDE)
        entry.start_at, entry.end_at = START - timedelta(days=2), START - timedelta(days=1)
    seen = seen_on(admin, path)
    answer = post(admin, f"{path}/remove", form=path, seen=seen)
    assert "Over, so it stays as it was: Ben Okafor" in admin.get(answer.location).text
    assert len(overrides(world)) == 1


def test_who_is_on_two_tiers_at_once_is_told(admin: FlaskClient) -> None:
    answer = post(admin, NEW, **BEN_FOR_ANA)
    assert "Ben Okafor is on the roster as backup at that time, too" in admin.get(answer.location).text


def test_two_entries_that_begin_at_one_local_time_an_hour_apart_are_told(admin: FlaskClient) -> None:
    night = {"start": "2026-11-01T01:30", "start_which": "0", "end": "2026-11-01T01:30", "end_which": "1"}
    assert post(admin, NEW, **(BEN_FOR_ANA | night)).status_code == 303
    after = {"start": "2026-11-01T01:30", "start_which": "1", "end": "2026-11-01T08:00"}
    assert "an hour apart as the clocks go back" in told(admin, NEW, **(BEN_FOR_ANA | after))
    assert "01:30 PDT" in admin.get(f"{ROSTER}?day=2026-11-01").text


def test_two_people_on_one_tier_at_once_are_refused_and_the_other_is_named(admin: FlaskClient, world: World) -> None:
    page = told(admin, NEW, **(BEN_FOR_ANA | {"kind": "shift"}))
    assert "Overlaps the shift of dcfs-ana from 2026-01-01T00:00 to 2027-01-01T00:00" in page
    assert len(shifts(world)) == 3


def test_which_one_is_meant_is_asked_of_a_time_that_comes_twice(admin: FlaskClient, world: World) -> None:
    night = BEN_FOR_ANA | {"start": "2026-11-01T01:30", "end": "2026-11-01T08:00"}
    page = told(admin, NEW, **night)
    assert "The clocks go back over this time, so it comes twice." in page
    assert post(admin, NEW, **night, start_which="1").status_code == 303
    [entry] = overrides(world)
    assert entry.start_at.isoformat() == "2026-11-01T09:30:00+00:00"


def test_a_shift_is_shortened_and_the_gap_that_it_leaves_is_told(admin: FlaskClient, world: World) -> None:
    path = page_of(world)
    seen = seen_on(admin, path)
    answer = post(admin, path, kind="shift", tier="primary", responder="dcfs-ana", seen=seen, **MARCH)
    page = admin.get(answer.location).text
    assert "Nobody is primary from Tue Mar 10, 12:00am" in page
    assert "Nobody" in admin.get(f"{ROSTER}?day=2026-03-10").text


def test_who_is_taken_off_before_it_began_is_gone_and_what_has_begun_ends(admin: FlaskClient, world: World) -> None:
    post(admin, NEW, **BEN_FOR_ANA)
    [entry] = overrides(world)
    for path in (f"{ROSTER}/{entry.id}", page_of(world)):
        assert post(admin, f"{path}/remove", form=path, seen=seen_on(admin, path)).status_code == 303
    assert overrides(world) == []
    ended = next(one for one in shifts(world) if one.tier is Tier.PRIMARY)
    assert (ended.responder, ended.end_at) == ("dcfs-ana", START)


def test_the_second_of_two_administrators_is_shown_what_the_first_has_changed(app: Flask, world: World) -> None:
    first, second, path = signed_in(app, DCFS), signed_in(app, ADMIN), page_of(world)
    seen = seen_on(second, path)
    entry = {"kind": "shift", "tier": "primary", **MARCH}
    post(first, path, **entry, responder="dcfs-ben", seen=seen)
    answer = post(second, path, **entry, responder="dcfs-cho", seen=seen)
    assert answer.status_code == 409
    assert f"{DCFS} has changed this since you opened it. It is now: <strong>Ben Okafor, primary" in answer.text
    assert '<option selected value="dcfs-cho">' in answer.text
    assert post(second, path, **entry, responder="dcfs-cho", seen=seen_in(answer.text)).status_code == 303
    assert {one.responder for one in shifts(world) if one.tier is Tier.PRIMARY} == {"dcfs-cho"}


def test_what_was_taken_off_meanwhile_is_told_and_can_be_put_on_anew(app: Flask, world: World) -> None:
    first, second = signed_in(app, DCFS), signed_in(app, ADMIN)
    post(first, NEW, **BEN_FOR_ANA)
    path = f"{ROSTER}/{overrides(world)[0].id}"
    seen = seen_on(second, path)
    post(first, f"{path}/remove", form=path, seen=seen)
    answer = post(second, path, form=NEW, **BEN_FOR_ANA, seen=seen)
    assert answer.status_code == 409
    assert "taken this off the roster" in answer.text
    assert f'action="{NEW}"' in answer.text


def test_a_page_that_waits_looks_at_the_changed_roster_at_once(admin: FlaskClient, world: World) -> None:
    reference = world.trigger().overview.encounter.reference
    path = page_of(world, Tier.BACKUP)
    assert due_at(world, reference) > world.clock.now()
    post(admin, path, kind="shift", tier="backup", responder="dcfs-cho", seen=seen_on(admin, path), **MARCH)
    assert due_at(world, reference) == world.clock.now()


def due_at(world: World, reference: str) -> datetime:
    """Return when the agency's page is looked at next."""
    with world.store.reading() as work:
        encounter = work.encounters.find(reference)
        assert encounter is not None
        [due] = [page.due_at for page in work.encounters.pages(encounter.id) if page.agency == "dcfs"]
    assert due is not None
    return due


def test_people_take_turns(admin: FlaskClient, world: World) -> None:
    answer = post(admin, ROTATION, **TURNS)
    page = admin.get(answer.location).text
    assert "On the roster: the rotation of Ana Ruiz and Ben Okafor, primary" in page
    assert [one.responders for one in rotations(world)] == [("dcfs-ana", "dcfs-ben")]
    assert "each for 7 days" in page


def test_a_rotation_fills_the_gap_that_an_ended_shift_has_left(admin: FlaskClient, world: World) -> None:
    path = page_of(world)
    post(admin, f"{path}/remove", form=path, seen=seen_on(admin, path))
    assert "Nobody" in admin.get(ROSTER).text
    post(admin, ROTATION, **TURNS)
    assert "Nobody" not in admin.get(ROSTER).text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"every": "0"}, "Write a whole number, like 7."),
        ({"every": "400"}, "Should be from one hour to 366 days."),
        ({"responders-0": "", "responders-1": ""}, "Is empty; name those who take turns"),
        ({"end": "2026-01-01T00:00"}, "should be after the start"),
    ],
)
def test_a_rotation_that_cannot_be_is_told(admin: FlaskClient, world: World, fields: dict[str, str], said: str) -> None:
    assert said in told(admin, ROTATION, **(TURNS | fields))
    assert rotations(world) == []


def test_a_second_rotation_of_one_place_is_refused(admin: FlaskClient) -> None:
    post(admin, ROTATION, **TURNS)
    assert "two people at once" in told(admin, ROTATION, **TURNS)


def test_a_rotation_that_is_over_gives_its_place_up(admin: FlaskClient, world: World) -> None:
    post(admin, ROTATION, **(TURNS | {"start": "2026-02-01T08:00", "end": "2026-02-20T08:00"}))
    assert post(admin, ROTATION, **TURNS).status_code == 303
    assert [one.ends for one in rotations(world)] == [None]


def test_a_successor_before_the_end_is_told_to_wait(admin: FlaskClient) -> None:
    post(admin, ROTATION, **(TURNS | {"end": "2026-04-01T08:00"}))
    page = told(admin, ROTATION, **(TURNS | {"start": "2026-05-01T08:00"}))
    assert "Has a rotation for these stations already" in page


def test_the_second_of_two_administrators_hears_of_a_changed_rotation(app: Flask, world: World) -> None:
    first, second = signed_in(app, DCFS), signed_in(app, ADMIN)
    post(first, ROTATION, **TURNS)
    path = f"/agencies/dcfs/rotations/{rotations(world)[0].id}"
    seen = seen_on(second, path)
    post(first, path, **(TURNS | {"every": "1"}), seen=seen)
    answer = post(second, path, **(TURNS | {"every": "2"}), seen=seen)
    assert answer.status_code == 409
    assert post(second, path, **(TURNS | {"every": "2"}), seen=seen_in(answer.text)).status_code == 303
    assert [one.every for one in rotations(world)] == [timedelta(days=2)]


def test_a_rotation_that_has_begun_ends_now(admin: FlaskClient, world: World) -> None:
    post(admin, ROTATION, **(TURNS | {"start": "2026-03-01T08:00"}))
    path = f"/agencies/dcfs/rotations/{rotations(world)[0].id}"
    post(admin, f"{path}/remove", form=path, seen=seen_on(admin, path))
    assert [one.end_at for one in rotations(world)] == [START]


def seen_on(browser: FlaskClient, path: str) -> str:
    return seen_in(browser.get(path).text)


def seen_in(html: str) -> str:
    """Return what a page has shown of an entry, as its form carries it."""
    return html.partition('name="seen" type="hidden" value="')[2].partition('"')[0]

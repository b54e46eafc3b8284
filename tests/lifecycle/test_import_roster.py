"""Importing shifts: what is known is changed, what is new is added, and with one mistake nothing happens."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pager.adapters.roster_csv import MOST_SHIFTS, read_shifts, write_shifts
from pager.domain.draft import Surroundings
from pager.domain.local_time import after_the_jump, instant
from pager.domain.roster import EntryKind, Shift, Tier
from pager.domain.roster_lines import LineMistake, TableError, plan
from pager.lifecycle.import_roster import Import, import_roster, preview_import
from pager.lifecycle.keep_roster import surroundings
from pager.lifecycle.turn import reading, writing
from tests.people import ANA, BEN
from tests.work import work
from tests.world import World

HEADER = "tier,responder,start,end,stations\n"
NEW = "primary,dcfs-ben,2026-07-04T18:00,2026-07-05T08:00,compton\n"
OTHER = NEW.replace("primary", "supervisor").replace("ben", "cho")
WHOLE = "primary,dcfs-ana,2026-01-01T00:00,2027-01-01T00:00,\n"
ZONE = ZoneInfo("America/Los_Angeles")
ADMIN = "admin@county.example"


def load(world: World, rows: str, **more: str) -> Import:
    return import_roster(world.context, "dcfs", read_shifts(HEADER + rows), ADMIN, **more)


def preview(world: World, rows: str) -> Import:
    return preview_import(world.context, "dcfs", read_shifts(HEADER + rows))


def roster(world: World) -> list[Shift]:
    with reading(world.context) as turn:
        return list(turn.work.directory.shifts(["dcfs"]))


def refused(world: World, rows: str) -> list[LineMistake]:
    """Return what is wrong with a table that leaves everything as it is."""
    before = roster(world)
    with pytest.raises(TableError) as caught:
        load(world, rows)
    assert roster(world) == before
    return list(caught.value.mistakes)


def told(found: Import) -> list[str]:
    return [f"{one.kind} {one.key}: {one.detail}" for one in found.changes]


def test_adds_what_is_new_and_changes_what_is_known_and_leaves_the_rest(world: World) -> None:
    before = roster(world)
    found = load(
        world, NEW + WHOLE.replace("2027-01-01", "2026-12-01") + WHOLE.replace("primary,dcfs-ana", "backup,dcfs-ben")
    )
    assert told(found) == [
        "added dcfs primary (compton) from 2026-07-04T18:00: dcfs-ben until 2026-07-05T08:00",
        "changed dcfs primary from 2026-01-01T00:00: ends: 2027-01-01T00:00 -> 2026-12-01T00:00",
    ]
    assert (found.unchanged, found.is_stored) == (1, True)
    after = roster(world)
    assert len(after) == len(before) + 1
    assert {one.ends for one in after if one.tier is Tier.PRIMARY and not one.stations} == {
        datetime.fromisoformat("2026-12-01")
    }
    assert [one for one in after if one.tier is not Tier.PRIMARY] == [
        one for one in before if one.tier is not Tier.PRIMARY
    ]


def test_the_second_time_nothing_changes(world: World) -> None:
    load(world, NEW + WHOLE)
    assert (load(world, NEW + WHOLE).changes, load(world, NEW + WHOLE).unchanged) == ((), 2)


def test_a_preview_tells_the_same_and_stores_nothing(world: World) -> None:
    before = roster(world)
    seen = preview(world, NEW)
    assert (roster(world), seen.is_stored) == (before, False)
    assert told(load(world, NEW, seen=seen.seen)) == told(seen)


def test_what_would_change_something_else_by_now_is_shown_again_and_not_stored(world: World) -> None:
    seen = preview(world, NEW).seen
    load(world, NEW.replace("dcfs-ben", "dcfs-cho"))
    before = roster(world)
    again = load(world, NEW, seen=seen)
    assert (again.is_stored, again.seen != seen, roster(world)) == (False, True, before)
    assert told(again) == ["changed dcfs primary (compton) from 2026-07-04T18:00: responder: dcfs-cho -> dcfs-ben"]
    assert load(world, NEW, seen=again.seen).is_stored


def test_who_imported_is_in_the_audit_and_pages_that_wait_look_at_once(world: World) -> None:
    world.trigger()
    load(world, NEW.replace("2026-07-04T18:00", "2026-03-01T00:00"))
    world.settle()
    with reading(world.context) as turn:
        newest = turn.work.audit.listing(agency="dcfs", before=None, limit=1)[0][1]
    assert (newest.by, newest.what, newest.name) == (ADMIN, "shift", "dcfs primary (compton) from 2026-03-01T00:00")
    world.pass_time(timedelta(minutes=3))
    assert (world.calls(ANA), world.calls(BEN)) == (0, 1)


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        (NEW.replace("primary", "first"), "tier", "first is no tier; the tiers are primary, backup, supervisor"),
        (NEW.replace("dcfs-ben", "dcfs-bob"), "responder", "there is no responder dcfs-bob"),
        (NEW.replace("dcfs-ben", "dhs-dan"), "responder", "dhs-dan belongs to dhs, not to dcfs"),
        (
            NEW.replace("dcfs-ben", "dcfs-duty"),
            "responder",
            "dcfs-duty is a duty phone, which is on no tier; name a person",
        ),
        (NEW.replace("compton", "nowhere"), "stations", "there is no active station nowhere"),
        (NEW.replace("2026-07-05T08:00", ""), "end", "nothing is no time; write it like 2026-07-04T18:00"),
        (NEW.replace("07-05", "07-03"), "end", "2026-07-03T08:00 should be after the start, 2026-07-04T18:00"),
        (NEW.replace("2026-07-04T18:00", "2026-03-08T02:30"), "start", "2026-03-08T02:30 does not exist in"),
        (
            NEW.replace("2026-07-05T08:00", "2026-11-01T01:30"),
            "end",
            "2026-11-01T01:30 comes twice in America/Los_Angeles",
        ),
        (
            NEW.replace("2026-07-04T18:00", "7/4/2026 18:00"),
            "start",
            "7/4/2026 18:00 is no time; write it like 2026-07-04T18:00; a spreadsheet has rewritten it",
        ),
        (WHOLE.replace("2026-01-01", "2026-02-01"), "start", "overlaps the shift of dcfs-ana from 2026-01-01T00:00 to"),
    ],
)
def test_what_is_wrong_is_told_with_line_and_column(world: World, row: str, column: str, said: str) -> None:
    (mistake,) = refused(world, OTHER + row)
    assert (mistake.line, mistake.column, mistake.text[: len(said)]) == (3, column, said)


def test_every_mistake_is_told_at_once_in_the_order_of_the_lines(world: World) -> None:
    rows = NEW.replace("ben", "bob") + NEW.replace("compton", "compton,lancaster") + NEW.replace("primary", "x")
    assert [one.line for one in refused(world, rows)] == [2, 3, 4]


def test_lines_that_clash_are_told_by_both_their_numbers(world: World) -> None:
    later = NEW.replace("ben,2026-07-04", "cho,2026-07-05").replace("05T08:00", "06T08:00")
    (twice,) = refused(world, NEW + NEW)
    assert (twice.line, twice.text) == (3, "is the same shift as line 2; take one of them out")
    (clash,) = refused(world, later.replace("05T18:00", "05T07:00") + NEW)
    assert (clash.line, clash.column) == (2, "start")
    assert clash.text.startswith(
        "overlaps line 3, dcfs-ben from 2026-07-04T18:00 to 2026-07-05T08:00: two people on the"
    )


def test_a_shift_counts_as_the_table_has_it_not_as_it_was(world: World) -> None:
    shorter = WHOLE.replace("2027-01-01", "2026-07-01")
    follows = WHOLE.replace("ana,2026-01-01", "ben,2026-07-01")
    assert len(load(world, follows + shorter).changes) == 2


def test_an_override_is_never_in_the_way_and_stays(world: World) -> None:
    with writing(world.context) as turn:
        (whole,) = (one for one in turn.work.directory.shifts(["dcfs"]) if one.tier is Tier.PRIMARY)
        turn.work.directory.add(
            Shift(
                "dcfs",
                Tier.PRIMARY,
                "dcfs-cho",
                frozenset(),
                whole.starts,
                whole.ends,
                whole.start_at,
                whole.end_at,
                EntryKind.OVERRIDE,
            )
        )
    assert len(load(world, WHOLE.replace("2027-01-01", "2026-12-01")).changes) == 1
    assert sum(one.kind is EntryKind.OVERRIDE for one in roster(world)) == 1


def test_nobody_is_newly_put_on_call_past_their_training_but_who_is_stays(world: World) -> None:
    with writing(world.context) as turn:
        for id_ in ("dcfs-ana", "dcfs-ben"):
            turn.work.directory.responder(id_).trained_until = turn.now.date() - timedelta(days=1)
    (mistake,) = refused(world, WHOLE.replace("2027-01-01", "2026-12-01") + NEW)
    assert (mistake.line, mistake.column) == (3, "responder")
    assert "training ended on 2026-03-01" in mistake.text


def test_what_was_exported_can_be_imported_after_somebody_on_it_has_gone(world: World) -> None:
    load(world, NEW)
    exported = write_shifts(roster(world), ZONE).removeprefix(HEADER)
    with writing(world.context) as turn:
        turn.work.directory.responder("dcfs-ben").is_active = False
        turn.work.directory.station("compton").is_active = False
    assert (load(world, exported).changes, load(world, exported).unchanged) == ((), 4)
    (mistake,) = refused(world, WHOLE + exported.splitlines()[-1].replace("07-05T08", "07-05T09"))[:1]
    assert (mistake.line, mistake.text) == (3, "dcfs-ben is deactivated; reactivate them first")


def test_the_gaps_that_it_opens_and_closes_are_told(world: World) -> None:
    shorter = WHOLE.replace("2027-01-01", "2026-03-10")
    opened = preview(world, shorter).gaps
    assert [(one.tier, one.stations) for one in opened.opened] == [(Tier.PRIMARY, ("compton", "lancaster"))]
    assert (opened.opened[0].start_at, list(opened.closed)) == (instant(datetime.fromisoformat("2026-03-10"), ZONE), [])
    load(world, shorter)
    closed = preview(world, "primary,dcfs-ben,2026-03-10T00:00,2026-05-01T00:00,lancaster\n").gaps
    assert ([one.stations for one in closed.closed], list(closed.opened)) == ([("lancaster",)], [])


@st.composite
def rosters(draw: st.DrawFn) -> list[Shift]:
    """Return shifts that follow each other on each tier, around the day on which a time comes twice."""
    found = []
    for tier in Tier:
        for places in (frozenset[str](), frozenset({"compton", "lancaster"})):
            first, last = (datetime.fromisoformat(day) for day in ("2026-10-31", "2026-11-02"))
            marks = draw(st.lists(st.datetimes(first, last), unique=True, max_size=5).map(sorted))
            times = sorted({after_the_jump(mark.replace(microsecond=0), ZONE) for mark in marks})
            for starts, ends in pairwise(times):
                who = draw(st.sampled_from(["dcfs-ana", "dcfs-ben"]))
                found.append(Shift("dcfs", tier, who, places, starts, ends, instant(starts, ZONE), instant(ends, ZONE)))
    return found


@pytest.fixture
def around(world: World) -> Surroundings:
    with reading(world.context) as turn:
        return surroundings(turn, "dcfs")


@given(found=rosters())
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_exported_changes_nothing(around: Surroundings, found: list[Shift]) -> None:
    planned = plan(read_shifts(write_shifts(found, ZONE)), around, found)
    assert (planned.changes, planned.unchanged) == ((), len(found))


def test_as_many_shifts_as_are_allowed_are_checked_in_a_second(around: Surroundings) -> None:
    first = datetime.fromisoformat("2030-03-11")  # no clock is changed in the next 5,000 hours
    hours = [f"{first + timedelta(hours=one):%Y-%m-%dT%H:%M}" for one in range(MOST_SHIFTS + 1)]
    table = read_shifts(HEADER + "".join(f"primary,dcfs-ana,{one},{other},\n" for one, other in pairwise(hours)))
    assert len(plan(table, around, []).changes) == MOST_SHIFTS
    assert work(lambda: plan(table, around, [])) < 1

"""Loading a directory: all of it or nothing, the same twice is nothing, and who waits looks at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import chain, pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pager.adapters.db.one_load import one_load_at_a_time
from pager.adapters.directory_file import read_directory
from pager.config import ROOT
from pager.domain.audit import AuditEntry
from pager.domain.changes import ChangeKind
from pager.domain.directory import Agency, Responder, Station
from pager.domain.directory_file import DirectoryFile
from pager.domain.local_time import instant
from pager.domain.roster import Shift, Tier
from pager.domain.rotation import Rotation
from pager.lifecycle.load import known_directory, load
from pager.lifecycle.ports import StoreConflictError
from pager.lifecycle.turn import reading, writing
from tests.clock import START
from tests.people import ANA, BEN, DAN
from tests.world import COUNTY, World

DEMO_COUNTY = ROOT / "pager" / "demo" / "county.yaml"
POLICIES = {"first-responder", "outlying-station"}
ZONE = "America/Los_Angeles"
LOCAL_START = START.astimezone(ZoneInfo(ZONE)).replace(tzinfo=None)


def read(path: Path) -> DirectoryFile:
    return read_directory(path, region="US", timezone=ZONE, policies=POLICIES, now=START)


def without_people(file: DirectoryFile, agency: str) -> DirectoryFile:
    """Return the file without one agency's people and shifts."""
    return replace(
        file,
        responders=tuple(one for one in file.responders if one.agency != agency),
        shifts=tuple(one for one in file.shifts if one.agency != agency),
    )


def test_the_demonstration_county_loads_and_the_second_time_changes_nothing(world: World) -> None:
    file = read(DEMO_COUNTY)
    assert load(world.context, file, prune=True)
    known = known_directory(world.context)
    assert {one.id for one in file.responders} <= {one.id for one in known.responders}
    assert load(world.context, file, prune=True) == load(world.context, read(DEMO_COUNTY), prune=True) == ()
    assert known_directory(world.context) == known


def test_a_dry_run_tells_the_same_and_stores_nothing(world: World) -> None:
    before = known_directory(world.context)
    told = load(world.context, read(DEMO_COUNTY), prune=True, dry_run=True)
    assert known_directory(world.context) == before
    done = load(world.context, read(DEMO_COUNTY), prune=True)
    assert [(one.kind, one.key, one.new) for one in told] == [(one.kind, one.key, one.new) for one in done]


def test_what_is_pruned_is_ended_or_deactivated_and_naming_it_again_brings_it_back(world: World) -> None:
    file = read(COUNTY)
    kinds = {one.kind for one in load(world.context, without_people(file, "dcfs"), prune=True)}
    assert kinds == {ChangeKind.ENDED, ChangeKind.DEACTIVATED}
    with reading(world.context) as turn:
        assert not turn.work.directory.responder("dcfs-ana").is_active
        assert not turn.work.directory.crews(["dcfs"], "compton", turn.now)["dcfs"].on_call
    load(world.context, file)
    with reading(world.context) as turn:
        assert len(turn.work.directory.crews(["dcfs"], "compton", turn.now)["dcfs"].on_call) == len(Tier)


def test_a_shift_to_come_that_was_pruned_comes_back_with_the_same_file(world: World) -> None:
    file = read(COUNTY)
    later = _shift(Tier.PRIMARY, frozenset({"compton"}), 5, 9, "dcfs-ben", agency="dcfs")
    with_more = replace(file, shifts=(*file.shifts, later))
    load(world.context, with_more)
    (removed,) = load(world.context, file, prune=True)
    assert (removed.kind, later in known_directory(world.context).shifts) == (ChangeKind.REMOVED, False)
    load(world.context, with_more)
    assert later in known_directory(world.context).shifts


def test_nothing_is_stored_when_one_entry_cannot_be(world: World) -> None:
    before = known_directory(world.context)
    stranger = Responder("ghost-amy", "ghosts", "Amy", "+12135550177", "+12135550177")
    broken = DirectoryFile(stations=(Station("new", "New", "New", "first-responder"),), responders=(stranger,))
    with pytest.raises(StoreConflictError):
        load(world.context, broken)
    assert known_directory(world.context) == before


def test_a_file_checked_against_what_holds_no_more_is_refused(world: World) -> None:
    known = known_directory(world.context)
    load(world.context, read(DEMO_COUNTY))
    before = known_directory(world.context)
    with pytest.raises(StoreConflictError, match="changed at the same time"):
        load(world.context, DirectoryFile(), known=known, prune=True)
    assert known_directory(world.context) == before


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_second_load_at_the_same_moment_is_refused_where_writers_do_not_follow_each_other(world: World) -> None:
    engine, refused = world.store.engine, pytest.raises(StoreConflictError, match="another directory")
    with one_load_at_a_time(engine), refused, one_load_at_a_time(engine):
        pass
    with one_load_at_a_time(engine):
        assert load(world.context, read(COUNTY)) == ()


def test_a_changed_roster_is_looked_at_at_once_by_the_pages_that_wait(world: World) -> None:
    file = read(COUNTY)
    load(world.context, without_people(file, "dcfs"), prune=True)
    triggered = world.trigger()
    assert (world.messages(ANA), len(world.messages(DAN))) == ([], 1)
    world.pass_time(timedelta(seconds=30))
    others = world.page(triggered, "dhs").due_at
    load(world.context, file)
    assert world.page(triggered, "dcfs").due_at == world.clock.now()
    assert world.page(triggered, "dhs").due_at == others


def test_a_page_that_somebody_comes_for_is_left_alone(world: World) -> None:
    triggered = world.trigger()
    world.text(ANA, "ACK 25")
    due_at = world.page(triggered, "dcfs").due_at
    load(world.context, DirectoryFile(agencies=tuple(replace(one, short="X") for one in read(COUNTY).agencies)))
    assert world.page(triggered, "dcfs").due_at == due_at
    assert world.page(triggered, "dhs").due_at == world.clock.now()


def test_a_replacement_loaded_while_the_encounter_waits_is_who_is_paged_next(world: World) -> None:
    world.trigger()
    file = read(COUNTY)
    swapped = {"dcfs-ben": "dcfs-cho", "dcfs-cho": "dcfs-ben"}
    shifts = tuple(replace(one, responder=swapped.get(one.responder, one.responder)) for one in file.shifts)
    load(world.context, replace(file, shifts=shifts))
    world.pass_time(timedelta(minutes=6))
    assert world.messages(BEN) == []
    assert len(world.messages("+12135550103")) == 1


def test_an_opt_out_stays_with_its_number(world: World) -> None:
    with writing(world.context) as turn:
        turn.work.directory.responder("dcfs-ana").sms_opted_out_at = turn.now
    load(world.context, read(COUNTY))
    with reading(world.context) as turn:
        assert turn.work.directory.responder("dcfs-ana").sms_opted_out_at == world.clock.now()


def entries(world: World) -> list[AuditEntry]:
    """Return what the audit holds, oldest first."""
    with reading(world.context) as turn:
        return [entry for _, entry in reversed(turn.work.audit.listing(agency=None, before=None, limit=1_000))]


def test_each_change_is_in_the_audit_with_what_was_before_and_after(world: World) -> None:
    known = len(entries(world))
    file = read(COUNTY)
    ana = replace(next(one for one in file.responders if one.id == "dcfs-ana"), sms="+12135550109")
    others = tuple(one for one in file.responders if one.id != ana.id)
    changes = load(world.context, replace(file, responders=(ana, *others)), by="tests")
    [entry] = entries(world)[known:]
    assert (entry.at, entry.by, entry.what, entry.name) == (world.clock.now(), "tests", "responder", "dcfs-ana")
    assert (entry.agency, entry.before, entry.after) == ("dcfs", {"sms": "+12135550101"}, {"sms": "+12135550109"})
    assert len(changes) == 1


def test_what_is_new_has_nothing_before_and_what_is_removed_nothing_after(world: World) -> None:
    file = read(COUNTY)
    later = _shift(Tier.PRIMARY, frozenset({"lancaster", "compton"}), 5, 9, "dcfs-ben", agency="dcfs")
    load(world.context, replace(file, shifts=(*file.shifts, later)))
    load(world.context, file, prune=True)
    added, removed = entries(world)[-2:]
    assert (added.before, removed.after) == ({}, {})
    assert added.after == removed.before
    assert added.after["stations"] == ["compton", "lancaster"]
    assert (added.after["tier"], added.after["starts"]) == ("primary", "2026-03-07T11:00:00")
    assert (added.agency, added.by) == ("dcfs", "pager load")


def test_what_changes_nothing_and_a_dry_run_leave_no_trace(world: World) -> None:
    before = entries(world)
    assert {entry.what for entry in before} == {"agency", "station", "responder", "shift"}
    load(world.context, read(COUNTY))
    load(world.context, read(DEMO_COUNTY), dry_run=True)
    assert entries(world) == before


words = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20)


def agencies(code: str) -> st.SearchStrategy[Agency]:
    duty_phones = st.sampled_from([None, "+12135550150", "+12135550151"])
    return st.builds(Agency, st.just(code), words, words, words, st.just(ZONE), duty_phones)


def stations(code: str) -> st.SearchStrategy[Station]:
    return st.builds(Station, st.just(code), words, words, st.sampled_from(sorted(POLICIES)), st.none() | st.dates())


def people(id_: str, number: str) -> st.SearchStrategy[Responder]:
    numbers = st.sampled_from([None, number])
    return st.builds(Responder, st.just(id_), st.just("a"), words, numbers, st.just(number), st.none() | st.dates())


@st.composite
def shifts(draw: st.DrawFn, tier: Tier, places: frozenset[str]) -> list[Shift]:
    """Return shifts of one tier that follow each other."""
    days = draw(st.lists(st.integers(-9, 9), unique=True, max_size=5).map(sorted))
    return [_shift(tier, places, first, last, draw(st.sampled_from(["a-1", "a-2"]))) for first, last in pairwise(days)]


def _shift(tier: Tier, places: frozenset[str], first: int, last: int, responder: str, *, agency: str = "a") -> Shift:
    """Return a shift between two days counted from the start of the tests' clock."""
    starts, ends = (START.replace(tzinfo=None) + timedelta(days=day) for day in (first, last))
    zone = ZoneInfo(ZONE)
    return Shift(agency, tier, responder, places, starts, ends, instant(starts, zone), instant(ends, zone))


files = st.builds(
    DirectoryFile,
    agencies=st.tuples(agencies("a")),
    stations=st.tuples(stations("s-1"), stations("s-2")),
    responders=st.tuples(people("a-1", "+12135550161"), people("a-2", "+12135550162")),
    shifts=st.tuples(
        *(shifts(tier, places) for tier in Tier for places in (frozenset[str](), frozenset({"s-1", "s-2"})))
    ).map(lambda found: tuple(chain.from_iterable(found))),
)


@pytest.fixture
def county(sqlite_url: str) -> Iterator[World]:
    county = World(sqlite_url)
    yield county
    county.close()


@given(first=files, second=files, prune=st.booleans())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_file_loaded_over_any_other_is_what_is_known_and_changes_nothing_the_second_time(
    county: World, first: DirectoryFile, second: DirectoryFile, prune: bool
) -> None:
    load(county.context, first, prune=prune)
    load(county.context, second, prune=prune)
    known = known_directory(county.context)
    assert load(county.context, second, known=known, prune=prune) == ()
    assert [one for one in known.agencies if one.code == "a"] == list(second.agencies)
    assert all(one in known.responders for one in second.responders)
    assert all(one in known.shifts for one in second.shifts)


def test_a_rotation_is_loaded_paged_by_turns_and_loaded_again_without_a_change(world: World) -> None:
    file = read(COUNTY)
    # A week from the tests' beginning the turn is Ben's.
    rotation = Rotation(
        "dcfs", Tier.PRIMARY, ("dcfs-ana", "dcfs-ben"), frozenset({"compton"}), LOCAL_START, timedelta(days=7), ZONE
    )
    turning = replace(file, rotations=(rotation,))
    assert [change.what for change in load(world.context, turning)] == ["rotation"]
    assert load(world.context, turning) == ()
    world.clock.move(timedelta(days=8))
    world.trigger()
    assert any("encounter" in text for text in world.messages(BEN))
    assert not any("encounter" in text for text in world.messages(ANA))

"""A load stops before it undoes what people did in the browser, and before it leaves nobody on call."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pager.domain.audit import AuditEntry, fingerprint
from pager.domain.changes import change_to
from pager.domain.directory import Agency, Responder, Station
from pager.domain.directory_file import DirectoryFile
from pager.domain.draft import Draft
from pager.domain.local_time import instant
from pager.domain.overruled import overruled
from pager.domain.roster import EntryKind, Shift, Tier
from pager.lifecycle.change_directory import change_directory
from pager.lifecycle.keep_roster import find_shift, put_shift, take_off_shift
from pager.lifecycle.load import Loaded, known_directory, load, load_with_care
from pager.lifecycle.object_to import ObjectionsError
from pager.lifecycle.turn import reading, writing
from tests.clock import START
from tests.lifecycle.test_load import read, without_people
from tests.world import COUNTY, World

USER = "ana@county.example"
ZONE = ZoneInfo("America/Los_Angeles")
NIGHT = Draft("primary", "dcfs-ben", "2026-03-04T18:00", "2026-03-05T08:00", ("compton",))


def shift(draft: Draft) -> Shift:
    starts, ends = (datetime.fromisoformat(at) for at in (draft.start, draft.end))
    stations = frozenset(draft.stations)
    at = (instant(starts, ZONE), instant(ends, ZONE))
    return Shift("dcfs", Tier(draft.tier), draft.responder, stations, starts, ends, *at)


FILE = read(COUNTY)
WITH_NIGHT = replace(FILE, shifts=(*FILE.shifts, shift(NIGHT)))


def change_ana(world: World, by: str = USER, **fields: object) -> None:
    """Change fields of Ana as somebody does it on her page."""
    with writing(world.context) as turn:
        turn.work.directory.lock_agencies("dcfs")
        ana = turn.work.directory.responder("dcfs-ana")
        change_directory(turn, [change_to(ana, replace(ana, **fields))], by)  # type: ignore[arg-type]  # as named


def put(world: World, draft: Draft, old: Shift | None = None) -> Shift:
    """Put somebody on call as somebody does it on the roster's page."""
    seen = {} if old is None else {"entry_id": old.id, "seen": fingerprint(old)}
    return put_shift(world.context, "dcfs", draft, EntryKind.SHIFT, USER, **seen)  # type: ignore[arg-type]  # as named


def known_night(world: World) -> Shift:
    with reading(world.context) as turn:
        (found,) = (one for one in turn.work.directory.shifts(["dcfs"]) if one.stations)
        kept = find_shift(turn, "dcfs", found.id or 0)
        assert kept is not None
        return kept


def refused(world: World, file: DirectoryFile, *, prune: bool = False) -> list[str]:
    """Return which entries of users stop a load, as `who what name`; all is as before."""
    before = known_directory(world.context)
    with pytest.raises(ObjectionsError) as caught:
        load_with_care(world.context, file, prune=prune)
    assert known_directory(world.context) == before
    assert not caught.value.objections.gaps
    return [f"{entry.by} {change.what} {change.key}" for change, entry in caught.value.objections.reverts]


def loads(world: World, file: DirectoryFile, *, prune: bool = False) -> int:
    """Load a file that nothing speaks against, and return how much that changes."""
    loaded = load_with_care(world.context, file, prune=prune)
    assert not loaded.objections
    return len(loaded.changes)


def test_a_file_undoes_nothing_that_the_browser_changed(world: World) -> None:
    change_ana(world, sms="+12135550109")
    assert refused(world, FILE) == [f"{USER} responder dcfs-ana"]


def test_with_force_it_goes_through_and_the_next_time_nothing_is_in_the_way(world: World) -> None:
    change_ana(world, sms="+12135550109")
    forced = load_with_care(world.context, FILE, force=True)
    assert ([one.key for one in forced.changes], len(forced.objections.reverts)) == (["dcfs-ana"], 1)
    other = [replace(one, sms="+12135550108") if one.id == "dcfs-ana" else one for one in FILE.responders]
    assert loads(world, replace(FILE, responders=tuple(other))) == 1


def test_a_dry_run_tells_what_is_in_the_way_and_stores_nothing(world: World) -> None:
    change_ana(world, sms="+12135550109")
    before = known_directory(world.context)
    told = load_with_care(world.context, FILE, dry_run=True)
    assert (len(told.changes), len(told.objections.reverts)) == (1, 1)
    assert known_directory(world.context) == before


def test_what_a_file_says_of_other_fields_is_no_matter_of_the_browsers(world: World) -> None:
    change_ana(world, sms_verified_at=world.clock.now())
    renamed = [replace(one, name="Ana Lopez") if one.id == "dcfs-ana" else one for one in FILE.responders]
    assert loads(world, replace(FILE, responders=tuple(renamed))) == 1


def test_a_file_that_says_the_same_as_the_browser_is_no_change(world: World) -> None:
    change_ana(world, name="Ana Lopez")
    renamed = [replace(one, name="Ana Lopez") if one.id == "dcfs-ana" else one for one in FILE.responders]
    assert loads(world, replace(FILE, responders=tuple(renamed))) == 0


def test_a_command_has_no_more_to_say_than_a_file(world: World) -> None:
    change_ana(world, by="pager roster import", sms="+12135550109")
    assert loads(world, FILE) == 1


def test_a_shift_that_the_browser_changed_is_not_changed_back(world: World) -> None:
    load(world.context, WITH_NIGHT)
    put(world, replace(NIGHT, responder="dcfs-cho"), known_night(world))
    assert refused(world, WITH_NIGHT) == [f"{USER} shift dcfs primary (compton) from 2026-03-04T18:00"]


def test_a_shift_that_the_browser_took_off_is_not_put_on_again(world: World) -> None:
    load(world.context, WITH_NIGHT)
    night = known_night(world)
    take_off_shift(world.context, "dcfs", night.id or 0, USER, seen=fingerprint(night))
    assert refused(world, WITH_NIGHT) == [f"{USER} shift dcfs primary (compton) from 2026-03-04T18:00"]


def test_what_the_browser_added_is_not_pruned(world: World) -> None:
    put(world, NIGHT)
    assert refused(world, FILE, prune=True) == [f"{USER} shift dcfs primary (compton) from 2026-03-04T18:00"]
    assert loads(world, FILE) == 0


def test_what_the_browser_moved_is_neither_pruned_nor_put_back(world: World) -> None:
    load(world.context, WITH_NIGHT)
    put(world, replace(NIGHT, start="2026-03-04T20:00"), known_night(world))
    assert refused(world, FILE, prune=True) == [f"{USER} shift dcfs primary (compton) from 2026-03-04T20:00"]
    assert f"{USER} shift dcfs primary (compton) from 2026-03-04T18:00" in refused(world, WITH_NIGHT, prune=True)


def test_what_was_loaded_and_never_touched_in_the_browser_is_pruned(world: World) -> None:
    load(world.context, WITH_NIGHT)
    assert loads(world, FILE, prune=True) == 1


def gapped(world: World, file: DirectoryFile, *, prune: bool = False) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return the gaps that stop a load, as agency, tier and stations."""
    with pytest.raises(ObjectionsError) as caught:
        load_with_care(world.context, file, prune=prune)
    assert not caught.value.objections.reverts
    return [(one.agency, one.tier.value, one.stations) for one in caught.value.objections.gaps]


def shorter(file: DirectoryFile, day: str) -> DirectoryFile:
    """Return the file with dcfs's primary on call until a day only."""
    ends = datetime.fromisoformat(day)
    shifts = [
        replace(one, ends=ends, end_at=instant(ends, ZONE)) if (one.agency, one.tier) == ("dcfs", Tier.PRIMARY) else one
        for one in file.shifts
    ]
    return replace(file, shifts=tuple(shifts))


def test_a_file_that_opens_a_gap_is_refused_and_changes_nothing(world: World) -> None:
    before = known_directory(world.context)
    assert gapped(world, shorter(FILE, "2026-03-10")) == [("dcfs", "primary", ("compton", "lancaster"))]
    assert known_directory(world.context) == before


def test_a_gap_that_begins_weeks_ahead_stops_it_too_and_one_beyond_a_season_does_not(world: World) -> None:
    assert gapped(world, shorter(FILE, "2026-06-01")) == [("dcfs", "primary", ("compton", "lancaster"))]
    assert loads(world, shorter(FILE, "2026-06-03")) == 1


def test_a_gap_that_was_there_stops_nothing_but_a_wider_one_does_for_what_is_new(world: World) -> None:
    load(world.context, shorter(FILE, "2026-03-10"))
    assert loads(world, shorter(FILE, "2026-03-11")) == 1
    with pytest.raises(ObjectionsError) as caught:
        load_with_care(world.context, shorter(FILE, "2026-03-09"))
    (gap,) = caught.value.objections.gaps
    assert (gap.start_at, gap.end_at) == tuple(
        instant(datetime.fromisoformat(day), ZONE) for day in ("2026-03-09", "2026-03-11")
    )


def test_pruning_people_opens_gaps_too(world: World) -> None:
    assert {agency for agency, _, _ in gapped(world, without_people(FILE, "dhs"), prune=True)} == {"dhs"}


def test_a_new_station_that_nobody_serves_is_a_gap(world: World) -> None:
    of_compton = (replace(one, stations=frozenset({"compton"})) for one in FILE.shifts)
    load(world.context, replace(FILE, shifts=tuple(of_compton)), prune=True)
    new = Station("palmdale", "Palmdale Station", "Palmdale Stn", "first-responder")
    assert {stations for _, _, stations in gapped(world, DirectoryFile(stations=(new,)))} == {("palmdale",)}


def test_an_agency_whose_roster_is_empty_is_being_set_up(world: World) -> None:
    new = Agency("courts", "Courts", "CRT", "C R T", "America/Los_Angeles")
    judge = Responder("courts-jo", "courts", "Jo Day", "+12135550177", "+12135550177")
    assert loads(world, DirectoryFile(agencies=(new,), responders=(judge,))) == 2


def entry(by: str, **fields: str) -> AuditEntry:
    return AuditEntry(START, by, "responder", "dcfs-ana", "dcfs", dict.fromkeys(fields, ""), fields)


def test_the_last_who_changed_a_field_is_who_it_belongs_to() -> None:
    ana = FILE.responders[0]
    change = change_to(ana, replace(ana, sms="+12135550109"))
    of_user, of_load = entry(USER, sms="1"), entry("pager load", sms="2", name="x")
    assert overruled(change, [of_load, of_user]) is None
    assert overruled(change, [entry("pager load", name="x"), of_user]) is of_user
    assert overruled(change, [entry(USER, name="x")]) is None


def test_loading_with_care_is_loading(world: World) -> None:
    world.clock.move(timedelta(days=1))
    found = load_with_care(world.context, WITH_NIGHT, known=known_directory(world.context))
    assert isinstance(found, Loaded)
    assert [one.key for one in found.changes] == ["dcfs primary (compton) from 2026-03-04T18:00"]

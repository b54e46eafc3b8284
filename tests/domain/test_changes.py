"""What loading a directory file changes, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pager.domain.changes import Change, ChangeKind, compare
from pager.domain.directory import Agency, Responder, Station
from pager.domain.directory_file import Directory, DirectoryFile
from pager.domain.roster import Shift, Tier

NOW = datetime(2026, 7, 1, 12, 0, 0, 250_000, tzinfo=UTC)
DCFS = Agency("dcfs", "Department", "DCFS", "D C F S", "America/Los_Angeles", "+12135550100")
COMPTON = Station("compton", "Compton Station", "Compton", "first-responder")
ANA = Responder("dcfs-ana", "dcfs", "Ana Ruiz", "+12135550101", "+12135550101")
BEN = Responder("dcfs-ben", "dcfs", "Ben Okafor", "+12135550102", "+12135550102")
DUTY = Responder("dcfs-duty", "dcfs", "DCFS duty phone", "+12135550100", "+12135550100", is_duty=True)


def shift(start: float, end: float, responder: str = "dcfs-ana", tier: Tier = Tier.PRIMARY, *stations: str) -> Shift:
    """Return a shift from so many days after now to so many; July in Los Angeles is seven hours behind UTC."""
    start_at, end_at = (NOW.replace(microsecond=0) + timedelta(days=days) for days in (start, end))
    starts, ends = ((at - timedelta(hours=7)).replace(tzinfo=None) for at in (start_at, end_at))
    return Shift("dcfs", tier, responder, frozenset(stations), starts, ends, start_at, end_at)


RUNNING, FUTURE, PAST = shift(-1, 9), shift(9, 19), shift(-9, -1)
FILE = DirectoryFile((DCFS,), (COMPTON,), (ANA, BEN), (RUNNING, FUTURE))
CURRENT = Directory((DCFS,), (COMPTON,), (ANA, BEN, DUTY), (PAST, RUNNING, FUTURE))


def plan(current: Directory, wanted: DirectoryFile, prune: bool = False) -> list[tuple[str, str, str]]:
    """Return the changes in short: kind, what, detail."""
    return [(one.kind.value, one.key, one.detail) for one in compare(current, wanted, now=NOW, prune=prune)]


def carried_out(current: Directory, changes: Iterable[Change]) -> Directory:
    """Return the directory with the changes made."""
    rows = [*current.agencies, *current.stations, *current.responders, *current.shifts]
    for change in changes:
        rows = [row for row in rows if row is not change.old] + ([change.new] if change.new else [])
    return Directory(
        tuple(row for row in rows if isinstance(row, Agency)),
        tuple(row for row in rows if isinstance(row, Station)),
        tuple(row for row in rows if isinstance(row, Responder)),
        tuple(row for row in rows if isinstance(row, Shift)),
    )


def test_a_first_load_adds_everything_and_the_duty_phone_as_a_responder() -> None:
    changes = compare(Directory(), FILE, now=NOW, prune=False)
    assert {change.kind for change in changes} == {ChangeKind.ADDED}
    assert [change.new for change in changes] == [DCFS, COMPTON, ANA, BEN, DUTY, RUNNING, FUTURE]


def test_the_same_file_twice_changes_nothing() -> None:
    assert plan(CURRENT, FILE) == plan(CURRENT, FILE, prune=True) == []


def test_what_the_file_does_not_name_stays() -> None:
    assert plan(CURRENT, DirectoryFile()) == []


def test_an_entry_becomes_what_the_file_says() -> None:
    wanted = DirectoryFile((replace(DCFS, short="D.C.F.S."),), (), (replace(ANA, sms="+12135550109"),))
    assert plan(CURRENT, wanted) == [
        ("changed", "dcfs", "short: DCFS -> D.C.F.S."),
        ("changed", "dcfs-ana", "sms: ...0101 -> ...0109"),
        ("changed", "dcfs-duty", "name: DCFS duty phone -> D.C.F.S. duty phone"),
    ]


def test_a_shift_known_by_its_start_changes_hands_and_end() -> None:
    wanted = DirectoryFile(shifts=(replace(shift(-1, 5), responder="dcfs-ben"),))
    assert plan(CURRENT, wanted) == [
        (
            "changed",
            "dcfs primary from 2026-06-30T05:00",
            "responder: dcfs-ana -> dcfs-ben; ends: 2026-07-10T05:00 -> 2026-07-06T05:00",
        )
    ]


def test_a_shift_for_other_stations_is_another_shift() -> None:
    wanted = DirectoryFile(shifts=(shift(-1, 9, "dcfs-ben", Tier.PRIMARY, "compton"),))
    assert plan(CURRENT, wanted) == [
        ("added", "dcfs primary (compton) from 2026-06-30T05:00", "dcfs-ben until 2026-07-10T05:00")
    ]


def test_pruning_ends_what_runs_removes_what_comes_and_leaves_the_past() -> None:
    changes = compare(CURRENT, replace(FILE, shifts=()), now=NOW, prune=True)
    assert [(change.kind, change.old) for change in changes] == [
        (ChangeKind.ENDED, RUNNING),
        (ChangeKind.REMOVED, FUTURE),
    ]
    ended = changes[0].new
    assert isinstance(ended, Shift)
    assert (ended.key, ended.end_at) == (RUNNING.key, datetime(2026, 7, 1, 12, tzinfo=UTC))
    assert ended.ends == datetime.fromisoformat("2026-07-01T05:00")


def test_pruning_deactivates_people_and_stations_but_no_duty_phone() -> None:
    assert plan(CURRENT, DirectoryFile(shifts=(RUNNING, FUTURE)), prune=True) == [
        ("deactivated", "compton", "not named in the file"),
        ("deactivated", "dcfs-ben", "not named in the file"),
    ]


def test_naming_one_again_brings_it_back_with_what_else_changed() -> None:
    gone = replace(CURRENT, responders=(replace(ANA, is_active=False), BEN, DUTY))
    wanted = replace(FILE, responders=(replace(ANA, name="Ana Ruiz Vega"), BEN))
    assert plan(gone, wanted) == [("reactivated", "dcfs-ana", "name: Ana Ruiz -> Ana Ruiz Vega")]


def test_a_duty_phone_taken_out_of_its_agency_is_deactivated_and_comes_back_with_it() -> None:
    without = replace(FILE, agencies=(replace(DCFS, duty_phone=None),))
    changes = compare(CURRENT, without, now=NOW, prune=False)
    assert [(change.kind.value, change.key) for change in changes] == [
        ("changed", "dcfs"),
        ("deactivated", "dcfs-duty"),
    ]
    again = plan(carried_out(CURRENT, changes), FILE)
    assert [(kind, key) for kind, key, _ in again] == [("changed", "dcfs"), ("reactivated", "dcfs-duty")]


def test_an_opt_out_stays_with_its_number() -> None:
    opted_out = replace(CURRENT, responders=(replace(ANA, sms_opted_out_at=NOW), BEN, DUTY))
    assert plan(opted_out, FILE) == []
    (change,) = compare(opted_out, DirectoryFile(responders=(replace(ANA, sms="+12135550109"),)), now=NOW, prune=False)
    assert isinstance(change.new, Responder)
    assert change.new.sms_opted_out_at is None


def _files() -> st.SearchStrategy[DirectoryFile]:
    people = st.sampled_from([ANA, BEN, replace(ANA, name="Ana"), replace(BEN, sms=None)])
    shifts = st.builds(shift, st.integers(-9, 9), st.integers(10, 19), st.sampled_from(["dcfs-ana", "dcfs-ben"]))
    return st.builds(
        DirectoryFile,
        agencies=st.sampled_from([(DCFS,), (replace(DCFS, duty_phone=None),)]),
        stations=st.sampled_from([(), (COMPTON,)]),
        responders=st.lists(people, unique_by=lambda one: one.id).map(tuple),
        shifts=st.lists(shifts, unique_by=lambda one: one.starts, max_size=4).map(tuple),
    )


@given(_files(), _files(), st.booleans())
def test_a_file_loaded_over_any_other_changes_nothing_the_second_time(
    first: DirectoryFile, second: DirectoryFile, prune: bool
) -> None:
    current = carried_out(Directory(), compare(Directory(), first, now=NOW, prune=prune))
    current = carried_out(current, compare(current, second, now=NOW, prune=prune))
    assert compare(current, second, now=NOW + timedelta(seconds=1), prune=prune) == ()
    assert all(one in current.shifts for one in second.shifts)

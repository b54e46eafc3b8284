"""Who holds a tier, and which shifts clash."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pager.domain.roster import Shift, Tier, on_call, overlaps
from tests.work import work

LOS_ANGELES = ZoneInfo("America/Los_Angeles")
BASE = datetime(2026, 1, 1, tzinfo=UTC)
local = datetime.fromisoformat


def shift(
    start: int, end: int, *stations: str, responder: str = "dcfs-ana", tier: Tier = Tier.PRIMARY, agency: str = "dcfs"
) -> Shift:
    """Return a shift from one hour to another, in a zone that is UTC."""
    start_at, end_at = BASE + timedelta(hours=start), BASE + timedelta(hours=end)
    starts, ends = start_at.replace(tzinfo=None), end_at.replace(tzinfo=None)
    return Shift(agency, tier, responder, frozenset(stations), starts, ends, start_at, end_at)


def clashes(*shifts: Shift) -> list[tuple[int, int]]:
    """Return the pairs of shifts that overlap, by their places."""
    places = {id(one): index for index, one in enumerate(shifts)}
    return [(places[id(one)], places[id(other)]) for one, other in overlaps(shifts)]


def test_a_shift_holds_from_its_start_up_to_its_end() -> None:
    held = [on_call([shift(1, 3)], "compton", BASE + timedelta(hours=hour)) for hour in range(4)]
    assert held == [{}, {Tier.PRIMARY: "dcfs-ana"}, {Tier.PRIMARY: "dcfs-ana"}, {}]


@pytest.mark.parametrize("is_reversed", [False, True])
def test_a_shift_that_names_the_station_wins_in_either_order(is_reversed: bool) -> None:
    shifts = [shift(0, 9), shift(0, 9, "lancaster", responder="dcfs-ben")]
    shifts = shifts[::-1] if is_reversed else shifts
    assert on_call(shifts, "lancaster", BASE) == {Tier.PRIMARY: "dcfs-ben"}
    assert on_call(shifts, "compton", BASE) == {Tier.PRIMARY: "dcfs-ana"}


def test_tiers_come_in_the_order_in_which_they_are_called() -> None:
    shifts = [shift(0, 9, tier=tier) for tier in (Tier.SUPERVISOR, Tier.PRIMARY, Tier.BACKUP)]
    assert list(on_call(shifts, "compton", BASE)) == [Tier.PRIMARY, Tier.BACKUP, Tier.SUPERVISOR]


def test_shifts_of_one_tier_clash_when_they_overlap_and_not_when_they_touch() -> None:
    assert clashes(shift(0, 5), shift(5, 9)) == []
    assert clashes(shift(4, 9), shift(0, 5)) == [(1, 0)]


def test_shifts_of_other_tiers_agencies_and_stations_do_not_clash() -> None:
    others = shift(0, 9, tier=Tier.BACKUP), shift(0, 9, agency="dhs"), shift(0, 9, "compton"), shift(0, 9, "century")
    assert clashes(shift(0, 9), *others) == []


def test_shifts_that_share_two_stations_clash_once() -> None:
    assert clashes(shift(0, 5, "compton", "century"), shift(4, 9, "century", "compton")) == [(0, 1)]


def test_a_short_shift_does_not_hide_that_a_long_one_goes_on() -> None:
    assert clashes(shift(0, 9), shift(1, 2), shift(3, 4)) == [(0, 1), (0, 2)]


_shifts = st.lists(
    st.tuples(st.integers(0, 20), st.integers(1, 9), st.sets(st.sampled_from(["compton", "century", "lancaster"]))),
    max_size=8,
).map(lambda drawn: [shift(start, start + length, *stations) for start, length, stations in drawn])


@given(_shifts)
def test_every_shift_that_begins_while_its_place_is_held_is_found(shifts: list[Shift]) -> None:
    def is_clash(one: Shift, other: Shift) -> bool:
        is_same_place = bool(one.stations & other.stations) or not (one.stations or other.stations)
        return is_same_place and one.start_at < other.end_at and other.start_at < one.end_at

    assert all(is_clash(one, other) for one, other in overlaps(shifts))
    expected = {id(other) for one, other in combinations(sorted(shifts, key=_start), 2) if is_clash(one, other)}
    assert {id(other) for _, other in overlaps(shifts)} == expected


def _start(one: Shift) -> datetime:
    return one.start_at


def test_many_shifts_take_as_much_longer_to_compare_as_there_are_more_of_them() -> None:
    shifts = [shift(hour, hour + 2) for hour in range(20_000)]
    assert work(lambda: list(overlaps(shifts))) < 40 * work(lambda: list(overlaps(shifts[:2_000])))

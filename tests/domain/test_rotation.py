"""Rotations and overrides: whose turn it is, across DST, and against a slow and obvious second way to tell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pager.domain.coverage import expand, gaps, spans
from pager.domain.roster import EntryKind, Shift, Tier, holders, on_call
from pager.domain.rotation import Rotation, hand_over

ZONES = ("America/Los_Angeles", "Europe/Berlin")
local = datetime.fromisoformat
SINCE, UNTIL = datetime(2025, 12, 1, tzinfo=UTC), datetime(2027, 12, 1, tzinfo=UTC)


def rotation(
    start: str = "2026-01-05T08:00",
    every: timedelta = timedelta(days=7),
    *responders: str,
    zone: str = ZONES[0],
    ends: datetime | None = None,
) -> Rotation:
    return Rotation("dcfs", Tier.BACKUP, responders or ("ana", "ben"), frozenset(), local(start), every, zone, ends)


def holder(one: Rotation, at: str) -> str | None:
    turn = one.turn_at(hand_over(local(at), one.timezone))
    return turn.responder if turn else None


def test_people_take_turns_in_order_from_the_start_on() -> None:
    days = ["2026-01-05T07:59", "2026-01-05T08:00", "2026-01-12T07:59", "2026-01-12T08:00", "2026-01-19T08:00"]
    assert [holder(rotation(), day) for day in days] == [None, "ana", "ana", "ben", "ana"]


def test_a_rotation_ends_where_it_is_said_to_even_within_a_turn() -> None:
    one = rotation(ends=local("2026-01-08T12:00"))
    assert [holder(one, at) for at in ("2026-01-08T11:59", "2026-01-08T12:00", "2026-02-01T00:00")] == [
        "ana",
        None,
        None,
    ]


@pytest.mark.parametrize("zone", ZONES)
def test_it_hands_over_at_the_same_local_time_through_every_change_of_the_clocks(zone: str) -> None:
    one = rotation(every=timedelta(hours=12), zone=zone)
    starts = [turn.start_at.astimezone(ZoneInfo(zone)) for turn in one.turns(SINCE, UNTIL)]
    assert {(at.hour, at.minute) for at in starts} == {(8, 0), (20, 0)}
    assert len({at.utcoffset() for at in starts}) == 2


def test_a_hand_over_that_the_clocks_jump_over_is_when_they_do() -> None:
    jump = datetime(2026, 3, 8, 10, tzinfo=UTC)
    assert hand_over(local("2026-03-08T02:30"), ZONES[0]) == hand_over(local("2026-03-08T02:00"), ZONES[0]) == jump


def test_a_hand_over_that_comes_twice_is_the_first() -> None:
    one = rotation("2026-11-01T01:30", timedelta(days=1))
    first = datetime(2026, 11, 1, 8, 30, tzinfo=UTC)
    assert hand_over(local("2026-11-01T01:30"), ZONES[0]) == first
    again = first + timedelta(minutes=45)  # the clocks show 01:15 for the second time
    turn = one.turn_at(again)
    assert turn is not None
    assert turn.start_at == first


# The slow way: try everything that could hold the place, in the order of INTERFACE.md, and walk through every turn.


def obvious_turn(one: Rotation, at: datetime) -> str | None:
    begins, number = one.starts, 0
    while hand_over(begins, one.timezone) <= at:
        following = begins + one.every
        if at < hand_over(following, one.timezone):
            is_over = one.ends is not None and at >= hand_over(one.ends, one.timezone)
            return None if is_over else one.responders[number % len(one.responders)]
        begins, number = following, number + 1
    return None


def obvious_holder(shifts: list[Shift], rotations: list[Rotation], station: str, at: datetime) -> str | None:
    for is_for_station in (True, False):
        for kind in (EntryKind.OVERRIDE, EntryKind.SHIFT):
            for one in shifts:
                serves = station in one.stations if is_for_station else not one.stations
                if one.kind is kind and serves and one.start_at <= at < one.end_at:
                    return one.responder
        for turning in rotations:
            if station in turning.stations if is_for_station else not turning.stations:
                found = obvious_turn(turning, at)
                if found is not None:
                    return found
    return None


people = st.sampled_from(["ana", "ben", "cho"])
# About the changes of the clocks as much as anywhere else, in steps that meet and miss them.
moments = st.one_of(
    st.datetimes(SINCE.replace(tzinfo=None), UNTIL.replace(tzinfo=None)),
    st.builds(
        lambda change, minutes: change + timedelta(minutes=minutes),
        st.sampled_from(
            [
                local(f"{day}T{hour}")
                for day in ("2026-03-08", "2026-03-29", "2026-10-25", "2026-11-01", "2027-03-14")
                for hour in ("09:00", "01:00")
            ]
        ),
        st.integers(-180, 180),
    ),
).map(lambda at: at.replace(second=0, microsecond=0))
places = st.sampled_from([frozenset[str](), frozenset({"compton"}), frozenset({"lancaster"})])


@st.composite
def rosters(draw: st.DrawFn) -> tuple[list[Shift], list[Rotation]]:
    zone = draw(st.sampled_from(ZONES))
    shifts: list[Shift] = []
    for kind in (EntryKind.SHIFT, EntryKind.OVERRIDE):
        for place in (frozenset[str](), frozenset({"compton"})):
            marks = sorted(draw(st.sets(moments, max_size=6)))
            for starts, ends in list(pairwise(marks))[::2]:
                start_at, end_at = hand_over(starts, zone), hand_over(ends, zone)
                shifts.append(Shift("dcfs", Tier.PRIMARY, draw(people), place, starts, ends, start_at, end_at, kind))
    rotations = [
        Rotation(
            "dcfs",
            Tier.PRIMARY,
            tuple(draw(st.lists(people, min_size=1, max_size=4))),
            place,
            draw(moments),
            draw(st.sampled_from([timedelta(hours=12), timedelta(days=1), timedelta(days=7)])),
            zone,
            draw(st.one_of(st.none(), moments)),
        )
        for place in draw(st.sets(places, max_size=2))
    ]
    return shifts, rotations


@given(rosters(), st.sampled_from(["compton", "lancaster"]), moments)
def test_every_instant_has_the_one_answer_that_the_slow_way_gives(
    roster: tuple[list[Shift], list[Rotation]], station: str, at: datetime
) -> None:
    shifts, rotations = roster
    at = at.replace(tzinfo=UTC)
    turns = [turn for one in rotations if (turn := one.turn_at(at))]
    held = on_call([*shifts, *turns], station, at).get(Tier.PRIMARY)
    assert held == obvious_holder(shifts, rotations, station, at)


@given(rosters(), st.sampled_from(["compton", "lancaster"]), moments, st.integers(1, 20 * 24 * 60))
def test_spans_and_gaps_say_at_each_instant_what_the_roster_says_then(
    roster: tuple[list[Shift], list[Rotation]], station: str, since: datetime, minutes: int
) -> None:
    since = since.replace(tzinfo=UTC)
    until = since + timedelta(minutes=minutes)
    entries = expand(*roster, since, until)
    found = list(spans(entries, station, Tier.PRIMARY, since, until))
    assert [found[0].start_at, *(span.end_at for span in found)] == [*(span.start_at for span in found), until]
    for span in found:
        for at in (span.start_at, span.start_at + (span.end_at - span.start_at) / 2):
            assert (span.entry.responder if span.entry else None) == obvious_holder(*roster, station, at)
    empty = [(gap.start_at, gap.end_at) for gap in gaps(entries, "dcfs", station, [Tier.PRIMARY], since, until)]
    assert empty == [(span.start_at, span.end_at) for span in found if span.entry is None]


def test_an_override_wins_over_a_shift_and_a_shift_over_a_turn_but_a_station_over_all() -> None:
    at = datetime(2026, 2, 1, tzinfo=UTC)
    entries = [
        Shift("dcfs", Tier.PRIMARY, who, frozenset(stations), at, at, at, at + timedelta(hours=1), kind)
        for who, kind, stations in (
            ("turn", EntryKind.ROTATION, []),
            ("shift", EntryKind.SHIFT, []),
            ("override", EntryKind.OVERRIDE, []),
            ("there", EntryKind.ROTATION, ["lancaster"]),
        )
    ]
    assert holders(entries, "compton", at)[Tier.PRIMARY].responder == "override"
    assert holders(entries[:2], "compton", at)[Tier.PRIMARY].responder == "shift"
    assert holders(entries, "lancaster", at)[Tier.PRIMARY].responder == "there"

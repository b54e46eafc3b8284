"""Which gaps changes open and close: what is beyond the gaps that were there, whichever way they lie."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from pager.domain.coverage import Gap
from pager.domain.gap_changes import beyond
from pager.domain.roster import Tier
from tests.clock import START

HOURS = 12


@st.composite
def gaps(draw: st.DrawFn) -> list[Gap]:
    """Return gaps at two stations; those of one station do not overlap."""
    found = []
    for station in ("compton", "lancaster"):
        marks = sorted(draw(st.sets(st.integers(0, HOURS), max_size=6)))
        pairs = zip(marks[::2], marks[1::2], strict=False)
        found += [gap(station, first, last) for first, last in pairs]
    return found


def gap(station: str, first: int, last: int) -> Gap:
    return Gap("dcfs", station, Tier.PRIMARY, START + timedelta(hours=first), START + timedelta(hours=last))


def hours(found: Iterable[Gap]) -> set[tuple[str, int]]:
    """Return every hour of some gaps, with its station."""
    return {
        (one.station, hour)
        for one in found
        for hour in range(HOURS)
        if one.start_at <= START + timedelta(hours=hour) < one.end_at
    }


@given(gaps(), gaps())
def test_is_what_is_in_the_one_and_not_in_the_other(found: list[Gap], known: list[Gap]) -> None:
    rest = beyond(found, known)
    assert hours(rest) == hours(found) - hours(known)
    assert all(one.start_at < one.end_at for one in rest)
    assert sum(len(hours([one])) for one in rest) == len(hours(rest))


def test_a_gap_around_a_known_one_is_left_in_two_parts() -> None:
    assert beyond([gap("compton", 0, 9)], [gap("compton", 3, 4)]) == [gap("compton", 0, 3), gap("compton", 4, 9)]

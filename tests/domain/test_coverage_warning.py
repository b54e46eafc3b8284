"""Which warnings of gaps are due, and how they read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pager.domain.coverage import Gap
from pager.domain.coverage_warning import Notice, Outlook, Warned, look
from pager.domain.coverage_wording import gaps_sms
from pager.domain.gsm7 import SEGMENT, is_gsm7, septets
from pager.domain.roster import Tier
from tests.domain.samples import TELLTALE, names

ZONE = ZoneInfo("America/Los_Angeles")
NOON = datetime(2026, 3, 2, 12, tzinfo=ZONE).astimezone(UTC)
HOUR = timedelta(hours=1)


def gap(
    hours: float, length: float = 14, station: str = "compton", tier: Tier = Tier.PRIMARY, now: datetime = NOON
) -> Gap:
    """Return a gap that begins so many hours from now."""
    return Gap("dcfs", station, tier, now + hours * HOUR, now + (hours + length) * HOUR)


def outlook(*gaps: Gap, warned: frozenset[Warned] = frozenset(), now: datetime = NOON) -> Outlook:
    return look(gaps, warned, now, ZONE)


def notices(*gaps: Gap, warned: frozenset[Warned] = frozenset(), now: datetime = NOON) -> list[Notice]:
    return [one.notice for one in outlook(*gaps, warned=warned, now=now).due]


def told(*gaps: Gap) -> frozenset[Warned]:
    """Return the facts after people were warned of these."""
    seen = outlook(*gaps)
    return seen.kept | frozenset(seen.due)


@pytest.mark.parametrize(
    ("hours", "expected"),
    [(-1, [Notice.DAY]), (24, [Notice.DAY]), (24.1, [Notice.WEEK]), (168, [Notice.WEEK]), (168.1, [])],
)
def test_people_are_warned_seven_days_and_a_day_ahead(hours: float, expected: list[Notice]) -> None:
    assert notices(gap(hours)) == expected


def test_each_once() -> None:
    week, day = told(gap(100)), told(gap(20))
    assert notices(gap(100), warned=week) == []
    assert notices(gap(20), warned=week | day) == []


def test_a_day_ahead_people_are_warned_though_they_were_a_week_ahead() -> None:
    later = NOON + 80 * HOUR
    assert notices(gap(20, now=later), warned=told(gap(100)), now=later) == [Notice.DAY]


def test_a_gap_that_moved_a_little_is_the_same() -> None:
    assert notices(gap(98), warned=told(gap(100))) == notices(gap(102, 3), warned=told(gap(100))) == []
    assert notices(gap(26), warned=told(gap(20))) == [], "who was warned a day ahead is not warned a week ahead after"


def test_a_gap_of_another_place_or_time_is_another() -> None:
    others = (gap(100, station="century"), gap(100, tier=Tier.BACKUP), gap(120))
    assert notices(*others, warned=told(gap(100))) == [Notice.WEEK] * 3


def test_a_gap_that_closed_is_forgotten_and_warned_of_when_it_opens_again() -> None:
    closed = outlook(warned=told(gap(100)))
    assert closed.kept == frozenset()
    assert notices(gap(100), warned=closed.kept) == [Notice.WEEK]


def test_the_parts_of_a_gap_that_was_split_are_known_and_so_is_what_became_one() -> None:
    whole, parts = gap(100, 10), (gap(100, 3), gap(106, 4))
    split = outlook(*parts, warned=told(whole))
    assert (split.due, {one.start_at for one in split.kept}) == ([], {one.start_at for one in parts})
    joined = outlook(whole, warned=split.kept)
    assert (joined.due, {(one.start_at, one.end_at) for one in joined.kept}) == ([], {(whole.start_at, whole.end_at)})


def test_the_beginning_of_a_gap_that_has_begun_is_kept_though_only_its_rest_is_seen() -> None:
    begun = gap(-10, 400)
    seen = outlook(replace(begun, start_at=NOON), warned=told(begun))
    assert {one.start_at for one in seen.kept} == {begun.start_at}


def at(hour: float) -> datetime:
    return NOON + (hour - 12) * HOUR


@pytest.mark.parametrize(
    ("hour", "begins_in", "is_told"),
    [
        (7.9, 100, False),
        (8, 100, True),
        (19.9, 100, True),
        (20, 100, False),
        (6.9, 10, False),
        (7, 10, True),
        (21.9, 10, True),
        (22, 10, False),
        (22, 8.9, True),
        (22, 9, False),
        (3, 3.9, True),
        (3, -5, True),
        (3, 4, False),
    ],
)
def test_nobody_is_woken_but_for_a_gap_that_begins_before_the_morning(
    hour: float, begins_in: float, is_told: bool
) -> None:
    now = at(hour)
    assert bool(notices(gap(begins_in, now=now), now=now)) is is_told


@given(st.lists(st.tuples(st.integers(-48, 220), st.integers(1, 60)), max_size=6), st.integers(0, 47))
def test_once_everything_is_told_nothing_is_due_at_the_same_hour(times: list[tuple[int, int]], hour: int) -> None:
    now = at(hour)
    gaps = [gap(hours, length, station=f"s{number}", now=now) for number, (hours, length) in enumerate(times)]
    gaps = [one for one in gaps if one.end_at > now]
    seen = look(gaps, frozenset(), now, ZONE)
    assert look(gaps, seen.due, now, ZONE).due == []


def sms(*gaps: Gap, short: str = "DCFS", place: str = "Compton Stn") -> str:
    due = outlook(*gaps).due
    return gaps_sms(short, due, {one.station: place for one in due}, NOON, ZONE)


def test_reads_so() -> None:
    stations = ("compton", "century", "lancaster")
    shared, primary, several = (
        "from Tue Mar 3, 8:00am",
        "DCFS: nobody is primary for",
        "DCFS: nobody is primary or backup",
    )
    assert sms(*(gap(20, station=one) for one in stations)) == f"{primary} 3 stations, {shared}. See pager."
    assert sms(gap(20)) == f"{primary} Compton Stn, {shared}. See pager."
    assert sms(gap(-1)) == f"{primary} Compton Stn, now. See pager."
    mixed = (gap(20), gap(30, station="century", tier=Tier.BACKUP))
    assert sms(*mixed) == f"{several} for 2 stations, first Tue Mar 3, 8:00am. See pager."
    assert sms(*mixed, gap(-1, tier=Tier.SUPERVISOR)).endswith(
        "backup or supervisor for 2 stations, now and later. See pager."
    )


@given(names, names, st.sets(st.sampled_from(Tier), min_size=1))
def test_is_one_segment_and_says_nothing_of_what_pages_are_about(short: str, place: str, tiers: set[Tier]) -> None:
    message = sms(*(gap(20, tier=tier) for tier in tiers), short=short, place=place)
    assert is_gsm7(message)
    assert septets(message) <= SEGMENT
    assert not TELLTALE.search(sms(*(gap(20, tier=tier) for tier in tiers)))

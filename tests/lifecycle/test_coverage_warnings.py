"""Administrators are warned of gaps by SMS, seven days and 24 hours ahead, once each, whatever becomes of processes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier

import pytest

from pager.domain.coverage_warning import Outlook
from pager.domain.delivery import DeliveryKind, Priority
from pager.domain.directory import Station
from pager.domain.roster import Tier
from pager.domain.user import Role
from pager.lifecycle import warn_of_gaps as warning
from pager.lifecycle.manage_users import Rights, create_user, deactivate_user
from pager.lifecycle.turn import reading, writing
from pager.lifecycle.warn_of_gaps import LOOK_EVERY, warn_of_gaps
from tests.clock import START
from tests.world import ALARM, World

COUNTY, DCFS, DCFS_TOO = "+12135550180", "+12135550181", "+12135550182"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NOON = START + 9 * HOUR  # in Los Angeles; the world begins at three in the morning


@pytest.fixture
def world(county: World) -> World:
    """All agencies' rosters are looked over."""
    return county


@pytest.fixture(autouse=True)
def administrators(world: World) -> None:
    world.clock.move(NOON - START)
    add(world, "county", Role.ADMIN, COUNTY)
    add(world, "dcfs", Role.AGENCY_ADMIN, DCFS)


def add(world: World, name: str, role: Role, sms: str | None) -> int:
    rights = Rights(role, "dcfs" if role is Role.AGENCY_ADMIN else None, sms)
    return create_user(world.context, f"{name}@county.example", rights, "tests", password="plain")[0].id


def leave(world: World, at: datetime, agency: str = "dcfs", tier: Tier = Tier.PRIMARY) -> None:
    """Let whoever is on a tier go at an instant."""
    with writing(world.context) as turn:
        found = next(one for one in turn.work.directory.shifts([agency]) if one.tier is tier)
        found.end_at = at


def look(world: World, after: timedelta = LOOK_EVERY) -> None:
    """Let time pass and an engine look, as it does every minute."""
    world.clock.move(after)
    warn_of_gaps(world.context)
    world.settle()


def told(world: World, number: str = DCFS) -> list[str]:
    return world.messages(number)


def test_warns_seven_days_and_a_day_ahead_once_each(world: World) -> None:
    leave(world, NOON + 9 * DAY)
    look(world, DAY)
    assert told(world) == []
    look(world, DAY)
    assert told(world) == ["DCFS: nobody is primary for 2 stations, from Wed Mar 11, 1:00pm. See pager."]
    for _ in range(5):
        look(world, DAY)
    assert len(told(world)) == 1
    look(world, DAY)
    assert told(world)[1:] == told(world)[:1], "the same again, for it is the same"
    for _ in range(3):
        look(world, DAY)
    assert len(told(world)) == 2


def test_a_gap_that_is_there_already_is_told_as_one_a_day_ahead_is(world: World) -> None:
    leave(world, START)
    for _ in range(3):
        look(world, 12 * HOUR)
    assert told(world) == ["DCFS: nobody is primary for 2 stations, now. See pager."]


def test_many_stations_and_tiers_are_one_message_of_their_agency(world: World) -> None:
    with writing(world.context) as turn:
        for number in range(21):
            turn.work.directory.add(Station(f"s{number}", f"S {number}", f"S {number}", "first-responder"))
    for agency in ("dcfs", "dhs"):
        for tier in (Tier.PRIMARY, Tier.BACKUP):
            leave(world, NOON + 3 * DAY, agency, tier)
    look(world)
    says = "nobody is primary or backup for 23 stations, from Thu Mar 5, 12:00pm. See pager."
    assert told(world) == [f"DCFS: {says}"]
    assert told(world, COUNTY) == [f"DHS: {says}"]


def test_a_week_ahead_waits_for_the_day(world: World) -> None:
    leave(world, NOON + 5 * DAY)
    look(world, 8 * HOUR)
    for _ in range(3):
        look(world, 3 * HOUR + 55 * timedelta(minutes=1))
        assert told(world) == []
    look(world, LOOK_EVERY)
    assert len(told(world)) == 1, "at eight in the morning"


def test_a_day_ahead_wakes_people_only_for_what_begins_before_the_morning(world: World) -> None:
    leave(world, NOON + 30 * HOUR)  # six in the evening, tomorrow
    leave(world, NOON + 18 * HOUR, "dhs")  # six in the morning
    look(world, 10 * HOUR)
    assert (len(told(world, COUNTY)), told(world)) == (1, [])
    look(world, 8 * HOUR)
    assert told(world) == []
    look(world, HOUR)
    assert (len(told(world, COUNTY)), len(told(world))) == (1, 1)


def test_a_gap_that_moves_is_not_told_again_and_one_that_reopens_is(world: World) -> None:
    leave(world, NOON + 3 * DAY)
    look(world)
    leave(world, NOON + 3 * DAY + HOUR)
    look(world)
    assert len(told(world)) == 1
    leave(world, NOON + 300 * DAY)
    look(world)
    leave(world, NOON + 3 * DAY)
    look(world)
    assert len(told(world)) == 2


def test_looks_at_most_every_quarter_of_an_hour_and_after_a_clock_that_was_far_ahead(world: World) -> None:
    look(world)
    leave(world, NOON + 3 * DAY)
    look(world, LOOK_EVERY - timedelta(seconds=1))
    assert told(world) == []
    look(world, timedelta(seconds=1))
    assert len(told(world)) == 1
    leave(world, NOON + 3 * DAY, tier=Tier.BACKUP)
    look(world, -DAY)
    assert "backup" in told(world)[-1]


def test_who_is_warned(world: World) -> None:
    other = add(world, "dcfs-too", Role.AGENCY_ADMIN, DCFS_TOO)
    leave(world, NOON + 3 * DAY)
    look(world)
    assert [len(told(world, number)) for number in (DCFS, DCFS_TOO, COUNTY, ALARM)] == [1, 1, 0, 0]
    deactivate_user(world.context, other, "tests")
    leave(world, NOON + 3 * DAY, tier=Tier.BACKUP)
    look(world)
    assert [len(told(world, number)) for number in (DCFS, DCFS_TOO, COUNTY, ALARM)] == [2, 1, 0, 0]


def test_where_an_agency_has_nobody_to_warn_the_county_is_and_else_those_who_are_always_told(world: World) -> None:
    leave(world, NOON + 3 * DAY, "dhs")
    look(world)
    assert [len(told(world, number)) for number in (DCFS, COUNTY, ALARM)] == [0, 1, 0]
    with writing(world.context) as turn:
        for user in turn.work.users.all():
            user.sms = None
    leave(world, NOON + 3 * DAY, "dmh")
    look(world)
    assert [len(told(world, number)) for number in (DCFS, COUNTY, ALARM)] == [0, 1, 1]


def test_with_nobody_to_warn_it_is_tried_again_until_there_is(world: World) -> None:
    with writing(world.context) as turn:
        for user in turn.work.users.all():
            user.sms = None
    leave(world, NOON + 3 * DAY)
    warn_of_gaps(replace(world.context, alarm_to=()))
    look(world)
    assert len(told(world, ALARM)) == 1


def test_a_warning_waits_for_every_page(world: World) -> None:
    leave(world, NOON + 3 * DAY)
    warn_of_gaps(world.context)
    with reading(world.context) as turn:
        [queued] = turn.work.claims.claim(turn.now + HOUR, 10, HOUR, world.rates, world.senders)
    assert (queued.kind, queued.priority) == (DeliveryKind.WARNING, max(Priority))


def test_of_many_processes_at_once_one_warns(world: World) -> None:
    leave(world, NOON + 3 * DAY)
    ready = Barrier(4)

    def engine(_: int) -> None:
        ready.wait()
        warn_of_gaps(world.context)

    with ThreadPoolExecutor(4) as engines:
        list(engines.map(engine, range(4)))
    world.settle()
    assert len(told(world)) == 1


def test_the_facts_keep_a_second_warning_away_where_two_look_all_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave(world, NOON + 3 * DAY)
    look(world)
    with reading(world.context) as turn:
        facts = turn.work.coverage.all()
    monkeypatch.setattr(warning, "look", lambda *_: Outlook(frozenset(), sorted(facts, key=str)))
    # Whoever looks now believes that nobody was warned: what is stored already says otherwise, and undoes it whole.
    monkeypatch.setattr(type(turn.work.coverage), "all", lambda _: frozenset())
    look(world)
    assert len(told(world)) == 1


def test_a_process_that_stood_still_meanwhile_says_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    leave(world, NOON + 3 * DAY)
    find = warning._gaps

    def stand_still(*_: object) -> object:
        monkeypatch.undo()
        world.clock.move(LOOK_EVERY)
        warn_of_gaps(world.context)  # another process, meanwhile
        leave(world, NOON + 300 * DAY)
        world.clock.move(LOOK_EVERY)
        warn_of_gaps(world.context)
        return found

    with reading(world.context) as turn:
        found = find(turn, turn.now)
    monkeypatch.setattr(warning, "_gaps", stand_still)
    warn_of_gaps(world.context)
    world.settle()
    assert len(told(world)) == 1
    with reading(world.context) as turn:
        assert turn.work.coverage.all() == frozenset()

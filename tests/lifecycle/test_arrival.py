"""From ACK to arrival: who comes is asked, counted on no longer, or helped; the clock stops on scene."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from pager.domain.page import PageState
from tests.people import ANA, BEN, CHO, DAN, PRIMARIES
from tests.world import CALLBACK, OURS, World, policy_of

MINUTE = timedelta(minutes=1)


def said_to(world: World, number: str, words: str) -> int:
    """Return how many messages to a number hold some words."""
    return sum(words in text for text in world.messages(number))


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    """One agency is enough where nobody looks at another."""
    world = World(sqlite_url, policies=policy_of("dcfs"))
    yield world
    world.close()


@pytest.fixture
def county(sqlite_url: str) -> Iterator[World]:
    """Two agencies, for what needs another one."""
    county = World(sqlite_url, policies=policy_of("dcfs", "dhs"))
    yield county
    county.close()


def kinds(world: World, triggered: object, agency: str = "dcfs") -> list[str]:
    return [event.kind.value for event in world.timeline(triggered, agency)]  # type: ignore[arg-type]


def test_who_has_not_said_when_is_asked_once(world: World) -> None:
    world.trigger()
    world.text(ANA, "ACK")
    world.pass_time(2.9 * MINUTE)
    assert said_to(world, ANA, "when are you at") == 0
    world.pass_time(20 * MINUTE)
    assert said_to(world, ANA, "when are you at") == 1


def test_who_has_said_when_is_not_asked(world: World) -> None:
    world.trigger()
    world.text(ANA, "ACK 25")
    world.pass_time(20 * MINUTE)
    assert said_to(world, ANA, "when are you at") == 0


def test_past_the_eta_and_its_grace_they_are_asked_and_without_an_answer_the_page_goes_on(world: World) -> None:
    triggered = world.trigger()
    world.text(ANA, "ACK 25")
    world.pass_time(34.9 * MINUTE)
    assert said_to(world, ANA, "DCFS: are you at") == 0
    world.pass_time(0.2 * MINUTE)
    assert said_to(world, ANA, "DCFS: are you at") == 1
    assert world.page(triggered, "dcfs").state is PageState.ACKNOWLEDGED
    world.pass_time(10 * MINUTE)
    page = world.page(triggered, "dcfs")
    assert (page.state, page.round, page.acknowledged_by) == (PageState.PAGING, 2, None)
    assert kinds(world, triggered).count("lapsed") == 1
    assert said_to(world, BEN, "encounter") + world.calls(BEN) > 0


@pytest.mark.parametrize("answer", ["ACK", "ETA 20"])
def test_an_answer_to_the_check_in_gives_them_time(world: World, answer: str) -> None:
    triggered = world.trigger()
    world.text(ANA, "ACK 25")
    world.pass_time(36 * MINUTE)
    world.text(ANA, answer)
    world.pass_time(9 * MINUTE)
    page = world.page(triggered, "dcfs")
    assert (page.state, page.acknowledged_by) == (PageState.ACKNOWLEDGED, "dcfs-ana")


def test_silence_after_an_answered_check_in_is_asked_about_again_and_then_lapses(world: World) -> None:
    triggered = world.trigger()
    world.text(ANA, "ACK 25")
    world.pass_time(36 * MINUTE)
    world.text(ANA, "ACK")
    world.pass_time(10.1 * MINUTE)
    assert said_to(world, ANA, "DCFS: are you at") == 2
    world.pass_time(10.1 * MINUTE)
    assert world.page(triggered, "dcfs").round == 2


def test_one_who_lapsed_may_still_arrive(world: World) -> None:
    triggered = world.trigger()
    world.text(ANA, "ACK 25")
    world.pass_time(46 * MINUTE)
    world.text(ANA, "HERE")
    page = world.page(triggered, "dcfs")
    assert (page.state, page.acknowledged_by) == (PageState.ON_SCENE, "dcfs-ana")


def test_without_an_eta_the_check_in_counts_from_the_travel_time(world: World) -> None:
    world.trigger()
    world.text(ANA, "ACK")
    world.pass_time(54.9 * MINUTE)
    assert said_to(world, ANA, "DCFS: are you at") == 0
    world.pass_time(0.2 * MINUTE)
    assert said_to(world, ANA, "DCFS: are you at") == 1


def test_arrival_ends_the_questions(world: World) -> None:
    world.trigger()
    world.text(ANA, "ACK 25")
    world.pass_time(20 * MINUTE)
    world.text(ANA, "HERE")
    world.pass_time(60 * MINUTE)
    assert said_to(world, ANA, "DCFS: are you at") == 0


def test_anybodys_here_of_the_agency_stops_its_clock(world: World) -> None:
    triggered = world.trigger()
    world.text(ANA, "ACK 25")
    reference = triggered.overview.encounter.reference
    world.text(CHO, f"HERE {reference}")
    page = world.page(triggered, "dcfs")
    assert (page.state, page.acknowledged_by) == (PageState.ON_SCENE, "dcfs-cho")


def test_an_eta_past_the_deadline_pages_the_next_rung_as_well_and_once(world: World) -> None:
    triggered = world.trigger()
    world.text(ANA, "ACK 100")
    assert said_to(world, BEN, "encounter") == 1
    world.pass_time(5 * MINUTE)
    world.text(ANA, "ETA 110")
    world.pass_time(5 * MINUTE)
    assert said_to(world, BEN, "encounter") == 1
    assert said_to(world, CHO, "encounter") == 0
    page = world.page(triggered, "dcfs")
    assert (page.state, page.acknowledged_by) == (PageState.ACKNOWLEDGED, "dcfs-ana")


def test_when_the_eta_is_in_time_after_all_who_was_paged_for_it_is_stood_down(world: World) -> None:
    world.trigger()
    world.text(ANA, "ACK 100")
    assert said_to(world, BEN, "encounter") == 1
    world.text(ANA, "ETA 30")
    assert said_to(world, BEN, "stand down") == 1


def test_whoever_is_there_earlier_comes_and_the_late_one_stands_by(world: World) -> None:
    triggered = world.trigger()
    world.text(ANA, "ACK 100")
    world.text(BEN, "ACK 30")
    page = world.page(triggered, "dcfs")
    assert page.acknowledged_by == "dcfs-ben"
    assert page.eta == world.clock.now() + 30 * MINUTE
    assert list(world.overview(triggered.overview.encounter.reference).standby["dcfs"]) == ["dcfs-ana"]
    assert said_to(world, ANA, "standby, Ben") == 1
    assert said_to(world, BEN, "you go to") == 1


def test_who_comes_but_has_not_said_when_is_counted_on_before_one_who_is_too_late(world: World) -> None:
    triggered = world.trigger()
    world.text(ANA, "ACK 100")
    world.text(BEN, "ACK")
    assert world.page(triggered, "dcfs").acknowledged_by == "dcfs-ben"


def test_an_eta_in_time_leaves_the_order_of_answers(world: World) -> None:
    triggered = world.trigger()
    world.pass_time(6.1 * MINUTE)
    world.text(ANA, "ACK 60")
    world.text(BEN, "ACK 10")
    assert world.page(triggered, "dcfs").acknowledged_by == "dcfs-ana"


def test_a_standby_takes_over_when_the_one_who_comes_says_that_it_will_be_too_late(world: World) -> None:
    triggered = world.trigger()
    world.pass_time(6.1 * MINUTE)
    world.text(ANA, "ACK 20")
    world.text(BEN, "ACK 30")
    world.text(ANA, "ETA 120")
    assert world.page(triggered, "dcfs").acknowledged_by == "dcfs-ben"
    assert said_to(world, BEN, "you go to") == 1
    assert said_to(world, ANA, "standby, Ben") == 1


def test_a_no_of_who_comes_asks_standby_first(world: World) -> None:
    triggered = world.trigger()
    world.text(ANA, "ACK 100")
    world.text(BEN, "ACK 30")
    world.text(BEN, "NO")
    paged = [event for event in world.timeline(triggered, "dcfs") if event.data.get("rung") == -1]
    assert [event.responder for event in paged] == ["dcfs-ana"]


def test_when_less_than_the_travel_time_is_left_everybody_is_paged_and_the_dispatcher_told_once(county: World) -> None:
    triggered = county.trigger()
    for number in PRIMARIES[1:]:
        county.text(number, "ACK 60")
    county.pass_time(44.9 * MINUTE)
    assert kinds(county, triggered).count("short") == 0
    seen = len(county.timeline(triggered))
    county.pass_time(0.2 * MINUTE)
    paged = [event for event in county.timeline(triggered)[seen:] if event.kind.value == "paged"]
    assert {event.responder for event in paged} == {"dcfs-ana", "dcfs-ben", "dcfs-cho", "dcfs-duty"}
    county.pass_time(30 * MINUTE)
    assert kinds(county, triggered).count("short") == 1
    told = [event for event in county.timeline(triggered) if event.kind.value == "told"]
    assert [event.data for event in told] == [{"agencies": ["dcfs"]}]


def test_the_dispatcher_is_called_when_all_come_when_all_are_there_and_when_one_is_late(county: World) -> None:
    triggered = county.trigger()
    for number in PRIMARIES:
        county.text(number, "ACK 80")
    county.pick_up(CALLBACK)
    for number in PRIMARIES[1:]:
        county.text(number, "HERE")
    county.pass_time(90 * MINUTE)
    county.pick_up(CALLBACK)
    county.text(ANA, "HERE")
    county.pick_up(CALLBACK)
    assert county.calls(CALLBACK) == 3
    told = [event.text for event in county.timeline(triggered) if event.kind.value == "told"]
    assert told == [f"the dispatcher is told: {what}" for what in ("all coming", "late", "all on scene")]


def test_a_dispatcher_who_does_not_pick_up_is_called_once_more(county: World) -> None:
    county.trigger()
    for number in PRIMARIES:
        county.text(number, "ACK 80")
    county.pass_time(20 * MINUTE)
    assert county.calls(CALLBACK) == 2


def test_or_is_written_to_where_they_chose_it(county: World) -> None:
    county.trigger(updates="sms")
    for number in PRIMARIES:
        county.text(number, "ACK 60")
    assert county.calls(CALLBACK) == 0
    assert county.messages(CALLBACK)[0].endswith("All agencies are coming.")


def test_past_the_window_they_are_asked_whether_it_is_still_open(county: World) -> None:
    triggered = county.trigger(updates="sms")
    for number in PRIMARIES:
        county.text(number, "HERE")
    county.pass_time(119 * MINUTE)
    assert said_to(county, CALLBACK, "still open") == 0
    county.pass_time(2 * MINUTE)
    assert said_to(county, CALLBACK, "still open") == 1
    county.cancel(triggered.overview.encounter.reference)
    county.pass_time(300 * MINUTE)
    assert said_to(county, CALLBACK, "still open") == 1


def test_a_responder_who_calls_us_while_a_page_waits_is_called_back_and_answers_with_a_key(county: World) -> None:
    triggered = county.trigger()
    county.sandbox.dial(DAN, OURS)
    county.settle()
    assert county.calls(DAN) == 1
    county.press(DAN, "1")
    assert county.page(triggered, "dhs").acknowledged_by == "dhs-dan"

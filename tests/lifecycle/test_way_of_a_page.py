"""The main job, end to end over the real SDK and the sandbox carrier, with a clock that is moved."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import timedelta

import pytest

from pager.domain.page import PageState
from tests.people import ANA, BEN, CHO, DAN, DCFS_DUTY, EVA, FAY, MIA, PRIMARIES
from tests.world import ALARM, CALLBACK, World, policy_of

MINUTE = timedelta(minutes=1)
HALF_AN_HOUR = 30 * MINUTE


@pytest.fixture
def county(database_url: str) -> Iterator[World]:
    """All five agencies."""
    world = World(database_url)
    yield world
    world.close()


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """Two agencies are enough: of which one is looked at, and the other waits."""
    world = World(database_url, policies=policy_of("dcfs", "dhs"))
    yield world
    world.close()


@pytest.fixture
def dcfs(database_url: str) -> Iterator[World]:
    """One agency is enough where nobody looks at another."""
    world = World(database_url, policies=policy_of("dcfs"))
    yield world
    world.close()


def test_one_call_pages_the_primary_of_all_five_agencies(county: World) -> None:
    triggered = county.trigger()
    reference = triggered.overview.encounter.reference
    for number in PRIMARIES:
        (message,) = county.messages(number)
        assert message.startswith(reference)
        assert "Compton Stn" in message
        assert "310-555-0100" in message
        assert "ACK" in message
        assert "4:30am" in message
    assert county.messages(BEN) == []


def test_an_acknowledgement_stops_one_agencys_ladder_and_no_other(world: World) -> None:
    triggered = world.trigger()
    world.text(ANA, "ACK 25")
    world.pass_time(10 * MINUTE)
    assert world.page(triggered, "dcfs").state is PageState.ACKNOWLEDGED
    assert (world.calls(ANA), world.messages(BEN)) == (0, [])
    assert world.page(triggered, "dhs").state is PageState.PAGING
    assert world.calls(DAN) == 2
    assert len(world.messages(EVA)) == 1


def test_silence_escalates_from_primary_to_backup_to_supervisor_to_everyone(world: World) -> None:
    triggered = world.trigger()
    world.pass_time(1.9 * MINUTE)
    assert world.calls(DAN) == 0
    world.pass_time(0.2 * MINUTE)
    assert world.calls(DAN) == 1
    world.pass_time(4 * MINUTE)
    assert (len(world.messages(EVA)), world.calls(EVA)) == (1, 0)
    world.pass_time(1 * MINUTE)
    assert world.calls(EVA) == 1
    world.pass_time(5 * MINUTE)
    assert (len(world.messages(FAY)), world.calls(FAY)) == (1, 1)
    world.pass_time(3 * MINUTE)
    assert len(world.messages(DAN)) == 2
    assert world.page(triggered, "dhs").rung == 5


def test_the_last_rung_is_repeated_until_somebody_answers(dcfs: World) -> None:
    dcfs.trigger()
    dcfs.pass_time(24 * MINUTE)
    before = len(dcfs.messages(ANA))
    dcfs.pass_time(10 * MINUTE)
    assert len(dcfs.messages(ANA)) == before + 2
    dcfs.text(ANA, "ok")
    dcfs.pass_time(10 * MINUTE)
    assert len([text for text in dcfs.messages(BEN) if "On scene by" in text]) == before + 2


def test_key_1_on_a_call_acknowledges(world: World) -> None:
    triggered = world.trigger()
    world.pass_time(2.1 * MINUTE)
    world.pick_up(DAN)
    world.press(DAN, "1")
    page = world.page(triggered, "dhs")
    assert (page.state, page.acknowledged_by) == (PageState.ACKNOWLEDGED, "dhs-dan")
    assert world.messages(DAN)[-1].endswith("Not you? Reply NO")


def test_an_answered_call_without_a_key_and_a_voicemail_acknowledge_nothing(county: World) -> None:
    triggered = county.trigger()
    county.pass_time(2.1 * MINUTE)
    county.pick_up(DAN)
    call = county.sandbox.open_call(MIA)
    assert call is not None
    county.sandbox.voicemail(call)
    county.pass_time(1 * MINUTE)
    assert county.page(triggered, "dhs").state is PageState.PAGING
    assert county.page(triggered, "advocates").state is PageState.PAGING


def test_whoever_else_was_paged_is_stood_down(dcfs: World) -> None:
    dcfs.trigger()
    dcfs.pass_time(8 * MINUTE)
    dcfs.text(BEN, "omw 30")
    assert "stand down" in dcfs.messages(ANA)[-1]
    assert not any("stand down" in text for text in dcfs.messages(BEN))
    assert dcfs.messages(CHO) == []


def test_a_no_brings_the_backup_at_once(world: World) -> None:
    triggered = world.trigger()
    world.text(ANA, "no")
    assert len(world.messages(BEN)) == 1
    assert world.page(triggered, "dcfs").rung == 2
    world.pass_time(1.1 * MINUTE)
    assert world.calls(BEN) == 1
    assert world.calls(ANA) == 0


def test_a_second_no_of_the_same_person_brings_nobody_more(dcfs: World) -> None:
    dcfs.trigger()
    dcfs.text(ANA, "no")
    dcfs.text(ANA, "no")
    assert dcfs.messages(CHO) == []


def test_when_all_have_declined_the_dispatcher_is_called(world: World) -> None:
    world.trigger()
    for number in (ANA, BEN, CHO):
        world.text(number, "no")
    world.press(DCFS_DUTY, "2")
    assert world.calls(CALLBACK) == 1
    assert any("DCFS" in text for text in world.messages(ALARM))


def test_at_fifteen_minutes_the_dispatcher_gets_one_call_that_names_every_agency_that_waits(county: World) -> None:
    county.trigger()
    county.text(ANA, "ACK")
    county.pass_time(15.1 * MINUTE)
    assert county.calls(CALLBACK) == 1
    call = county.pick_up(CALLBACK)
    said = str(county.sandbox.state())
    assert call
    assert "D H S" in said
    (message,) = county.messages(ALARM)
    assert "DHS, DMH, PROB, ADV" in message
    assert "DCFS" not in message


def test_the_alert_comes_again_every_five_minutes_until_key_1(dcfs: World) -> None:
    triggered = dcfs.trigger()
    dcfs.pass_time(20.2 * MINUTE)
    assert dcfs.calls(CALLBACK) == 2
    dcfs.press(CALLBACK, "1")
    dcfs.pass_time(20 * MINUTE)
    assert dcfs.calls(CALLBACK) == 2
    assert dcfs.page(triggered, "dcfs").state is PageState.PAGING


def test_the_alert_ends_when_no_agency_waits(world: World) -> None:
    world.trigger(updates="none")
    world.pass_time(15.1 * MINUTE)
    for number in PRIMARIES:
        world.text(number, "ack")
    world.pass_time(15 * MINUTE)
    assert world.calls(CALLBACK) == 1


def test_the_window_closing_marks_late_and_paging_goes_on(database_url: str) -> None:
    county = World(database_url, policies=policy_of("dcfs", "dhs", "advocates", window=HALF_AN_HOUR))
    triggered = county.trigger()
    county.text(DAN, "ACK 29")
    county.text(MIA, "here")
    county.pass_time(29.5 * MINUTE)
    before = len(county.messages(ANA))
    county.pass_time(6 * MINUTE)
    late = {page.agency: page.is_late for page in county.overview(triggered.overview.encounter.reference).pages}
    assert late == {"dcfs": True, "dhs": True, "advocates": False}
    assert len(county.messages(ANA)) > before
    assert len([event for event in county.timeline(triggered, "dcfs") if event.kind == "late"]) == 1
    county.close()


def test_an_arrival_stops_the_agencys_clock_and_stands_down_the_rest(dcfs: World) -> None:
    triggered = dcfs.trigger()
    dcfs.pass_time(8 * MINUTE)
    dcfs.text(ANA, "ACK 20")
    dcfs.text(BEN, "HERE")
    page = dcfs.page(triggered, "dcfs")
    assert (page.state, page.acknowledged_by) == (PageState.ON_SCENE, "dcfs-ben")
    assert "stand down" in dcfs.messages(ANA)[-1]


def test_the_acknowledgers_no_begins_a_new_round_and_asks_standby_first(dcfs: World) -> None:
    triggered = dcfs.trigger()
    dcfs.pass_time(8 * MINUTE)
    dcfs.text(ANA, "ACK")
    dcfs.text(BEN, "ACK")
    assert dcfs.overview(triggered.overview.encounter.reference).standby["dcfs"] == ["dcfs-ben"]
    assert "standby" in dcfs.messages(BEN)[-1]
    before = (len(dcfs.messages(BEN)), dcfs.calls(BEN))
    dcfs.text(ANA, "no")
    page = dcfs.page(triggered, "dcfs")
    assert (page.state, page.round) == (PageState.PAGING, 2)
    assert (len(dcfs.messages(BEN)), dcfs.calls(BEN)) == (before[0] + 1, before[1] + 1)
    dcfs.text(BEN, "ack")
    assert dcfs.page(triggered, "dcfs").acknowledged_by == "dcfs-ben"


def test_a_no_of_another_never_changes_an_acknowledged_page(dcfs: World) -> None:
    triggered = dcfs.trigger()
    dcfs.pass_time(8 * MINUTE)
    dcfs.text(ANA, "ACK")
    dcfs.text(BEN, "no")
    assert dcfs.page(triggered, "dcfs").acknowledged_by == "dcfs-ana"


def test_an_ack_after_a_no_counts(world: World) -> None:
    triggered = world.trigger()
    world.text(ANA, "no")
    world.text(ANA, "ack")
    assert world.page(triggered, "dcfs").acknowledged_by == "dcfs-ana"
    assert "stand down" in world.messages(BEN)[-1]


def test_a_drill_says_so_first(world: World) -> None:
    world.trigger(drill=True)
    assert world.messages(ANA)[0].startswith("DRILL ")
    world.text(ANA, "ack")
    assert world.messages(ANA)[-1].startswith("DRILL ")


def test_the_timeline_is_a_whole_chain(world: World) -> None:
    triggered = world.trigger()
    world.pass_time(16 * MINUTE)
    world.text(ANA, "ack")
    events = world.timeline(triggered)
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert all(event.hash == event.digest() for event in events)
    assert all(event.previous == before.hash for before, event in itertools.pairwise(events))

"""What the dispatcher does: ends, corrects, and records what responders say by radio."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pager.domain.encounter import EncounterState, ForbiddenTransitionError
from pager.domain.follow_up import Outcome
from pager.domain.page import PageState
from pager.domain.trigger_request import RefusedError
from pager.lifecycle.close import cancel, close
from pager.lifecycle.correct import correct
from pager.lifecycle.follow_up import close_follow_up
from pager.lifecycle.one_page import UnknownResponderError
from pager.lifecycle.report import (
    report_acknowledgement,
    report_arrival,
    report_release,
)
from tests.people import ANA, BEN, CHO, DAN, EVA
from tests.world import CALLBACK, World

MINUTE = timedelta(minutes=1)


def opened(world: World) -> str:
    return world.trigger().overview.encounter.reference


def test_cancelling_stops_every_page_and_stands_down_everybody_who_was_called(world: World) -> None:
    reference = opened(world)
    world.pass_time(8 * MINUTE)
    world.text(ANA, "ack")
    world.text(DAN, "no")
    cancel(world.context, reference, "false alarm")
    world.settle()
    for number in (ANA, EVA):
        assert "stand down" in world.messages(number)[-1]
    assert "stand down" not in world.messages(DAN)[-1]
    before = (world.calls(EVA), len(world.messages(EVA)))
    world.pass_time(20 * MINUTE)
    assert (world.calls(EVA), len(world.messages(EVA))) == before
    overview = world.overview(reference)
    assert {page.state for page in overview.pages} == {PageState.CANCELLED}
    assert {one.outcome for one in overview.follow_ups} == {Outcome.NOT_NEEDED}


def test_one_who_was_stood_down_is_not_told_again_when_it_ends(world: World) -> None:
    reference = opened(world)
    world.pass_time(7.5 * MINUTE)
    world.text(BEN, "ack")
    cancel(world.context, reference, None)
    world.settle()
    assert sum("stand down" in text for text in world.messages(ANA)) == 1
    assert sum("stand down" in text for text in world.messages(BEN)) == 1


def test_closing_leaves_the_follow_ups_open_and_cannot_be_cancelled_after(world: World) -> None:
    reference = opened(world)
    overview, _ = close(world.context, reference, None)
    assert overview.encounter.state is EncounterState.CLOSED
    assert {one.outcome for one in overview.follow_ups} == {None}
    again, _ = close(world.context, reference, None)
    assert again.encounter.state is EncounterState.CLOSED
    with pytest.raises(ForbiddenTransitionError):
        cancel(world.context, reference, None)
    done = close_follow_up(world.context, reference, "health_evaluation", Outcome.DECLINED)
    assert Outcome.DECLINED in {one.outcome for one in done.follow_ups}


def test_a_reason_that_may_not_be_kept_is_left_out_and_said_so(world: World) -> None:
    reference = opened(world)
    _, warnings = cancel(world.context, reference, "born 3/4/2010")
    assert len(warnings) == 1
    assert "2010" not in warnings[0]
    encounter = world.overview(reference).encounter
    with world.store.reading() as work:
        assert work.timeline.words(encounter.id) == {}


def test_any_active_responder_can_be_acknowledged_for_by_the_dispatcher(world: World) -> None:
    reference = opened(world)
    overview = report_acknowledgement(world.context, reference, "dcfs", "dcfs-cho", 20)
    world.settle()
    page = next(page for page in overview.pages if page.agency == "dcfs")
    assert (page.state, page.acknowledged_by) == (PageState.ACKNOWLEDGED, "dcfs-cho")
    assert world.messages(CHO)[-1].endswith("Not you? Reply NO")
    assert "stand down" in world.messages(ANA)[-1]
    report_acknowledgement(world.context, reference, "dcfs", "dcfs-cho", None)
    with pytest.raises(UnknownResponderError):
        report_acknowledgement(world.context, reference, "dcfs", "dhs-dan", None)


def test_the_dispatcher_releases_the_acknowledger_and_paging_begins_again(world: World) -> None:
    reference = opened(world)
    with pytest.raises(ForbiddenTransitionError):
        report_release(world.context, reference, "dcfs", None)
    world.text(ANA, "ack")
    overview = report_release(world.context, reference, "dcfs", None)
    world.settle()
    page = next(page for page in overview.pages if page.agency == "dcfs")
    assert (page.state, page.round) == (PageState.PAGING, 2)
    assert len(world.messages(BEN)) == 1


def test_an_arrival_by_radio_needs_somebody_to_have_arrived(world: World) -> None:
    reference = opened(world)
    with pytest.raises(UnknownResponderError):
        report_arrival(world.context, reference, "dcfs", None)
    report_arrival(world.context, reference, "dcfs", "dcfs-ben")
    page = next(page for page in world.overview(reference).pages if page.agency == "dcfs")
    assert (page.state, page.acknowledged_by) == (PageState.ON_SCENE, "dcfs-ben")
    report_arrival(world.context, reference, "dcfs", None)


def test_a_corrected_station_is_told_to_everybody_who_was_called(world: World) -> None:
    reference = opened(world)
    world.text(DAN, "ack")
    correct(world.context, reference, "lancaster", None)
    world.settle()
    for number in (ANA, DAN):
        assert "Lancaster Stn" in world.messages(number)[-1]
    assert world.overview(reference).encounter.station == "lancaster"
    world.pass_time(6.1 * MINUTE)
    assert "Lancaster Stn" in world.messages(BEN)[0]


def test_a_corrected_station_pages_its_own_people_with_the_latest_rung(world: World) -> None:
    with world.store.writing() as work:
        for shift in work.directory.shifts():
            if (shift.agency, shift.tier.value) == ("dcfs", "supervisor"):
                shift.stations = frozenset({"lancaster"})
                shift.tier = type(shift.tier)("primary")
    reference = opened(world)
    assert world.messages(CHO) == []
    correct(world.context, reference, "lancaster", None)
    world.settle()
    (message,) = world.messages(CHO)
    assert "Lancaster Stn" in message


def test_a_bad_correction_changes_nothing(world: World) -> None:
    reference = opened(world)
    for station, callback in (("nowhere", None), (None, "12"), ("lancaster", "12")):
        with pytest.raises(RefusedError):
            correct(world.context, reference, station, callback)
    encounter = world.overview(reference).encounter
    assert (encounter.station, encounter.callback) == ("compton", CALLBACK)

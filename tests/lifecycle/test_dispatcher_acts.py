"""The dispatcher does not wait: takes back what was no arrival, pages now, by name, or one more agency."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pager.domain.encounter import ForbiddenTransitionError
from pager.domain.page import PageState
from pager.domain.trigger_request import RefusedError
from pager.lifecycle.close import close
from pager.lifecycle.one_page import UnknownResponderError
from pager.lifecycle.page_now import add_agency, page_now
from pager.lifecycle.report import report_arrival, report_mistake
from tests.people import ANA, BEN, CHO, DAN
from tests.world import World

MINUTE = timedelta(minutes=1)


@pytest.fixture
def world(dcfs: World) -> World:
    """Of five agencies the policy pages one."""
    return dcfs


def opened(world: World) -> str:
    return world.trigger().overview.encounter.reference


def state(world: World, reference: str) -> tuple[PageState, int, str | None]:
    page = next(page for page in world.overview(reference).pages if page.agency == "dcfs")
    return page.state, page.round, page.acknowledged_by


def paged(world: World, number: str) -> int:
    return sum("encounter" in text for text in world.messages(number)) + world.calls(number)


def test_an_arrival_that_was_none_is_taken_back_and_who_comes_still_comes(world: World) -> None:
    reference = opened(world)
    world.text(ANA, "ack 25")
    world.text(ANA, "here")
    report_mistake(world.context, reference, "dcfs")
    assert state(world, reference) == (PageState.ACKNOWLEDGED, 1, "dcfs-ana")
    world.pass_time(36 * MINUTE)
    assert any("are you at" in text for text in world.messages(ANA))


def test_who_was_stood_down_for_an_arrival_that_was_none_is_counted_on_again_and_told(world: World) -> None:
    reference = opened(world)
    world.text(ANA, "ack 25")
    report_arrival(world.context, reference, "dcfs", "dcfs-ben")  # the wrong line was chosen
    world.settle()
    assert "stand down" in world.messages(ANA)[-1]
    report_mistake(world.context, reference, "dcfs")
    world.settle()
    assert state(world, reference) == (PageState.ACKNOWLEDGED, 1, "dcfs-ana")
    assert "you go to Compton Stn" in world.messages(ANA)[-1]
    assert world.overview(reference).standby["dcfs"] == []
    report_mistake(world.context, reference, "dcfs")
    assert state(world, reference) == (PageState.PAGING, 2, None)


def test_who_had_lapsed_is_not_counted_on_again(world: World) -> None:
    reference = opened(world)
    world.text(ANA, "ack 5")
    world.pass_time(26 * MINUTE)
    assert state(world, reference)[0] is PageState.PAGING
    report_arrival(world.context, reference, "dcfs", "dcfs-ben")
    report_mistake(world.context, reference, "dcfs")
    assert state(world, reference)[2] == "dcfs-ben"


def test_an_acknowledgement_that_was_none_is_taken_back_and_the_agency_is_paged_again(world: World) -> None:
    reference = opened(world)
    world.text(ANA, "ack")
    before = paged(world, ANA)
    report_mistake(world.context, reference, "dcfs")
    world.settle()
    assert state(world, reference) == (PageState.PAGING, 2, None)
    assert paged(world, ANA) > before  # no decline: the answer was not theirs


def test_there_is_nothing_to_take_back_of_a_page_that_waits(world: World) -> None:
    with pytest.raises(ForbiddenTransitionError, match="nothing to undo"):
        report_mistake(world.context, opened(world), "dcfs")


def test_the_next_rung_comes_now_and_later_ones_as_much_earlier(world: World) -> None:
    reference = opened(world)
    page_now(world.context, reference, "dcfs", None)
    page_now(world.context, reference, "dcfs", None)
    world.settle()
    assert paged(world, BEN) == 1
    world.pass_time(1.1 * MINUTE)
    assert paged(world, BEN) == 2


def test_one_person_is_paged_by_name_once_in_a_round_and_their_answer_counts(world: World) -> None:
    reference = opened(world)
    page_now(world.context, reference, "dcfs", "dcfs-cho")
    world.settle()
    assert paged(world, CHO) == 2
    with pytest.raises(ForbiddenTransitionError, match="by name already"):
        page_now(world.context, reference, "dcfs", "dcfs-cho")
    world.text(CHO, "ack")
    assert state(world, reference) == (PageState.ACKNOWLEDGED, 1, "dcfs-cho")


def test_a_person_is_paged_by_name_while_who_comes_will_be_too_late(world: World) -> None:
    reference = opened(world)
    world.text(ANA, "ACK 100")
    page_now(world.context, reference, "dcfs", "dcfs-cho")
    world.settle()
    assert (len(world.messages(CHO)), world.calls(CHO)) == (1, 1)
    world.text(CHO, "ACK 20")
    assert state(world, reference) == (PageState.ACKNOWLEDGED, 1, "dcfs-cho")


def test_who_cannot_be_paged_by_name_is_said(world: World) -> None:
    reference = opened(world)
    with pytest.raises(UnknownResponderError):
        page_now(world.context, reference, "dcfs", "dhs-dan")
    world.text(ANA, "no")
    with pytest.raises(ForbiddenTransitionError, match="has said NO"):
        page_now(world.context, reference, "dcfs", "dcfs-ana")
    world.text(BEN, "ack")
    with pytest.raises(ForbiddenTransitionError, match="Ben Okafor comes in time"):
        page_now(world.context, reference, "dcfs", None)


def test_an_agency_that_was_not_paged_is_paged_from_then_on(world: World) -> None:
    reference = opened(world)
    world.text(ANA, "here")
    world.pass_time(30 * MINUTE)
    add_agency(world.context, reference, "dhs")
    world.settle()
    assert paged(world, DAN) == 1
    world.pass_time(2.1 * MINUTE)
    assert paged(world, DAN) == 2
    assert len(add_agency(world.context, reference, "dhs").pages) == 2


def test_an_agency_that_is_unknown_or_an_encounter_that_is_over_is_refused(world: World) -> None:
    reference = opened(world)
    with pytest.raises(RefusedError, match="is unknown; known are: "):
        add_agency(world.context, reference, "fire")
    close(world.context, reference, None)
    with pytest.raises(ForbiddenTransitionError, match="is closed"):
        add_agency(world.context, reference, "dmh")
    with pytest.raises(ForbiddenTransitionError, match="is closed"):
        page_now(world.context, reference, "dmh", None)

"""Looking back on an encounter: what each agency's page went through, and how it stands to the window."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest

from pager.domain.decision import BY_HAND_RUNG
from pager.domain.history import History, Mark, MarkKind
from pager.domain.page import PageState
from pager.lifecycle.after_action import AfterAction, AgencyAfter, Verdict, after_action, judge
from pager.lifecycle.close import cancel, close
from pager.lifecycle.page_now import add_agency, page_now
from pager.lifecycle.report import report_mistake
from pager.lifecycle.trigger import Triggered
from pager.lifecycle.turn import reading
from tests.clock import START
from tests.people import ANA, BEN
from tests.web.after_action_support import policies_that_leave_out, whole_encounter
from tests.world import World, policy_of

MINUTE = timedelta(minutes=1)


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    """One agency is enough where nobody looks at another."""
    world = World(sqlite_url, policies=policy_of("dcfs"))
    yield world
    world.close()


def looked_back(world: World, triggered: Triggered, *, shows_words: bool = False) -> AfterAction:
    with reading(world.context) as turn:
        encounter = turn.work.encounters.find(triggered.overview.encounter.reference)
        assert encounter is not None
        return after_action(turn, encounter, shows_words=shows_words)


def agency(world: World, triggered: Triggered, code: str = "dcfs") -> AgencyAfter:
    return next(one for one in looked_back(world, triggered).agencies if one.agency == code)


def past(world: World, triggered: Triggered, code: str = "dcfs") -> History:
    return agency(world, triggered, code).history


def minutes(marks: Sequence[Mark]) -> list[tuple[str, float]]:
    return [(mark.kind.value, (mark.at - START) / MINUTE) for mark in marks]


def without_pages(history: History) -> list[tuple[str, float]]:
    return minutes([mark for mark in history.marks if mark.kind is not MarkKind.PAGED])


def test_marks_each_rung_once_whomever_it_paged(world: World) -> None:
    triggered = world.trigger()
    world.pass_time(16 * MINUTE)
    paged = past(world, triggered).of(MarkKind.PAGED)
    assert [(mark.rung, (mark.at - START) / MINUTE) for mark in paged] == [
        *[(0, 0), (1, 2), (2, 6), (3, 7), (4, 12), (5, 15)]
    ]


def test_an_eta_lies_where_it_was_promised_and_a_new_one_is_another_mark(world: World) -> None:
    triggered = world.trigger()
    world.text(ANA, "ACK 25")
    world.pass_time(5 * MINUTE)
    world.text(ANA, "ETA 30")
    assert without_pages(past(world, triggered)) == [("acknowledged", 0), ("eta", 25), ("eta", 35)]


def test_the_spans_follow_each_other_from_the_opening_to_the_end(world: World) -> None:
    triggered = world.trigger()
    for wait, words in ((3, "ACK 25"), (20, "HERE"), (7, "")):
        world.pass_time(wait * MINUTE)
        if words:
            world.text(ANA, words)
    close(world.context, triggered.overview.encounter.reference, None)
    spans = past(world, triggered).spans
    found = [(span.state, (span.start - START) / MINUTE, (span.end - START) / MINUTE) for span in spans]
    assert found == [(PageState.PAGING, 0, 3), (PageState.ACKNOWLEDGED, 3, 23), (PageState.ON_SCENE, 23, 30)]


def test_a_lapse_begins_a_round(world: World) -> None:
    triggered = world.trigger()
    world.text(ANA, "ACK 10")
    world.pass_time(31 * MINUTE)
    found = past(world, triggered)
    assert without_pages(found) == [("acknowledged", 0), ("eta", 10), ("lapsed", 30)]
    assert [(at - START) / MINUTE for at in found.rounds] == [0, 30]
    assert {mark.round for mark in found.of(MarkKind.PAGED) if mark.at >= START + 30 * MINUTE} == {2}
    assert found.spans[-1].state is PageState.PAGING


def test_an_eta_of_who_does_not_come_any_more_is_void(world: World) -> None:
    triggered = world.trigger()
    world.text(ANA, "ACK 40")
    world.pass_time(5 * MINUTE)
    world.text(ANA, "NO")
    world.text(BEN, "ACK 50")
    found = past(world, triggered)
    assert [(mark.responder, mark.is_void) for mark in found.of(MarkKind.ETA)] == [
        *[("dcfs-ana", True), ("dcfs-ben", False)]
    ]
    assert [mark.responder for mark in found.of(MarkKind.RELEASED)] == ["dcfs-ana"]


def test_a_no_before_anybody_came_changes_no_state(world: World) -> None:
    triggered = world.trigger()
    world.text(ANA, "NO")
    found = past(world, triggered)
    assert without_pages(found) == [("declined", 0)]
    assert {span.state for span in found.spans} <= {PageState.PAGING}


def test_an_arrival_that_is_taken_back_counts_no_more(world: World) -> None:
    triggered = world.trigger()
    world.text(ANA, "HERE")
    report_mistake(world.context, triggered.overview.encounter.reference, "dcfs")
    taken_back = agency(world, triggered)
    assert (taken_back.history.on_scene_at, taken_back.verdict) == (None, Verdict.AWAITED)
    world.pass_time(4 * MINUTE)
    world.text(ANA, "HERE")
    again = past(world, triggered)
    assert without_pages(again) == [("arrived", 0), ("undone", 0), ("arrived", 4)]
    assert again.on_scene_at == START + 4 * MINUTE
    assert len(again.rounds) == 1


def test_an_acknowledgement_that_is_taken_back_begins_a_round(world: World) -> None:
    triggered = world.trigger()
    world.text(ANA, "ACK 20")
    report_mistake(world.context, triggered.overview.encounter.reference, "dcfs")
    found = past(world, triggered)
    assert without_pages(found) == [("acknowledged", 0), ("eta", 20), ("undone", 0)]
    assert len(found.rounds) == 2


def test_who_takes_over_brings_the_eta_they_gave_when_they_stood_by(world: World) -> None:
    triggered = world.trigger()
    world.pass_time(7 * MINUTE)
    world.text(ANA, "ACK 30")
    world.text(BEN, "ACK 60")
    world.text(ANA, "ETA 95")
    found = past(world, triggered)
    assert [mark.responder for mark in found.of(MarkKind.ACKNOWLEDGED)] == ["dcfs-ana", "dcfs-ben"]
    assert minutes(found.of(MarkKind.ETA))[-1] == ("eta", 67)


def test_the_second_who_arrives_changes_nothing(world: World) -> None:
    triggered = world.trigger()
    world.text(ANA, "HERE")
    world.pass_time(2 * MINUTE)
    world.text(BEN, "HERE " + triggered.overview.encounter.reference)
    assert [mark.responder for mark in past(world, triggered).of(MarkKind.ARRIVED)] == ["dcfs-ana"]


def test_who_is_paged_by_name_is_marked_beside_the_ladder(world: World) -> None:
    triggered = world.trigger()
    page_now(world.context, triggered.overview.encounter.reference, "dcfs", "dcfs-cho")
    assert [mark.rung for mark in past(world, triggered).of(MarkKind.PAGED)] == [0, BY_HAND_RUNG]


def test_each_agency_stands_to_the_window_by_its_own_arrival(sqlite_url: str) -> None:
    world = World(sqlite_url, policies=policies_that_leave_out("probation"))
    found = looked_back(world, whole_encounter(world))
    verdicts = {one.agency: (one.verdict, one.late_by) for one in found.agencies}
    world.close()
    assert found.encounter.left_out == ["probation"]
    assert verdicts == {
        "dcfs": (Verdict.IN_TIME, None),
        "dhs": (Verdict.IN_TIME, None),
        "dmh": (Verdict.LATE, 11 * MINUTE),
        "advocates": (Verdict.IN_TIME, None),
    }


def test_an_agency_that_was_added_counts_from_then(world: World) -> None:
    world = World(world.url, policies=policies_that_leave_out("probation"))
    triggered = world.trigger(leave_out=["probation"])
    world.pass_time(20 * MINUTE)
    add_agency(world.context, triggered.overview.encounter.reference, "probation")
    added, others = agency(world, triggered, "probation"), agency(world, triggered)
    world.close()
    assert (added.is_added, added.history.opened_at) == (True, START + 20 * MINUTE)
    assert (others.is_added, others.history.opened_at) == (False, START)


def test_words_are_read_only_where_they_may_be_shown(world: World) -> None:
    triggered = world.trigger(note="gate two")
    cancel(world.context, triggered.overview.encounter.reference, "wrong button")
    assert looked_back(world, triggered).words == {}
    assert set(looked_back(world, triggered, shows_words=True).words.values()) == {"gate two", "wrong button"}


def test_an_open_encounter_is_looked_at_until_now(world: World) -> None:
    triggered = world.trigger()
    world.text(ANA, "ACK 88")
    world.pass_time(95 * MINUTE)
    found = agency(world, triggered)
    assert looked_back(world, triggered).until == world.clock.now()
    assert (found.verdict, found.late_by) == (Verdict.OVERDUE, 5 * MINUTE)


@pytest.mark.parametrize(
    ("on_scene", "until", "is_open", "verdict"),
    [
        (90, 200, True, Verdict.IN_TIME),
        (90.1, 200, False, Verdict.LATE),
        (None, 89, True, Verdict.AWAITED),
        (None, 90, True, Verdict.OVERDUE),
        (None, 89, False, Verdict.ENDED_BEFORE),
        (None, 91, False, Verdict.NEVER),
    ],
)
def test_judges_an_arrival_by_the_window(on_scene: float | None, until: float, is_open: bool, verdict: Verdict) -> None:
    arrived = None if on_scene is None else START + on_scene * MINUTE
    assert judge(arrived, START + 90 * MINUTE, START + until * MINUTE, is_open=is_open) is verdict

"""The judge finds what was lost and what came twice, and lets pass what is allowed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from pager.domain.delivery import Delivery, DeliveryKind, Priority
from pager.domain.directory import Channel
from pager.domain.encounter import Encounter
from pager.domain.page import Page, PageState
from pager.domain.policy import Acknowledgement, AgencyPlan, Audience, Policy, Repeat, Rung
from pager.domain.replies import Meaning
from pager.domain.timeline import Event, EventKind
from tests.chaos.doubled import Why
from tests.chaos.evidence import Answer, Evidence, Listing, Pause, Request, Story
from tests.chaos.judge import judge
from tests.clock import START
from tests.people import ANA

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
REFERENCE, TOKEN, SID = "7K2QD", "token", "SM1"
RUNGS = (Rung(timedelta(), Audience.PRIMARY, (Channel.SMS,)), Rung(MINUTE, Audience.PRIMARY, (Channel.VOICE,)))
POLICY = Policy(
    "tests", "Tests", 90 * MINUTE, (AgencyPlan("dcfs", RUNGS),), Repeat(MINUTE, MINUTE), Acknowledgement(MINUTE, MINUTE)
)


def page(*, due_after: timedelta | None = 5 * MINUTE, state: PageState = PageState.PAGING) -> Page:
    made = Page(1, "dcfs", START, None if due_after is None else START + due_after, state)
    made.id = 1
    return made


def delivery(
    token: str = TOKEN,
    *,
    kind: DeliveryKind = DeliveryKind.PAGE,
    channel: Channel = Channel.SMS,
    is_recalled: bool = False,
) -> Delivery:
    return Delivery(
        token, token, kind, Priority.FIRST_PAGE, channel, ANA, "", START, None,
        page_id=1, responder="dcfs-ana", round=1, rung=0, is_recalled=is_recalled,
    )  # fmt: skip


def event(kind: EventKind, after: timedelta) -> Event:
    made = Event(1, 1, START + after, kind, "dcfs", "dcfs-ana", "")
    return replace(made, hash=made.digest())


def story(pages: Sequence[Page], deliveries: Sequence[Delivery], events: Sequence[Event]) -> Story:
    encounter = Encounter(
        REFERENCE, "compton", ANA, None, False, START, START + POLICY.window, "tests", "",
        timeline_length=len(events), timeline_head=events[-1].hash if events else "",
    )  # fmt: skip
    return Story(encounter, POLICY, pages, deliveries, events, {one.seq: one.at for one in events})


def request(
    after: float, *, token: str = TOKEN, process: str = "worker-1", is_call: bool = False, is_taken: bool = True
) -> Request:
    return Request(START + after * SECOND, process, ANA, token, is_call, is_taken)


def evidence(
    *requests: Request,
    pages: Sequence[Page] = (),
    deliveries: Sequence[Delivery] = (),
    events: Sequence[Event] = (),
    listed_after: Sequence[float] = (),
    answers: Sequence[Answer] = (),
    pauses: Sequence[Pause] = (),
) -> Evidence:
    """Return what is known of one encounter: by default a page that waits and its one message."""
    return Evidence(
        judged_at=START + 2 * MINUTE,
        accepted=[REFERENCE],
        requests=requests,
        listings=[Listing(START + after * SECOND, ANA) for after in listed_after],
        answers=answers,
        pauses=pauses,
        stories={REFERENCE: story(pages or [page()], deliveries or [delivery()], events)},
        handled=frozenset({SID}),
    )


def test_a_page_that_was_taken_once_is_neither_lost_nor_doubled() -> None:
    verdict = judge(evidence(request(1, is_taken=False), request(3)))
    assert verdict.is_clean
    assert (verdict.accepted, verdict.paged) == (1, 1)
    assert (verdict.first_request_late_by, verdict.first_taken_late_by) == ([1.0], [3.0])


def test_a_page_that_the_carrier_never_took_is_lost() -> None:
    verdict = judge(evidence(request(1, is_taken=False)))
    assert verdict.lost == ["7K2QD dcfs: the carrier took nothing for it"]
    assert verdict.paged == 0


def test_an_encounter_that_was_accepted_and_is_not_kept_is_lost() -> None:
    assert judge(replace(evidence(), stories={})).lost == ["7K2QD: accepted, and not in the database"]


@pytest.mark.parametrize("due_after", [None, 80 * SECOND])
def test_a_page_that_waits_in_silence_is_lost(due_after: timedelta | None) -> None:
    verdict = judge(evidence(request(1), pages=[page(due_after=due_after)]))
    assert verdict.lost == ["7K2QD dcfs: waits, and nothing more happens"]


@pytest.mark.parametrize("sid", [SID, "SM2"])
def test_an_acknowledgement_that_never_counted_is_lost(sid: str) -> None:
    verdict = judge(evidence(request(1), answers=[Answer(sid, ANA, Meaning.ACK, REFERENCE)]))
    assert verdict.lost == [f"7K2QD: ACK in {sid} never counted"]


@pytest.mark.parametrize("kind", [EventKind.ACKNOWLEDGED, EventKind.STANDBY])
def test_an_acknowledgement_on_the_timeline_counts(kind: EventKind) -> None:
    answers = [Answer(SID, ANA, Meaning.ACK, REFERENCE)]
    assert judge(evidence(request(1), answers=answers, events=[event(kind, 2 * SECOND)])).is_clean


def test_the_same_message_taken_twice_is_doubled() -> None:
    verdict = judge(evidence(request(1), request(20, process="worker-2")))
    assert len(verdict.copies.pages) == 1
    assert not verdict.is_clean


def test_an_encounter_that_no_dispatcher_was_given_is_doubled() -> None:
    verdict = judge(replace(evidence(request(1)), accepted=[]))
    assert verdict.copies.pages == ["7K2QD: opened, and no dispatcher was given it"]


def test_a_message_that_is_no_page_is_told_apart() -> None:
    verdict = judge(evidence(request(1), request(20), deliveries=[delivery(kind=DeliveryKind.STAND_DOWN)]))
    assert (len(verdict.copies.others), len(verdict.copies.pages)) == (1, 0)


@pytest.mark.parametrize(("process", "is_excused"), [("worker-2", True), ("worker-3", False)])
def test_a_pause_inside_a_request_excuses_that_process_only(process: str, is_excused: bool) -> None:
    pause = Pause(process, START + 5 * SECOND, START + 20 * SECOND)
    verdict = judge(evidence(request(18), request(20.5, process="worker-2"), pauses=[pause]))
    assert verdict.copies.excused[Why.PAUSED] == is_excused
    assert verdict.is_clean == is_excused


@pytest.mark.parametrize(("listed_after", "is_excused"), [([4.0], True), ([4.0, 15.0], False), ([], False)])
def test_a_list_that_was_asked_too_soon_excuses_a_copy(listed_after: list[float], is_excused: bool) -> None:
    verdict = judge(evidence(request(1), request(20), listed_after=listed_after))
    assert verdict.copies.excused[Why.LIST] == is_excused
    assert verdict.is_clean == is_excused


@pytest.mark.parametrize("is_recalled", [True, False])
def test_a_call_made_once_more_after_busy_is_allowed_and_no_other(is_recalled: bool) -> None:
    second = delivery("second", channel=Channel.VOICE, is_recalled=is_recalled)
    calls = [request(1, token="first", is_call=True), request(70, token="second", is_call=True)]
    assert judge(evidence(*calls, deliveries=[second])).is_clean == is_recalled


@pytest.mark.parametrize(("after", "is_late"), [(2.2, False), (2.3, True)])
def test_a_request_long_after_the_answer_is_found(after: float, is_late: bool) -> None:
    verdict = judge(evidence(request(after), events=[event(EventKind.ACKNOWLEDGED, 2 * SECOND)]))
    assert bool(verdict.begun_after_answers) == is_late


def test_a_changed_timeline_is_found() -> None:
    changed = replace(event(EventKind.OPENED, SECOND), text="something else")
    assert judge(evidence(request(1), events=[changed])).broken_chains == ["7K2QD: event 1 was changed"]

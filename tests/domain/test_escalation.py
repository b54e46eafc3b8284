"""What a page needs at an instant: the ladder by its times, and what brings the next rung forward."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pager.domain.crew import Crew, Person
from pager.domain.decision import (
    Action,
    AlertDispatcher,
    Because,
    CarryOut,
    Decision,
    MarkLate,
    NoteGap,
    NoteUnreachable,
    ReleaseDeclines,
    Snapshot,
)
from pager.domain.directory import Channel
from pager.domain.escalation import decide
from pager.domain.ladder import Ladder
from pager.domain.page import PageState
from pager.domain.policy import Audience, Repeat, Rung
from pager.domain.roster import Tier

SMS, VOICE = Channel.SMS, Channel.VOICE
BOTH = frozenset({SMS, VOICE})
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def at(number: float) -> datetime:
    return NOON + minutes(number)


RUNGS = (
    Rung(minutes(0), Audience.PRIMARY, (SMS,)),
    Rung(minutes(2), Audience.PRIMARY, (VOICE,)),
    Rung(minutes(6), Audience.BACKUP, (SMS,)),
    Rung(minutes(7), Audience.BACKUP, (VOICE,)),
    Rung(minutes(12), Audience.SUPERVISOR, (SMS, VOICE)),
    Rung(minutes(15), Audience.EVERYONE, (SMS, VOICE), alert_dispatcher=True),
    Rung(minutes(20), Audience.ALL_HANDS, (SMS, VOICE)),
)
LADDER = Ladder(RUNGS, Repeat(minutes(5), minutes(15)), NOON, at(90))
ANA, BEN, CHO, DEE = (Person(name, BOTH) for name in ("ana", "ben", "cho", "dee"))
DUTY = Person("duty", BOTH, is_duty=True)
CREW = Crew({Tier.PRIMARY: ANA, Tier.BACKUP: BEN, Tier.SUPERVISOR: CHO}, (ANA, BEN, CHO, DEE), DUTY)
OPENED = Snapshot(PageState.PAGING, is_late=False, rung=-1, rung_at=NOON, ladder=LADDER, crew=CREW)


def after(rung: int, **more: object) -> Snapshot:
    """Return the page after `rung` was carried out in time."""
    return replace(OPENED, rung=rung, rung_at=LADDER.policy_time(rung), **more)  # type: ignore[arg-type]


def paged(decision: Decision) -> list[tuple[int, str, tuple[Channel, ...]]]:
    return [
        (action.rung, target.responder, target.channels)
        for action in decision.actions
        if isinstance(action, CarryOut)
        for target in action.targets
    ]


def people(decision: Decision) -> set[str]:
    return {responder for _, responder, _ in paged(decision)}


def without(crew: Crew, **changed: Person | None) -> Crew:
    """Return the crew with other holders of its tiers; None for nobody."""
    on_call = {**crew.on_call, **{Tier(tier): person for tier, person in changed.items()}}
    return replace(crew, on_call={tier: person for tier, person in on_call.items() if person is not None})


def test_pages_the_primary_by_sms_when_it_opens() -> None:
    decision = decide(OPENED, NOON)
    assert paged(decision) == [(0, "ana", (SMS,))]
    assert (decision.rung, decision.due_at) == (0, at(2))


def test_does_nothing_before_the_next_rung_is_due() -> None:
    decision = decide(after(0), at(1.99))
    assert decision.actions == ()
    assert decision.due_at == at(2)


def test_climbs_the_whole_ladder_by_its_times() -> None:
    snapshot, seen = OPENED, []
    while True:
        now = snapshot.rung_at if snapshot.rung < 0 else LADDER.after(snapshot.rung, snapshot.rung_at)
        if now > at(26):
            break
        decision = decide(snapshot, now)
        seen.append((now - NOON, decision.rung, people(decision)))
        snapshot = replace(snapshot, rung=decision.rung, rung_at=decision.rung_at)
    assert [(when.seconds // 60, rung) for when, rung, _ in seen] == [
        (0, 0), (2, 1), (6, 2), (7, 3), (12, 4), (15, 5), (20, 6), (25, 7),
    ]  # fmt: skip
    assert seen[5][2] == {"ana", "ben", "cho", "duty"}
    assert seen[7][2] == {"ana", "ben", "cho", "dee", "duty"}


def test_repeats_the_last_rung_every_five_minutes_and_past_the_window_every_fifteen() -> None:
    times, rung, rung_at = [], 6, at(20)
    while rung_at < at(130):
        rung_at = LADDER.after(rung, rung_at)
        rung += 1
        times.append((rung_at - NOON).seconds // 60)
    assert times[:3] == [25, 30, 35]
    assert times[-4:] == [90, 105, 120, 135]


def test_alerts_the_dispatcher_when_the_rung_says_so() -> None:
    assert AlertDispatcher(Because.RUNG) in decide(after(4), at(15)).actions


def test_an_outage_pages_the_latest_rung_once_and_replays_none() -> None:
    decision = decide(after(0), at(13))
    assert paged(decision) == [(4, "cho", (SMS, VOICE))]
    assert decision.rung == 4
    assert decision.due_at == at(15)


def test_a_rung_passed_over_in_an_outage_still_alerts() -> None:
    decision = decide(after(0), at(21))
    assert AlertDispatcher(Because.RUNG) in decision.actions
    assert {rung for rung, _, _ in paged(decision)} == {6}


def test_rungs_of_one_instant_are_all_carried_out() -> None:
    rungs = (Rung(minutes(0), Audience.PRIMARY, (SMS,)), Rung(minutes(0), Audience.BACKUP, (SMS,)), *RUNGS[4:])
    decision = decide(replace(OPENED, ladder=replace(LADDER, rungs=rungs)), NOON)
    assert paged(decision) == [(0, "ana", (SMS,)), (1, "ben", (SMS,))]


def test_a_no_brings_the_next_rung_that_reaches_somebody_else_and_moves_the_later_ones_forward() -> None:
    decision = decide(after(0, declined=frozenset({"ana"}), is_hurried=True), at(0.5))
    assert paged(decision) == [(2, "ben", (SMS,))]
    assert decision.rung == 2
    assert decision.due_at == at(1.5)  # the backup's call, a minute later as in the ladder


def test_a_rung_whose_people_have_all_declined_brings_the_next_when_it_is_due() -> None:
    decision = decide(after(0, declined=frozenset({"ana"})), at(2))
    assert paged(decision) == [(2, "ben", (SMS,))]


def test_one_who_declined_is_not_paged_again() -> None:
    decision = decide(after(4, declined=frozenset({"ana"})), at(15))
    assert people(decision) == {"ben", "cho", "duty"}


def test_when_everybody_has_declined_the_dispatcher_is_alerted_and_the_declines_no_longer_hold() -> None:
    everybody = frozenset({"ana", "ben", "cho", "dee", "duty"})
    decision = decide(after(6, declined=everybody, is_hurried=True), at(21))
    assert decision.actions == (AlertDispatcher(Because.DECLINED), ReleaseDeclines())
    assert decision.due_at == at(25)


def test_a_tier_with_nobody_brings_the_next_at_once_and_the_duty_phone_with_it() -> None:
    decision = decide(replace(OPENED, crew=without(CREW, primary=None)), NOON)
    assert NoteGap(Tier.PRIMARY) in decision.actions
    assert paged(decision) == [(0, "duty", (SMS, VOICE)), (2, "ben", (SMS,))]
    assert decision.due_at == at(1)


def test_with_nobody_on_call_everyone_reachable_is_paged_at_once_and_the_dispatcher_alerted() -> None:
    crew = Crew({}, (DEE,), DUTY)
    decision = decide(replace(OPENED, crew=crew), NOON)
    assert people(decision) == {"duty"}
    assert AlertDispatcher(Because.RUNG) in decision.actions
    assert decision.rung == 5


def test_with_nobody_at_all_the_dispatcher_is_alerted_at_once() -> None:
    decision = decide(replace(OPENED, crew=Crew()), NOON)
    assert paged(decision) == []
    assert AlertDispatcher(Because.NOBODY) in decision.actions
    assert decision.due_at == at(2)


def test_one_with_only_a_voice_channel_is_called_where_the_rung_says_sms() -> None:
    crew = without(CREW, primary=Person("ana", frozenset({VOICE})))
    assert paged(decide(replace(OPENED, crew=crew), NOON)) == [(0, "ana", (VOICE,))]


def test_one_without_a_working_channel_brings_the_next_rung_now() -> None:
    crew = without(CREW, primary=Person("ana", frozenset()))
    decision = decide(replace(OPENED, crew=crew), NOON)
    assert NoteUnreachable("ana") in decision.actions
    assert paged(decision) == [(2, "ben", (SMS,))]


def test_one_without_a_channel_among_others_brings_the_next_rung_once_only() -> None:
    crew = without(CREW, supervisor=Person("cho", frozenset()))
    first = decide(after(4, crew=crew), at(15))
    assert {rung for rung, _, _ in paged(first)} == {5, 6}
    again = decide(after(5, crew=crew, unreachable=frozenset({"cho"})), at(20))
    assert {rung for rung, _, _ in paged(again)} == {6}


def test_a_duty_phone_is_written_to_only_where_the_rung_says_sms() -> None:
    rungs = (Rung(minutes(0), Audience.EVERYONE, (VOICE,)),)
    ladder = replace(LADDER, rungs=rungs)
    decision = decide(replace(OPENED, ladder=ladder, crew=Crew({}, (), DUTY)), NOON)
    assert paged(decision) == [(0, "duty", (VOICE,))]


def test_the_window_closing_marks_the_page_late_and_paging_goes_on() -> None:
    decision = decide(after(19), at(90))
    assert MarkLate() in decision.actions
    assert people(decision) == {"ana", "ben", "cho", "dee", "duty"}
    assert decision.due_at == at(105)


def test_an_acknowledged_page_waits_for_the_window_and_is_marked_late_once() -> None:
    acknowledged = replace(after(2), state=PageState.ACKNOWLEDGED)
    assert decide(acknowledged, at(8)).due_at == at(90)
    assert decide(acknowledged, at(90)).actions == (MarkLate(),)
    assert decide(replace(acknowledged, is_late=True), at(91)) == Decision((), 2, at(6), None)


@pytest.mark.parametrize("state", [PageState.ON_SCENE, PageState.CLOSED, PageState.CANCELLED])
def test_a_page_on_scene_or_ended_needs_nothing(state: PageState) -> None:
    assert decide(replace(after(2), state=state), at(95)) == Decision((), 2, at(6), None)


def test_a_new_round_pages_the_latest_rung_due_that_reaches_somebody_who_has_not_declined() -> None:
    snapshot = after(2, is_new_round=True, declined=frozenset({"ben"}))
    decision = decide(snapshot, at(8))
    assert paged(decision) == [(1, "ana", (VOICE,))]
    assert decision.rung == 3
    assert decision.due_at == at(12)


def test_a_new_round_brings_the_next_rung_where_none_that_is_due_reaches_anybody() -> None:
    decision = decide(after(0, is_new_round=True, declined=frozenset({"ana"})), at(1))
    assert paged(decision) == [(2, "ben", (SMS,))]
    assert decision.due_at == at(2)


def test_a_new_round_pages_standby_at_once_on_every_channel() -> None:
    decision = decide(after(2, is_new_round=True, standby=(BEN,), declined=frozenset({"ana"})), at(6.5))
    assert (-1, "ben", (SMS, VOICE)) in paged(decision)
    assert [entry for entry in paged(decision) if entry[1] == "ben"] == [(-1, "ben", (SMS, VOICE))]


def test_a_rung_brought_forward_counts_as_due_in_a_new_round_which_then_keeps_the_policys_times() -> None:
    hurried = decide(after(0, declined=frozenset({"ana"}), is_hurried=True), at(1))
    released = replace(
        OPENED, rung=hurried.rung, rung_at=hurried.rung_at, is_new_round=True, declined=frozenset({"ana"})
    )
    decision = decide(released, at(3))
    assert paged(decision) == [(3, "ben", (VOICE,))]
    assert decision.due_at == at(12)


channels = st.sampled_from([frozenset(), frozenset({SMS}), frozenset({VOICE}), BOTH])
# A person has the same channels on every tier.
people_by_id = st.fixed_dictionaries({who: st.builds(Person, st.just(who), channels) for who in ("ana", "ben", "cho")})
crews = st.builds(
    lambda known, tiers, duty: Crew(
        {tier: known[who] for tier, who in tiers.items()},
        tuple(known[who] for who in sorted(set(tiers.values()))),
        duty,
    ),
    people_by_id,
    st.dictionaries(st.sampled_from(list(Tier)), st.sampled_from(["ana", "ben", "cho"])),
    st.one_of(st.none(), st.just(DUTY)),
)
snapshots = st.builds(
    lambda rung, crew, declined, hurried, new_round: replace(
        OPENED,
        rung=rung,
        rung_at=LADDER.policy_time(rung),
        crew=crew,
        declined=frozenset(declined),
        is_hurried=hurried and not new_round,
        is_new_round=new_round and rung >= 0,
    ),
    st.integers(-1, 30),
    crews,
    st.sets(st.sampled_from(["ana", "ben", "cho", "duty"])),
    st.booleans(),
    st.booleans(),
)


@given(snapshots, st.integers(0, 300 * 60))
def test_a_waiting_page_is_never_silent_and_never_spins(snapshot: Snapshot, seconds: int) -> None:
    now = max(snapshot.rung_at, NOON + timedelta(seconds=seconds))
    decision = decide(snapshot, now)
    assert decision.due_at is not None
    assert decision.due_at > now
    assert decision.rung >= snapshot.rung


@given(snapshots, st.integers(0, 300 * 60))
def test_nobody_is_told_the_same_twice_in_one_look_nor_paged_after_a_decline(snapshot: Snapshot, seconds: int) -> None:
    now = max(snapshot.rung_at, NOON + timedelta(seconds=seconds))
    told = [(responder, channel) for _, responder, used in paged(decide(snapshot, now)) for channel in used]
    assert len(told) == len(set(told))
    assert not snapshot.declined & {responder for responder, _ in told}


@given(snapshots, st.integers(0, 300 * 60))
def test_a_look_that_pages_nobody_at_a_due_rung_tells_the_dispatcher(snapshot: Snapshot, seconds: int) -> None:
    now = max(snapshot.rung_at, NOON + timedelta(seconds=seconds))
    decision = decide(snapshot, now)
    actions: tuple[Action, ...] = decision.actions
    if decision.rung > snapshot.rung and not people(decision):
        assert any(isinstance(action, AlertDispatcher) for action in actions)

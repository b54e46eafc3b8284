"""A policy survives being kept as plain JSON, and durations being written down."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pager.domain.directory import Channel
from pager.domain.policy import (
    Acknowledgement,
    AgencyPlan,
    Audience,
    FollowUpPlan,
    Policy,
    Repeat,
    Rung,
    format_duration,
    from_document,
    parse_duration,
    to_document,
)
from pager.domain.policy_picture import draw

_words = st.text(st.characters(codec="ascii", categories=["Ll"]), min_size=1, max_size=8)
_durations = st.integers(0, 366 * 86400).map(lambda seconds: timedelta(seconds=seconds))
_rungs = st.builds(
    Rung,
    at=_durations,
    page=st.sampled_from(Audience),
    by=st.lists(st.sampled_from(Channel), min_size=1, unique=True).map(tuple),
    alert_dispatcher=st.booleans(),
)
_plans = st.builds(
    AgencyPlan,
    agency=_words,
    ladder=st.lists(_rungs, min_size=1, max_size=4).map(tuple),
    travel=st.none() | _durations,
    may_be_left_out=st.booleans(),
)
_follow_ups = st.builds(
    FollowUpPlan,
    name=_words,
    title=st.text(),
    agency=_words,
    within=_durations,
    remind=st.lists(_durations, max_size=3).map(tuple),
)
_policies = st.builds(
    Policy,
    name=_words,
    title=st.text(),
    window=_durations,
    agencies=st.lists(_plans, min_size=1, max_size=3).map(tuple),
    repeat=st.builds(Repeat, every=_durations, after_window=_durations),
    acknowledgement=st.builds(Acknowledgement, ask_eta_after=_durations, check_in=_durations),
    follow_ups=st.lists(_follow_ups, max_size=3).map(tuple),
)


@given(_policies)
def test_a_policy_kept_as_json_comes_back_as_it_was(policy: Policy) -> None:
    assert from_document(json.loads(json.dumps(to_document(policy)))) == policy


@given(_durations)
def test_a_duration_written_down_reads_as_itself(duration: timedelta) -> None:
    assert parse_duration(format_duration(duration)) == duration


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("0s", timedelta(0)),
        ("90s", timedelta(seconds=90)),
        ("15m", timedelta(minutes=15)),
        ("72h", timedelta(hours=72)),
        ("7d", timedelta(days=7)),
    ],
)
def test_reads_durations_as_people_write_them(text: str, duration: timedelta) -> None:
    assert parse_duration(text) == duration


@pytest.mark.parametrize("text", ["", "15", "m", "-5m", "1.5h", "15 m", "15M", "1h30m", "٣m", "9999h99", "99999999d"])
def test_refuses_what_is_not_a_duration(text: str) -> None:
    with pytest.raises(ValueError, match=r"duration|longer"):
        parse_duration(text)


@pytest.mark.parametrize(("minutes", "text"), [(0, "0s"), (90, "90m"), (60, "1h"), (72 * 60, "72h"), (1.5, "90s")])
def test_writes_durations_in_the_largest_exact_unit(minutes: float, text: str) -> None:
    assert format_duration(timedelta(minutes=minutes)) == text


def _policy(*plans: AgencyPlan) -> Policy:
    minutes = timedelta(minutes=1)
    return Policy(
        name="short",
        title="A short policy",
        window=90 * minutes,
        agencies=plans,
        repeat=Repeat(5 * minutes, 15 * minutes),
        acknowledgement=Acknowledgement(3 * minutes, 10 * minutes),
        follow_ups=(
            FollowUpPlan("health_evaluation", "Evaluation", "dhs", timedelta(hours=72), (timedelta(hours=24),)),
        ),
    )


def _plan(agency: str, last: int = 20, **more: timedelta | bool) -> AgencyPlan:
    first = Rung(timedelta(0), Audience.PRIMARY, (Channel.SMS,))
    rung = Rung(timedelta(minutes=last), Audience.ALL_HANDS, (Channel.SMS, Channel.VOICE), alert_dispatcher=True)
    return AgencyPlan(agency, (first, rung), **more)  # type: ignore[arg-type] # each test gives the right one


def test_an_unknown_agency_has_no_plan() -> None:
    with pytest.raises(KeyError):
        _policy(_plan("dcfs")).plan("dhs")


def test_draws_rungs_repeats_and_the_window_in_the_order_in_which_they_come() -> None:
    picture = draw(_policy(_plan("dcfs", travel=timedelta(minutes=45))))
    assert [line.split("|")[0].strip() for line in picture.splitlines() if "|" in line] == [
        *("0m", "20m", "25m", "45m", "90m"),
        *("3m", "10m"),
        "72h",
    ]


def test_draws_one_timeline_for_agencies_that_climb_alike() -> None:
    picture = draw(_policy(_plan("dcfs"), _plan("dhs"), _plan("dmh", last=8)))
    assert "dcfs, dhs\n" in picture
    assert "\ndmh\n" in picture


def test_draws_which_agency_may_be_left_out_and_when_the_dispatcher_is_alerted() -> None:
    picture = draw(_policy(_plan("dcfs"), _plan("probation", may_be_left_out=True)))
    assert "dcfs, probation (may be left out)" in picture
    assert "20m | all hands   SMS and call; the dispatcher is alerted" in picture


def test_draws_follow_ups_with_owner_and_reminders() -> None:
    assert "72h | health_evaluation (Evaluation): dhs, reminded at 24h" in draw(_policy(_plan("dcfs")))

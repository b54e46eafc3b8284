"""What somebody writes to put a person on call, and what they are told of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from pager.domain.directory import Agency, Responder
from pager.domain.draft import Draft, Surroundings, overlap, read_draft
from pager.domain.local_time import Which
from pager.domain.roster import EntryKind, Tier
from pager.domain.rotation_draft import RotationDraft, clash, read_rotation
from pager.domain.written import DraftError

NOW = datetime(2026, 3, 2, 11, tzinfo=UTC)
ANA = Responder("dcfs-ana", "dcfs", "Ana", "+12135550101", None)
AROUND = Surroundings(
    Agency("dcfs", "Agency", "DCFS", "D C F S", "America/Los_Angeles"),
    {
        "dcfs-ana": ANA,
        "dcfs-ben": replace(ANA, id="dcfs-ben", trained_until=date(2026, 3, 1)),
        "dcfs-old": replace(ANA, id="dcfs-old", is_active=False),
        "dcfs-duty": replace(ANA, id="dcfs-duty", is_duty=True),
        "dhs-dan": replace(ANA, id="dhs-dan", agency="dhs"),
    },
    {"compton", "lancaster"},
    NOW,
)
DRAFT = Draft("primary", "dcfs-ana", "2026-03-07T18:00", "2026-03-08T08:00", ("compton",))
TURNS = RotationDraft("backup", ("dcfs-ana",), "2026-03-07T18:00", timedelta(days=7))


def mistakes(draft: Draft) -> list[tuple[str, str]]:
    with pytest.raises(DraftError) as error:
        read_draft(draft, EntryKind.SHIFT, AROUND)
    return [(one.field, one.text) for one in error.value.mistakes]


def test_a_draft_becomes_an_entry_in_local_time_and_in_instants() -> None:
    entry = read_draft(DRAFT, EntryKind.OVERRIDE, AROUND)
    assert (entry.kind, entry.tier, entry.stations) == (EntryKind.OVERRIDE, Tier.PRIMARY, frozenset(["compton"]))
    assert entry.starts == datetime.fromisoformat("2026-03-07T18:00")
    assert entry.start_at == datetime(2026, 3, 8, 2, tzinfo=UTC)
    assert entry.end_at == datetime(2026, 3, 8, 15, tzinfo=UTC)  # the clocks have gone forward that night


def test_every_mistake_is_told_at_once() -> None:
    found = mistakes(Draft("first", "nobody", "soon", "later", ("mars",)))
    assert [field for field, _ in found] == ["tier", "start", "end", "responder", "stations"]


@pytest.mark.parametrize(
    ("responder", "said"),
    [
        ("dhs-dan", "dhs-dan belongs to dhs, not to dcfs"),
        ("dcfs-duty", "is a duty phone, which is on no tier"),
        ("dcfs-old", "is deactivated; reactivate them first"),
        ("dcfs-ben", "training ended on 2026-03-01: nobody is newly put on call past it"),
    ],
)
def test_who_cannot_be_on_call_is_told(responder: str, said: str) -> None:
    [(field, text)] = mistakes(replace(DRAFT, responder=responder))
    assert field == "responder"
    assert said in text


def test_who_is_on_call_already_stays_when_their_training_has_ended() -> None:
    held = read_draft(replace(DRAFT, start="2026-02-01T00:00"), EntryKind.SHIFT, AROUND)
    held.responder = "dcfs-ben"
    entry = read_draft(replace(DRAFT, responder="dcfs-ben"), EntryKind.SHIFT, AROUND, replaced=held)
    assert entry.responder == "dcfs-ben"


def test_the_second_of_two_equal_times_is_an_hour_later() -> None:
    night = replace(DRAFT, start="2026-11-01T01:30", end="2026-11-01T08:00")
    first, second = (read_draft(replace(night, start_which=one), EntryKind.SHIFT, AROUND).start_at for one in Which)
    assert second - first == timedelta(hours=1)


def test_a_night_of_one_hour_that_is_two_on_the_clock_is_no_mistake() -> None:
    night = replace(DRAFT, start="2026-11-01T01:30", end="2026-11-01T01:30")
    entry = read_draft(replace(night, start_which=Which.FIRST, end_which=Which.SECOND), EntryKind.SHIFT, AROUND)
    assert entry.end_at - entry.start_at == timedelta(hours=1)


@pytest.mark.parametrize(
    ("kind", "stations", "is_in_the_way"),
    [
        (EntryKind.SHIFT, ("compton",), True),
        (EntryKind.SHIFT, ("compton", "lancaster"), True),
        (EntryKind.SHIFT, ("lancaster",), False),
        (EntryKind.SHIFT, (), False),
        (EntryKind.OVERRIDE, ("compton",), False),
    ],
)
def test_what_overlaps_is_what_would_hold_one_place_at_once(
    kind: EntryKind, stations: tuple[str, ...], is_in_the_way: bool
) -> None:
    other = read_draft(replace(DRAFT, start="2026-03-08T07:00", end="2026-03-09T07:00"), EntryKind.SHIFT, AROUND)
    entry = read_draft(replace(DRAFT, stations=stations), kind, AROUND)
    assert overlap(entry, [other]) is (other if is_in_the_way else None)


def test_turns_become_a_rotation() -> None:
    rotation = read_rotation(TURNS, AROUND)
    assert (rotation.responders, rotation.every, rotation.ends) == (("dcfs-ana",), timedelta(days=7), None)
    assert clash(rotation, [read_rotation(replace(TURNS, stations=("compton",)), AROUND)]) is None
    other = read_rotation(replace(TURNS, start="2027-01-01T00:00"), AROUND)
    assert clash(rotation, [other]) is other


def test_every_mistake_of_a_rotation_is_told_at_once() -> None:
    wrong = RotationDraft("first", ("dhs-dan",), "soon", timedelta(0), "later", ("mars",))
    with pytest.raises(DraftError) as error:
        read_rotation(wrong, AROUND)
    assert {one.field for one in error.value.mistakes} == {"tier", "every", "stations", "responders", "start", "end"}

"""The timeline's chain: whatever is changed, left out or put elsewhere shows, at its number."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pager.domain.timeline import BrokenChain, Event, EventKind, verify

AT = datetime(2026, 3, 2, 11, tzinfo=UTC)
CHANGES: dict[str, Any] = {
    "at": AT - timedelta(microseconds=1),
    "kind": EventKind.CLOSED,
    "agency": "dhs",
    "responder": "dhs-dan",
    "text": "something else",
    "data": {"rung": 77},
    "previous": "0" * 64,
    "hash": "0" * 64,
    "encounter_id": 8,
}


def chain(length: int) -> list[Event]:
    events: list[Event] = []
    for seq in range(1, length + 1):
        previous = events[-1].hash if events else ""
        event = Event(7, seq, AT + seq * timedelta(minutes=1), EventKind.PAGED, "dcfs", None, "paged", {"rung": seq})
        event = replace(event, previous=previous)
        events.append(replace(event, hash=event.digest()))
    return events


def broken(events: list[Event], whole: list[Event]) -> BrokenChain | None:
    return verify(iter(events), len(whole), whole[-1].hash)


@given(length=st.integers(1, 20), data=st.data())
def test_a_field_that_was_changed_shows_at_its_event(length: int, data: st.DataObject) -> None:
    events = chain(length)
    place = data.draw(st.integers(0, length - 1))
    name = data.draw(st.sampled_from(sorted(CHANGES)))
    changed = [*events[:place], replace(events[place], **{name: CHANGES[name]}), *events[place + 1 :]]
    found = broken(changed, events)
    assert broken(events, events) is None
    assert found is not None
    assert (found.seq, found.what) == (place + 1, "was changed")


@given(length=st.integers(1, 20), data=st.data())
def test_an_event_that_is_missing_shows_at_its_number(length: int, data: st.DataObject) -> None:
    events = chain(length)
    place = data.draw(st.integers(0, length - 1))
    found = broken(events[:place] + events[place + 1 :], events)
    assert found is not None
    assert (found.seq, found.what) == (place + 1, "is missing")


def test_an_event_that_was_written_anew_breaks_the_next() -> None:
    events = chain(3)
    anew = replace(events[0], text="something else")
    assert broken([replace(anew, hash=anew.digest()), *events[1:]], events) == BrokenChain(7, 2, "was changed")


@pytest.mark.parametrize(("length", "head"), [(0, ""), (3, "")])
def test_a_timeline_without_events_is_never_whole(length: int, head: str) -> None:
    assert verify([], length, head) == BrokenChain(0, 1, "is missing")

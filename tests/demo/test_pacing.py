"""The demonstration's clock beside an engine: fast where nothing is under way, held where something is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from pager.adapters.outbox import ThreadedOutbox
from pager.demo.clock import LEAD, DemoClock
from pager.demo.pacing import waiting_for_beats
from pager.lifecycle.tick import Beat
from tests.people import ANA
from tests.world import World

SECOND = timedelta(seconds=1)


class Paced:
    """A world whose beat is paced; the outbox's threads do not run, so that what it takes stays under way."""

    def __init__(self, url: str) -> None:
        self.world = World(url)
        self.clock = DemoClock(self.world.clock)
        outbox = ThreadedOutbox(self.world.context, self.world.carrier, on_room=lambda: None)
        beat = Beat(self.world.context, outbox, engine_id="paced")
        self.looked = 0
        self.tick = waiting_for_beats(self.clock, self.world.sandbox, self.look)(beat, outbox)
        self.clock.set_speed(45)

    def look(self) -> None:
        self.looked += 1

    def second(self) -> timedelta:
        """Beat, and return how far the clock goes in the second after it."""
        self.tick()
        before = self.clock.now()
        self.world.clock.move(SECOND)
        return self.clock.now() - before


@pytest.fixture
def paced(sqlite_url: str) -> Iterator[Paced]:
    paced = Paced(sqlite_url)
    yield paced
    paced.world.close()


def test_time_is_fast_between_beats_and_never_far_ahead_of_them(paced: Paced) -> None:
    assert paced.second() == LEAD + SECOND
    assert paced.looked == 1


def test_time_is_as_slow_as_ever_while_something_is_on_its_way_to_the_carrier(paced: Paced) -> None:
    paced.world.trigger(settle=False)
    assert paced.second() == SECOND


def test_time_stops_being_fast_where_something_is_due_in_the_sandbox(paced: Paced) -> None:
    paced.world.sandbox.reply(ANA, None, "HELLO")
    assert paced.second() < LEAD

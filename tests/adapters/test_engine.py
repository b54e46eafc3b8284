"""The engine with its own threads: APScheduler wakes the beat, the outbox sends and records."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

import pytest

from pager.adapters import outbox as outbox_module
from pager.adapters import scheduler
from pager.adapters.outbox import ThreadedOutbox
from pager.adapters.scheduler import AlarmClock
from pager.clock import SystemClock
from pager.domain.delivery import Delivery, DeliveryState
from pager.domain.trigger_request import read_trigger as read
from pager.lifecycle.carrier import Outcome, OutcomeKind
from pager.lifecycle.ports import StoreUnavailableError
from pager.lifecycle.tick import LEASE, Beat
from pager.lifecycle.trigger import trigger
from tests.world import CALLBACK, UNLIMITED, World, policy_of

PATIENCE = 10.0


class Beats:
    """Counts beats, and lets a test wait for the next one."""

    def __init__(self, next_due_in: timedelta | None = None) -> None:
        self.count = 0
        self.next_due_in = next_due_in
        self.beaten = threading.Semaphore(0)
        self.during: Callable[[], None] = lambda: None

    def tick(self) -> datetime | None:
        self.count += 1
        during, self.during = self.during, lambda: None
        during()
        self.beaten.release()
        return None if self.next_due_in is None else SystemClock().now() + self.next_due_in

    def wait(self) -> None:
        assert self.beaten.acquire(timeout=PATIENCE), "the beat never came"


@pytest.fixture
def beats() -> Beats:
    return Beats()


@pytest.fixture
def alarm_clock(beats: Beats) -> Iterator[AlarmClock]:
    clock = AlarmClock(beats.tick, SystemClock())
    yield clock
    clock.stop()


def test_beats_at_the_start_and_every_second(alarm_clock: AlarmClock, beats: Beats) -> None:
    alarm_clock.start()
    beats.wait()
    beats.wait()


@pytest.fixture
def no_regular_beat(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave only the beats that something asks for."""
    monkeypatch.setattr(scheduler, "EVERY", timedelta(minutes=1))


@pytest.mark.usefixtures("no_regular_beat")
def test_leaves_out_no_beat_that_is_rung_for_while_another_ends(beats: Beats) -> None:
    came = threading.Event()

    class AskedLast(SystemClock):
        """The end of a beat asks for the time: the first has not ended before the second has come."""

        def now(self) -> datetime:
            if beats.count == 1:
                clock.wake()
                beats.wait()
                beats.wait()
                came.set()
            return super().now()

    clock = AlarmClock(beats.tick, AskedLast())
    clock.start()
    assert came.wait(2 * PATIENCE)
    clock.stop()


@pytest.mark.usefixtures("no_regular_beat")
def test_beats_at_once_when_woken_and_again_when_woken_during_a_beat(alarm_clock: AlarmClock, beats: Beats) -> None:
    alarm_clock.start()
    beats.wait()
    beats.during = alarm_clock.wake
    alarm_clock.wake()
    beats.wait()
    beats.wait()


@pytest.mark.usefixtures("no_regular_beat")
def test_beats_when_the_next_thing_is_due(alarm_clock: AlarmClock, beats: Beats) -> None:
    beats.next_due_in = timedelta(milliseconds=50)
    alarm_clock.start()
    for _ in range(5):
        beats.wait()


@pytest.mark.parametrize("error", [StoreUnavailableError("away"), ZeroDivisionError()])
def test_a_beat_that_fails_is_followed_by_another(alarm_clock: AlarmClock, beats: Beats, error: Exception) -> None:
    def fail() -> None:
        raise error

    beats.during = fail
    alarm_clock.start()
    beats.wait()


class Carrier:
    """Takes everything, and tells when it has."""

    def __init__(self, expected: int) -> None:
        self.taken: list[int] = []
        self.expected, self.all_taken = expected, threading.Event()

    is_authorised = True

    def find(self, delivery: Delivery) -> Sequence[str]:
        raise AssertionError(f"nothing of delivery {delivery.id} is unknown")

    def send(self, delivery: Delivery) -> Outcome:
        self.taken.append(delivery.id)
        if len(self.taken) == self.expected:
            self.all_taken.set()
        return Outcome(delivery.id, OutcomeKind.TAKEN, sid=f"SM{delivery.id}")


def test_a_trigger_wakes_the_engine_which_sends_and_records(sqlite_url: str) -> None:
    world = World(sqlite_url)
    carrier = Carrier(expected=15)
    outbox = ThreadedOutbox(world.context, carrier, on_room=lambda: alarm.wake(), threads=4)
    alarm = AlarmClock(Beat(world.context, outbox, engine_id="threads").tick, SystemClock())
    world.store.on_written = alarm.wake
    outbox.start()
    alarm.start()
    encounters = [trigger(world.context, read({"station": "compton", "callback": CALLBACK})) for _ in range(3)]
    assert carrier.all_taken.wait(PATIENCE)
    alarm.stop()
    outbox.stop()
    states = [one.state for encounter in encounters for one in world.deliveries(encounter)]
    assert states == [DeliveryState.SENT] * 15
    assert len(set(carrier.taken)) == 15
    world.close()


@pytest.mark.parametrize(("quick_seconds", "room"), [(PATIENCE, 8), (0.0, 4)])
def test_as_many_again_may_lie_ready_while_the_carrier_answers_fast(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, quick_seconds: float, room: int
) -> None:
    monkeypatch.setattr(outbox_module, "QUICK_SECONDS", quick_seconds)
    world = World(sqlite_url, policy_of("dcfs"))
    trigger(world.context, read({"station": "compton", "callback": CALLBACK}))
    outbox = ThreadedOutbox(world.context, Carrier(expected=1), on_room=lambda: None, threads=4)
    assert outbox.room == 4
    with world.store.writing() as work:
        claimed = work.claims.claim(world.clock.now(), 4, LEASE, UNLIMITED, ())
    outbox.start()
    outbox.put(claimed, begin_before=world.clock.now() + LEASE)
    outbox.stop()
    assert outbox.room == room
    world.close()

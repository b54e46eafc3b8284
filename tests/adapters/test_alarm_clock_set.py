"""The beat goes on whatever the machine's clock is set to: APScheduler itself goes by that."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import apscheduler.schedulers.base
import pytest

from pager.adapters import scheduler
from pager.adapters.scheduler import AlarmClock
from pager.clock import SystemClock

PATIENCE = 10.0


class SetClock(datetime):
    """The wall clock, off by what a test set it to."""

    off = timedelta(0)

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Any:
        return datetime.now(tz) + cls.off


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> type[SetClock]:
    monkeypatch.setattr(SetClock, "off", timedelta(0))
    monkeypatch.setattr(apscheduler.schedulers.base, "datetime", SetClock)
    monkeypatch.setattr(scheduler, "wall_time", lambda: SetClock.now(UTC))
    return SetClock


@pytest.fixture
def beats(wall: type[SetClock]) -> Iterator[threading.Semaphore]:
    beaten = threading.Semaphore(0)
    clock = AlarmClock(beaten.release, SystemClock(wall=lambda: wall.now(UTC)))
    clock.start()
    assert beaten.acquire(timeout=PATIENCE)
    yield beaten
    clock.stop()


@pytest.mark.parametrize("days", [-1 / 24, 1 / 24, 3650], ids=["back an hour", "forth an hour", "forth ten years"])
def test_goes_on_when_the_clock_is_set(wall: type[SetClock], beats: threading.Semaphore, days: float) -> None:
    wall.off = timedelta(days=days)
    for _ in range(3):
        assert beats.acquire(timeout=PATIENCE), "the beat stands still"

"""What is done every minute: each job in its turn, whatever becomes of the one before."""

from __future__ import annotations

import threading

import pytest

from pager.adapters.minute import Minute
from pager.lifecycle.ports import StoreUnavailableError

PATIENCE = 10.0


def fail(error: Exception) -> None:
    raise error


def test_does_each_job_at_the_start_and_again(caplog: pytest.LogCaptureFixture) -> None:
    done = threading.Semaphore(0)
    jobs = {
        "first": lambda: fail(StoreUnavailableError("away")),
        "second": lambda: fail(ZeroDivisionError()),
        "third": lambda: done.release(),
    }
    minute = Minute(jobs, every_seconds=0.01)
    minute.start()
    for _ in range(3):
        assert done.acquire(timeout=PATIENCE)
    minute.stop()
    assert "first could not be done" in caplog.text
    assert "second failed" in caplog.text


def test_waits_a_minute_and_stops_at_once() -> None:
    done = threading.Semaphore(0)
    minute = Minute({"only": done.release})
    minute.start()
    assert done.acquire(timeout=PATIENCE)
    minute.stop()
    assert not done.acquire(blocking=False)

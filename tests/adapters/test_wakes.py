"""On PostgreSQL what one process writes wakes the engines of the others."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator

import psycopg
import pytest
from sqlalchemy import text

from pager.adapters.db.session import SqlStore, open_database
from pager.adapters.db.wakes import WakeListener
from pager.domain.delivery import Delivery, DeliveryKind, Priority
from pager.domain.directory import Channel
from tests.clock import START

AT_ONCE, PATIENCE = 1.0, 10.0

# Each test is of two processes on one PostgreSQL.
pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def delivery(key: str) -> Delivery:
    return Delivery(
        key=key,
        token=key,
        kind=DeliveryKind.ALERT,
        priority=Priority.ALERT,
        channel=Channel.SMS,
        to_number="+12135550101",
        from_number="+12135550190",
        created_at=START,
        due_at=START,
    )


def queue(store: SqlStore, key: str) -> None:
    """Write something that is work for the engine."""
    with store.writing() as work:
        work.deliveries.add([delivery(key)])


@pytest.fixture
def woken(store: SqlStore) -> Iterator[threading.Semaphore]:
    """Released for each time that a process, which listens by now, was woken."""
    woken = threading.Semaphore(0)
    listener = WakeListener(store.engine, woken.release)
    listener.start()
    assert woken.acquire(timeout=PATIENCE)
    yield woken
    listener.stop()


@pytest.fixture
def other(database_url: str) -> Iterator[SqlStore]:
    """The database as another process has it."""
    store = SqlStore(open_database(database_url))
    yield store
    store.engine.dispose()


def test_what_another_process_queues_wakes_this_one_at_once(other: SqlStore, woken: threading.Semaphore) -> None:
    for key in ("a", "b"):
        queue(other, key)
        assert woken.acquire(timeout=AT_ONCE)


def beat(store: SqlStore) -> None:
    """Write something that is no work."""
    with store.writing() as work:
        work.engines.beat("other", START, is_carrier_ok=True)


def queue_and_fail(store: SqlStore) -> None:
    with contextlib.suppress(ZeroDivisionError), store.writing() as work:
        work.deliveries.add([delivery("never")])
        raise ZeroDivisionError


@pytest.mark.parametrize("write", [beat, queue_and_fail])
def test_nobody_is_woken_where_nothing_was_queued(
    other: SqlStore, woken: threading.Semaphore, write: Callable[[SqlStore], None]
) -> None:
    write(other)
    queue(other, "a")
    assert woken.acquire(timeout=AT_ONCE)
    assert not woken.acquire(blocking=False)


def test_listens_again_after_its_connection_was_cut(other: SqlStore, woken: threading.Semaphore) -> None:
    with other.engine.connect() as connection:
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN pager_work' AND datname = "
        assert connection.scalars(text(f"{cut} current_database()")).all() == [True]
    assert woken.acquire(timeout=PATIENCE), "what was missed meanwhile is looked for"
    queue(other, "a")
    assert woken.acquire(timeout=AT_ONCE)


def test_goes_on_trying_while_the_database_is_away(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = threading.Semaphore(0)

    def fail(**_options: object) -> None:
        tried.release()
        raise psycopg.OperationalError("away")

    monkeypatch.setattr(psycopg, "connect", fail)
    listener = WakeListener(store.engine, lambda: None)
    listener.start()
    for _ in range(3):
        assert tried.acquire(timeout=PATIENCE)
    listener.stop()

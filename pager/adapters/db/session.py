"""Units of work on SQLite and PostgreSQL."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import (
    IntegrityError,
    InterfaceError,
    InternalError,
    InvalidatePoolError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.orm import Session

from pager.adapters.db.mapping import map_domain
from pager.adapters.db.wakes import CONNECTION, can_notify, notify
from pager.adapters.db.work import SqlWork
from pager.adapters.sealing import Sealer
from pager.lifecycle.ports import StoreConflictError, StoreUnavailableError

BUSY_TIMEOUT_MS = 5_000
# What a process holds locked that stands still in the middle of a transaction, or whose host is gone, is free again
# after so long. No transaction of ours waits for anything but the database.
STANDSTILL_MS = 5_000
POOL_SIZE = 24
# A connection that nobody used for so long is tried before it is used: to try each each time costs a third of a read.
RESTED_SECONDS = 1.0
_USED_AT = "used_at"


def open_database(url: str) -> Engine:
    """Return an engine for `url`, set up so that what was committed stays committed."""
    read = make_url(url)
    is_sqlite = read.get_backend_name() == "sqlite"
    # What the URL itself says of its connections stands.
    connection = {} if is_sqlite else {name: CONNECTION[name] for name in CONNECTION.keys() - read.query.keys()}
    engine = create_engine(
        read,
        pool_size=POOL_SIZE,
        max_overflow=POOL_SIZE,
        hide_parameters=True,
        connect_args=connection,
    )
    if is_sqlite:
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", _set_up_postgresql)
        event.listen(engine, "checkin", _note_use)
        event.listen(engine, "checkout", partial(_check_idle, engine.dialect))
    return engine


def _note_use(_connection: Any, record: Any) -> None:
    record.info[_USED_AT] = time.monotonic()


def _check_idle(dialect: Dialect, connection: Any, record: Any, _proxy: object) -> None:
    """See whether a connection that has rested still works, so that a server that was away meanwhile is no error."""
    if time.monotonic() - record.info.get(_USED_AT, time.monotonic()) < RESTED_SECONDS:
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        raise InvalidatePoolError from error  # this connection and the older ones are made anew


def _set_up_postgresql(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET idle_in_transaction_session_timeout = {STANDSTILL_MS}")
    connection.commit()


def _set_up_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by _begin_sqlite, not by the driver's guess
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",  # what was deleted is overwritten, so that no copy of the file holds it
        f"busy_timeout={BUSY_TIMEOUT_MS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if not options.get("is_glancing"):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("is_writing") else "BEGIN")


class FairLock:
    """A lock that serves threads in the order in which they came."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._queue: deque[threading.Event] = deque()

    def __enter__(self) -> None:
        turn = threading.Event()
        with self._guard:
            self._queue.append(turn)
            if len(self._queue) == 1:
                turn.set()
        turn.wait()

    def __exit__(self, *_: object) -> None:
        with self._guard:
            self._queue.popleft()
            if self._queue:
                self._queue[0].set()


class SqlStore:
    """The database as the lifecycle sees it. `on_written` is called after each unit of work that queued something.

    On PostgreSQL other processes are told too. `sealer` encrypts what people write freely; without one it is not kept.
    """

    def __init__(
        self,
        engine: Engine,
        on_written: Callable[[], None] = lambda: None,
        *,
        sealer: Sealer | None = None,
        uses_database_time: bool = True,
    ) -> None:
        map_domain()
        # Of leases only: several hosts then count them by one clock. SQLite is on one host and has none.
        self._info = {"uses_database_time": uses_database_time and engine.dialect.name == "postgresql"}
        self._sealer = sealer or Sealer()
        self.engine = engine
        self.on_written = on_written
        self._write_engine = engine.execution_options(is_writing=True)
        # PostgreSQL is asked once instead of three times; SQLite's driver begins nothing by itself.
        without = {} if engine.dialect.name == "sqlite" else {"isolation_level": "AUTOCOMMIT"}
        self._glance_engine = engine.execution_options(is_glancing=True, **without)
        # SQLite has one writer at a time: our threads wait here, in order, and not in its busy loop.
        self._write_lock = FairLock() if engine.dialect.name == "sqlite" else nullcontext()

    @contextmanager
    def reading(self) -> Iterator[SqlWork]:
        with _translated_errors(), self._session(self.engine) as session:
            yield SqlWork(session, self._sealer)

    @contextmanager
    def glancing(self) -> Iterator[SqlWork]:
        with _translated_errors(), self._session(self._glance_engine) as session:
            yield SqlWork(session, self._sealer)

    @contextmanager
    def writing(self) -> Iterator[SqlWork]:
        with (
            _translated_errors(),
            self._write_lock,
            self._session(self._write_engine) as session,
        ):
            work = SqlWork(session, self._sealer)
            with session.begin():
                yield work
                if work.has_work_for_engine and can_notify(self.engine):
                    notify(session)
        if work.has_work_for_engine:
            self.on_written()

    def _session(self, engine: Engine) -> Session:
        return Session(engine, expire_on_commit=False, info=self._info)

    def is_reachable(self) -> bool:
        """Tell whether the database answers."""
        try:
            with self.engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return False
        return True


@contextmanager
def _translated_errors() -> Iterator[None]:
    """Put the driver's errors into our own. Theirs are cut off: their texts hold the values of rows."""
    try:
        yield
    except IntegrityError as error:
        raise StoreConflictError(type(error.orig).__name__) from None
    except (OperationalError, InterfaceError, InternalError) as error:
        raise StoreUnavailableError(type(error.orig).__name__) from None
    except SQLAlchemyError as error:
        if type(error).__name__ == "TimeoutError":  # no connection became free in time
            raise StoreUnavailableError("no connection") from None
        raise

"""On PostgreSQL the engines of other processes are woken by NOTIFY, in the moment in which the work is committed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

import psycopg
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

log = logging.getLogger(__name__)

CHANNEL = "pager_work"
AT_A_TIME_SECONDS = 0.5  # then it looks whether it is to stop
SHORTEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.25, 5.0
# A connection that was cut without a word is noticed within half a minute.
CONNECTION: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,  # in milliseconds; the others see only a connection on which nothing is on its way
}


def can_notify(engine: Engine) -> bool:
    """Tell whether the database has LISTEN and NOTIFY."""
    return engine.dialect.name == "postgresql"


def notify(session: Session) -> None:
    """Wake every listener once this transaction is committed; where it is not, nobody hears of it."""
    session.execute(text("SELECT pg_notify(:channel, '')"), {"channel": CHANNEL})


class WakeListener:
    """Calls `wake` for each notification, and after each new connection: something may have been missed.

    It only saves time: without it the engine finds out within a second.
    """

    def __init__(self, engine: Engine, wake: Callable[[], None]) -> None:
        self._wake = wake
        arguments, options = engine.dialect.create_connect_args(engine.url)
        self._arguments: list[Any] = list(arguments)
        self._options: dict[str, Any] = {**CONNECTION, **options}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="wake-listener", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout: float = 10.0) -> None:
        """Stop listening; waits for a connection that is just being made."""
        self._stopping.set()
        self._thread.join(timeout)

    def _run(self) -> None:
        pause = SHORTEST_PAUSE_SECONDS
        while not self._stopping.is_set():
            try:
                with psycopg.connect(*self._arguments, **self._options, autocommit=True) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    pause = SHORTEST_PAUSE_SECONDS
                    self._listen(connection)
            except psycopg.Error as error:
                log.warning("other processes cannot wake this one: %s", type(error).__name__)
            except Exception:  # the thread must live
                log.exception("listening failed")
            self._stopping.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)

    def _listen(self, connection: psycopg.Connection[Any]) -> None:
        log.info("other processes can wake this one")
        self._wake()
        while not self._stopping.is_set():
            for _ in connection.notifies(timeout=AT_A_TIME_SECONDS):
                self._wake()

"""The service in a process of its own, on the test's clock; it kills itself where it is told to, as a crash would."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import has_request_context, request
from sqlalchemy import Engine, event, inspect
from sqlalchemy.orm import Session
from twilio.http.response import Response

from pager.adapters import scheduler
from pager.adapters.db.session import SqlStore, open_database
from pager.adapters.sealing import make_sealer
from pager.adapters.twilio.http import CarrierHttpClient
from pager.adapters.web.server import serve
from pager.app import create_web, make_carrier, make_context, make_engine
from pager.config import read_settings
from pager.domain.delivery import Delivery, DeliveryState
from pager.logs import set_up_logging
from tests.crash.clock import FileClock
from tests.crash.points import Kind, Point

# The clock stands still and then leaps, so that what it makes due is seen at the next look only: that comes sooner.
LOOK_EVERY = timedelta(seconds=0.2)
# A machine that is busy is no fault of the carrier's.
CARRIER_ANSWERS_WITHIN_SECONDS = 60.0
STATES = "states that deliveries took"
THREADS = {"ThreadPoolExecutor": "beat"}  # APScheduler's


@dataclass(frozen=True)
class Orders:
    """What a process is told: where it serves, by which clock and settings, and where it dies.

    `gist` tells what a message is by its text. `passed` and `log` are the files to note in: each point that is passed,
    and what the service logs.
    """

    port: int
    clock: Path
    settings: Mapping[str, str]
    gist: Callable[[str | None], str]
    passed: Path = Path(os.devnull)
    log: Path = Path(os.devnull)
    death: Point | None = None


class Death:
    """Notes the points that are passed, and ends the process at one of them: no handler, no `finally` runs."""

    def __init__(self, passed: Path, at: Point | None) -> None:
        self._passed = os.open(passed, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._at, self._times = at, 0
        self._guard = threading.Lock()

    def pass_by(self, kind: Kind, what: str) -> None:
        with self._guard:
            os.write(self._passed, f"{kind} {what}\n".encode())
            if self._at is not None and (kind, what) == (self._at.kind, self._at.what):
                self._times += 1
                if self._times == self._at.number:
                    os.kill(os.getpid(), signal.SIGKILL)


class WatchedHttpClient(CarrierHttpClient):
    """The carrier's client; each of its requests has a point before and one after it."""

    def __init__(self, api_url: str | None, death: Death, gist: Callable[[str | None], str]) -> None:
        super().__init__(api_url)
        self.timeout = CARRIER_ANSWERS_WITHIN_SECONDS
        self._death, self._gist = death, gist

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        form = (kwargs.get("data") if method == "POST" else kwargs.get("params")) or {}
        what = f"{self._gist(form.get('Body')) if method == 'POST' else 'list'} to {form.get('To')}"
        self._death.pass_by(Kind.BEFORE_REQUEST, what)
        response = super().request(method, url, *args, **kwargs)
        self._death.pass_by(Kind.AFTER_REQUEST, what)
        return response


def watch_commits(death: Death) -> None:
    """Let each commit have a point before and one after it."""

    queueing = threading.local()  # whether this thread's unit of work has queued something, which passes the session by

    def note_queued(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO deliveries"):
            queueing.is_so = True

    def forget(_session: Session) -> None:
        queueing.is_so = False

    def before(session: Session) -> None:
        session.flush()  # so that nothing is left to be done but the commit
        if getattr(queueing, "is_so", False):
            session.info.setdefault(STATES, set()).add(DeliveryState.QUEUED)
            forget(session)
        death.pass_by(Kind.BEFORE_COMMIT, _what(session))

    event.listen(Engine, "before_cursor_execute", note_queued)
    event.listen(Session, "after_rollback", forget)
    event.listen(Session, "after_flush", _note_states)
    event.listen(Session, "before_commit", before)
    event.listen(Session, "after_commit", lambda session: death.pass_by(Kind.AFTER_COMMIT, _what(session)))


def _note_states(session: Session, _: object) -> None:
    states = session.info.setdefault(STATES, set())
    for one in (*session.new, *session.dirty):
        if isinstance(one, Delivery):
            states.update(inspect(one).attrs.state.history.added)


def _what(session: Session) -> str:
    thread = threading.current_thread().name.partition("-")[0]
    who = f"{request.method} {request.url_rule}" if has_request_context() else THREADS.get(thread, thread)
    return ", ".join((who, *sorted(session.info.get(STATES, ()))))


def run(orders: Orders) -> None:
    """Serve until killed, put together as `pager serve` does it."""
    log = os.open(orders.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for stream in (1, 2):
        os.dup2(log, stream)
    set_up_logging()
    scheduler.EVERY = LOOK_EVERY
    death = Death(orders.passed, orders.death)
    settings = read_settings(orders.settings)
    # Leases go by the test's clock as well: the database's cannot be moved.
    sealer = make_sealer(settings.encryption_keys, settings.secret_key)
    store = SqlStore(open_database(settings.database_url), sealer=sealer, uses_database_time=False)
    watch_commits(death)
    context = make_context(settings, store, FileClock(orders.clock))
    carrier = make_carrier(settings, lambda: WatchedHttpClient(settings.twilio_api_url, death, orders.gist))
    app = create_web(settings, context, store, carrier)
    serve(app, "127.0.0.1", orders.port, make_engine(context, store, carrier).start)

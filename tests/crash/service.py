"""The service in a process of its own, on the test's clock; it kills itself where it is told to, as a crash would.

Arguments: the port, the clock's file, a file to write each point to that is passed, and the point to die at: its kind
and its number among those of its kind, from 1; 0 for never. The settings come from the environment.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session
from twilio.http.response import Response

from pager.adapters import scheduler
from pager.adapters.twilio.http import CarrierHttpClient
from pager.adapters.web.server import serve
from pager.app import create_web, make_carrier, make_context, make_engine, open_store
from pager.config import read_settings
from pager.logs import set_up_logging
from tests.crash.clock import FileClock
from tests.crash.points import Kind

# The clock stands still and then leaps, so that what it makes due is seen at the next look only: that comes sooner.
LOOK_EVERY = timedelta(seconds=0.2)


class Death:
    """Counts the points that are passed, and ends the process at one of them: no handler, no `finally` runs."""

    def __init__(self, passed: Path, kind: str, number: int) -> None:
        self._passed = os.open(passed, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._kind, self._left = kind, number
        self._guard = threading.Lock()

    def pass_by(self, kind: Kind) -> None:
        with self._guard:
            os.write(self._passed, f"{kind}\n".encode())
            if kind == self._kind:
                self._left -= 1
                if self._left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)


class WatchedHttpClient(CarrierHttpClient):
    """The carrier's client; each of its requests has a point before and one after it."""

    def __init__(self, api_url: str | None, death: Death) -> None:
        super().__init__(api_url)
        self._death = death

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        self._death.pass_by(Kind.BEFORE_REQUEST)
        response = super().request(method, url, *args, **kwargs)
        self._death.pass_by(Kind.AFTER_REQUEST)
        return response


def main(port: int, clock: Path, death: Death) -> None:
    """Serve until killed, put together as `pager serve` does it."""
    set_up_logging()
    scheduler.EVERY = LOOK_EVERY
    settings = read_settings(os.environ)
    store = open_store(settings)
    # The engine's event comes before the database is asked to commit, the session's once it has.
    event.listen(store.engine, "commit", lambda _: death.pass_by(Kind.BEFORE_COMMIT))
    event.listen(Session, "after_commit", lambda _: death.pass_by(Kind.AFTER_COMMIT))
    context = make_context(settings, store, FileClock(clock))
    carrier = make_carrier(settings, lambda: WatchedHttpClient(settings.twilio_api_url, death))
    app = create_web(settings, context, store, carrier)
    serve(app, "127.0.0.1", port, make_engine(context, store, carrier).start)


if __name__ == "__main__":
    _, port, clock, passed, kind, number = sys.argv
    main(int(port), Path(clock), Death(Path(passed), kind, int(number)))

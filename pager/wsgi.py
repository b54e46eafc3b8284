"""The service behind another WSGI server, built in the process that serves, so after any fork."""

from __future__ import annotations

import atexit
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

from pager.adapters.db.migrate import is_current
from pager.app import make_service, open_store
from pager.config import REQUIRED_TO_SERVE, SettingsError, environment, read_settings
from pager.logs import set_up_logging

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def create_app() -> WSGIApplication:
    """Build the web application and, unless PAGER_ENGINE is off, start an engine beside it.

    Raises SettingsError with all that is missing or wrong.
    """
    set_up_logging()
    settings = read_settings(environment(), REQUIRED_TO_SERVE)
    store = open_store(settings)
    if not is_current(store.engine):
        raise SettingsError("the database is not at this version's schema; run `pager db upgrade`")
    app, background = make_service(settings, store)
    background.start()
    atexit.register(background.stop)
    return app


class LazyApp:
    """A WSGI application that is built by the first request, once.

    A server that can call a factory after its fork does better with `pager.wsgi:create_app`: the engine then runs
    from the start, not from the first request.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._app: WSGIApplication | None = None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with self._guard:
            if self._app is None:
                self._app = create_app()
        return self._app(environ, start_response)

"""Serves the web application on waitress's threads until the process is told to stop."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

from waitress.server import create_server

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

THREADS = 16
# The largest body that is read at all; the API refuses smaller ones by its own limit, with its own words.
LARGEST_BODY = 4 * 1024 * 1024
# Browsers and load balancers keep connections open that they do not use; past so many nobody new is let in. It leaves
# room below the 1024 open files that a process commonly may have.
MOST_CONNECTIONS = 500


class AddressInUseError(Exception):
    """Another program listens there already."""


def serve(app: WSGIApplication, host: str, port: int, on_ready: Callable[[], None]) -> None:
    """Serve `app` until SIGINT or SIGTERM; `on_ready` is called once connections are taken."""
    try:
        server = create_server(
            app,
            host=host,
            port=port,
            threads=THREADS,
            ident="pager",
            max_request_body_size=LARGEST_BODY,
            connection_limit=MOST_CONNECTIONS,
            asyncore_use_poll=True,  # select() takes no file descriptor above 1023
            clear_untrusted_proxy_headers=False,  # of these we read one, and look ourselves at whom to believe it
        )
    except OSError as error:
        raise AddressInUseError(f"cannot listen on {host}:{port}: {error.strerror}") from error
    signal.signal(signal.SIGTERM, _stop)
    try:
        on_ready()
        server.run()
    finally:
        server.close()


def _stop(_signal: int, _frame: object) -> NoReturn:
    raise SystemExit(0)

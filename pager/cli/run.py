"""Commands that run until they are stopped: `demo`, `serve`, `worker`."""

from __future__ import annotations

import contextlib
import logging
import signal
import threading
from collections.abc import Iterator

import click

from pager.adapters.web.server import AddressInUseError
from pager.adapters.web.server import serve as serve_web
from pager.app import make_carrier, make_context, make_engine, make_service
from pager.cli.failures import Failure, WrongUsage
from pager.cli.opening import opened_store
from pager.config import REQUIRED_TO_SERVE, REQUIRED_TO_WORK, environment, read_settings
from pager.demo.service import make_demo
from pager.logs import set_up_logging

log = logging.getLogger(__name__)

PORT = click.IntRange(1, 65_535)


@click.command()
@click.option("--port", default=8000, show_default=True, type=PORT, help="Where to listen on this machine.")
def demo(port: int) -> None:
    """Everything in one process, with nothing to configure.

    A demonstration county on its own database, the engine, the board, and a carrier in a box with a wall of
    telephones. Reads no setting and reaches no real telephone.
    """
    set_up_logging()
    demonstration = make_demo(port)

    def begin() -> None:
        demonstration.start()
        click.echo(demonstration.welcome())

    with _translated_address_error():
        try:
            serve_web(demonstration.app, "127.0.0.1", port, begin)
        finally:
            demonstration.stop()


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=PORT, help="The port to listen on.")
def serve(host: str, port: int) -> None:
    """Web and engine in one process."""
    set_up_logging()
    settings = read_settings(environment(), REQUIRED_TO_SERVE)
    with opened_store(settings) as store, _translated_address_error():
        app, background = make_service(settings, store, listens_on=[host])

        def begin() -> None:
            background.start()
            click.echo(f"pager listens on http://{host}:{port}")

        try:
            serve_web(app, host, port, begin)
        finally:
            background.stop()


@click.command()
def worker() -> None:
    """The engine alone: any number of these on one PostgreSQL."""
    set_up_logging()
    settings = read_settings(environment(), REQUIRED_TO_WORK)
    if not settings.runs_engine:
        raise WrongUsage("PAGER_ENGINE is off, so a worker would do nothing; set it to on")
    if not (settings.secret_key or settings.encryption_keys):
        log.warning(
            "neither PAGER_SECRET_KEY nor PAGER_ENCRYPTION_KEYS is set: this worker keeps no words of a reply, "
            "and cannot read a reply that another process could not handle"
        )
    with opened_store(settings) as store:
        context = make_context(settings, store)
        engine = make_engine(context, store, make_carrier(settings), heartbeat_url=settings.heartbeat_url)
        stopping = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: stopping.set())
        engine.start()
        click.echo("pager's engine runs")
        try:
            while not stopping.wait(1.0):  # in steps, so that Ctrl-C is heard
                pass
        finally:
            engine.stop()


@contextlib.contextmanager
def _translated_address_error() -> Iterator[None]:
    try:
        yield
    except AddressInUseError as error:
        raise Failure(f"The service {error}; choose another with --port.") from error

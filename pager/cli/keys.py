"""`pager key create`."""

from __future__ import annotations

import secrets

import click

from pager.cli.choices import check_code
from pager.cli.failures import Failure
from pager.cli.opening import current_settings, opened_store
from pager.clock import SystemClock
from pager.domain.api_key import ApiKey, Scope, hash_secret
from pager.lifecycle.ports import Store, StoreConflictError

# By its beginning a key is known for one wherever it turns up: in a file, in a log, in a search for leaked secrets.
PREFIX = "pager_"
_LONGEST_NAME = 100


@click.group()
def key() -> None:
    """Keys of the HTTP API."""


@key.command()
@click.argument("name")
@click.option(
    "--scope",
    type=click.Choice([scope.value for scope in Scope]),
    required=True,
    help="trigger: open encounters and act on them; read: read and list; admin: both.",
)
@click.option("--station", "stations", multiple=True, metavar="S", help="For this station only; may be repeated.")
def create(name: str, scope: str, stations: tuple[str, ...]) -> None:
    """Make an API key called NAME and print it, once, alone on the last line.

    Only a hash of it is kept: who loses it makes a new one.
    """
    name = name.strip()
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise click.BadParameter(f"must be one line of 1 to {_LONGEST_NAME} characters", param_hint="NAME")
    secret = PREFIX + secrets.token_urlsafe(32)
    with opened_store(current_settings()) as store:
        _keep(store, name, Scope(scope), frozenset(stations), secret)
    where = ", ".join(sorted(set(stations))) or "every station"
    click.echo(f"Key {name}, scope {scope}, {where}. It is shown now and never again:")
    click.echo(secret)


def _keep(store: Store, name: str, scope: Scope, stations: frozenset[str], secret: str) -> None:
    taken = Failure(f"There is a key called {name} already; take another name.")
    try:
        with store.writing() as work:
            known = [station.code for station in work.directory.stations() if station.is_active]
            for station in sorted(stations):
                check_code(station, known, "--station")
            if work.keys.by_name(name):
                raise taken
            work.keys.add(ApiKey(name, scope.value, stations, hash_secret(secret), SystemClock().now()))
    except StoreConflictError:
        raise taken from None

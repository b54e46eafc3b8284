"""`pager key …`: keys of the HTTP API."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import click

from pager.app import make_context
from pager.cli.choices import check_code
from pager.cli.failures import Failure
from pager.cli.opening import current_settings, opened_store
from pager.cli.told_changes import local_minute
from pager.domain.api_key import ApiKey, Scope, hash_secret
from pager.lifecycle.manage_keys import KeyExistsError, UnknownStationError, create_key, revoke_key
from pager.lifecycle.turn import reading

# By its beginning a key is known for one wherever it turns up: in a file, in a log, in a search for leaked secrets.
PREFIX = "pager_"
_LONGEST_NAME = 100
_COLUMNS = ("NAME", "SCOPE", "STATIONS", "CREATED", "LAST USED", "REVOKED")


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
    settings = current_settings()
    with opened_store(settings) as store:
        granted = (name, Scope(scope), frozenset(stations), hash_secret(secret))
        try:
            create_key(make_context(settings, store), *granted, "pager key create")
        except KeyExistsError:
            raise Failure(f"There is a key called {name} already; take another name.") from None
        except UnknownStationError as error:
            check_code(error.station, error.known, "--station")
    where = ", ".join(sorted(set(stations))) or "every station"
    click.echo(f"Key {name}, scope {scope}, {where}. It is shown now and never again:")
    click.echo(secret)


@key.command("list")
def list_keys() -> None:
    """List every key with its scope, its stations, and when it was used last; those that are revoked too."""
    settings = current_settings()
    with opened_store(settings) as store, store.reading() as work:
        found = work.keys.all()
    if not found:
        raise Failure("There is no key yet; make one with `pager key create NAME --scope SCOPE`.")
    for line in _table([_COLUMNS, *(tuple(_cells(one, settings.timezone)) for one in found)]):
        click.echo(line)


@key.command()
@click.argument("name")
def revoke(name: str) -> None:
    """Let the key called NAME in no more, from the next request on.

    Its name stays taken: the audit and the timelines speak of it.
    """
    settings = current_settings()
    with opened_store(settings) as store:
        context = make_context(settings, store)
        with reading(context) as turn:
            names = [one.name for one in turn.work.keys.all()]
        check_code(name, names, "NAME", nothing="there is no key yet")
        revoked = revoke_key(context, name, "pager key revoke")
    click.echo(f"{name} is revoked since {_told(revoked.revoked_at, settings.timezone)}; it lets nobody in any more.")


def _cells(one: ApiKey, zone: ZoneInfo) -> Iterator[str]:
    yield one.name
    yield one.scope
    yield ",".join(sorted(one.stations)) or "every"
    yield _told(one.created_at, zone)
    yield _told(one.last_used_at, zone, "never")
    yield _told(one.revoked_at, zone)


def _told(at: datetime | None, zone: ZoneInfo, otherwise: str = "") -> str:
    return otherwise if at is None else local_minute(at, zone)


def _table(rows: list[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()

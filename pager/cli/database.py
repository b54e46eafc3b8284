"""`pager db upgrade` and `pager audit verify`."""

from __future__ import annotations

import click

from pager.adapters.db.migrate import upgrade as migrate
from pager.cli.failures import Failure
from pager.cli.opening import current_settings, opened_store, unchecked_store
from pager.lifecycle.verify_record import verify_record


@click.group()
def db() -> None:
    """The database's schema."""


@db.command()
def upgrade() -> None:
    """Bring the database's schema to the newest.

    A SQLite file is made where there is none. Loading, paging and everything else need this first.
    """
    settings = current_settings()
    unchecked_store(settings).engine.dispose()
    migrate(settings.database_url)
    click.echo("The database is at the newest schema.")


@click.group()
def audit() -> None:
    """The record of what happened."""


@audit.command()
def verify() -> None:
    """Check that every timeline, and every certificate of a purge, is what was written.

    Exits with 1 and names the first event or certificate that was changed or is missing. The anchor, kept elsewhere,
    shows later whether a tail was cut off together with what is said of its length: its numbers never fall.
    """
    with opened_store(current_settings()) as store:
        verified = verify_record(store)
    if verified.first:
        others = f" Further findings: {verified.findings - 1}." if verified.findings > 1 else ""
        raise Failure(f"{verified.first}.{others}")
    number, hash_ = (verified.last.number, verified.last.hash) if verified.last else (0, "none")
    click.echo(
        f"Nothing was changed, nothing is missing: {verified.encounters} encounters with {verified.events} events, "
        f"{number} certificates of {verified.purged_encounters} purged encounters."
    )
    encounters = verified.encounters + verified.purged_encounters
    events = verified.events + verified.purged_events
    click.echo(f"Anchor: {encounters} encounters, {events} events, certificate {number} {hash_}")

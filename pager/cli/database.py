"""`pager db upgrade` and `pager audit verify`."""

from __future__ import annotations

import click

from pager.adapters.db.migrate import upgrade as migrate
from pager.cli.failures import Failure
from pager.cli.opening import current_settings, opened_store, unchecked_store
from pager.domain.encounter import Encounter
from pager.domain.timeline import verify as verify_chain
from pager.lifecycle.ports import Store, Work


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
    """Check the hash chain of every encounter's timeline.

    Exits with 1 and names the first event that was changed or is missing. A tail that was cut off together with
    what the encounter says of its length does not show: that needs an anchor kept elsewhere.
    """
    encounters = events = 0
    findings: list[str] = []
    with opened_store(current_settings()) as store, store.reading() as work:
        for encounter in work.timeline.all_encounters():
            length, finding = _check(work, encounter)
            # It may just have been written to, between the reading of its head and of its events.
            if finding and (finding := _check_locked(store, encounter.id)):
                findings.append(f"{encounter.reference}: {finding}.")
            encounters, events = encounters + 1, events + length
    click.echo(f"Encounters checked: {encounters}, events: {events}.")
    if findings:
        others = f" Further encounters with a finding: {len(findings) - 1}." if findings[1:] else ""
        raise Failure(findings[0] + others)
    click.echo("Nothing was changed, nothing is missing.")


def _check(work: Work, encounter: Encounter) -> tuple[int, str | None]:
    """Return how many events the encounter has, and what is wrong with them."""
    try:
        events = work.timeline.of(encounter.id)
        broken = verify_chain(events, encounter.timeline_length, encounter.timeline_head)
    except (ValueError, TypeError):
        return 0, "an event cannot be read, so it was changed"
    return len(events), f"event {broken.seq} {broken.what}" if broken else None


def _check_locked(store: Store, encounter_id: int) -> str | None:
    with store.writing() as work:
        return _check(work, work.encounters.lock(encounter_id))[1]

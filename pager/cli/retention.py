"""`pager purge` and `pager hold`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

import click

from pager.adapters.twilio.erasure import TwilioErasure
from pager.adapters.twilio.http import CarrierHttpClient
from pager.app import make_context
from pager.cli.failures import Failure
from pager.cli.opening import current_settings, opened_store
from pager.config import Settings, environment, read_settings
from pager.domain.readable import counted
from pager.lifecycle.erase import Eraser
from pager.lifecycle.foresee_purge import foresee_purge
from pager.lifecycle.forget import Forgotten, forget
from pager.lifecycle.hold import lift_hold, list_holds, place_hold
from pager.lifecycle.purge import Batch
from pager.lifecycle.purge import purge as purge_encounters
from pager.lifecycle.turn import Context

BY = "pager hold"
REQUIRED_TO_ERASE = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN")


@click.command()
@click.option("--dry-run", is_flag=True, help="Tell what would go, and change nothing.")
def purge(dry_run: bool) -> None:
    """Remove encounters that ended longer ago than PAGER_RETENTION_DAYS, unless a legal hold keeps them.

    The carrier's copies go first. A certificate of each batch is printed, one JSON object a line. Where the carrier
    refuses or is away the encounter stays whole, and the exit code is 1: run it again.
    """
    settings = read_settings(environment(), () if dry_run else REQUIRED_TO_ERASE)
    with opened_store(settings) as store:
        context = make_context(settings, store)
        ended_before = context.clock.now() - settings.retention
        if dry_run:
            _tell_foreseen(context, ended_before)
            return
        eraser = Eraser(_erasure(settings))
        done = _Done()
        for batch in purge_encounters(context, eraser, ended_before):
            if batch.certificate is not None:
                click.echo(json.dumps(batch.certificate.document(batch.purged)))
            done.add(batch)
        done.tell(forget(context, eraser, ended_before), eraser)


def _erasure(settings: Settings) -> TwilioErasure:
    return TwilioErasure(
        settings.account_sid or "", settings.auth_tokens, lambda: CarrierHttpClient(settings.twilio_api_url)
    )


def _tell_foreseen(context: Context, ended_before: datetime) -> None:
    foreseen = foresee_purge(context, ended_before)
    click.echo(f"Ended before {_shown(ended_before)}: {counted(foreseen.encounters, 'encounter')} to go.")
    click.echo(f"Under a legal hold: {foreseen.held}. Messages of no encounter: {foreseen.leftovers} to go.")
    click.echo(f"Messages and calls at the carrier: {foreseen.copies} to go.")
    click.echo("Nothing was changed, this was a dry run.")


@dataclass
class _Done:
    """What was done so far, told on standard error: standard output is for certificates."""

    purged: int = 0
    held: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def add(self, batch: Batch) -> None:
        self.purged += len(batch.purged)
        self.held += batch.held
        self.refused += batch.refused

    def tell(self, forgotten: Forgotten, eraser: Eraser) -> None:
        """Raises Failure where something stays that should have gone."""
        messages = counted(forgotten.rows, "message")
        click.echo(f"Purged: {counted(self.purged, 'encounter')}, and {messages} of no encounter.", err=True)
        if self.held:
            named = ", ".join(self.held)
            click.echo(f"Held meanwhile, so kept, but the carrier's copies are deleted: {named}.", err=True)
        if self.refused or forgotten.refused:
            raise Failure(f"{self._what_stays(forgotten)}: {_why(eraser)}. Run this again later.")

    def _what_stays(self, forgotten: Forgotten) -> str:
        first = f" (the first is {self.refused[0]})" if self.refused else ""
        return (
            f"{counted(len(self.refused), 'encounter')}{first} and {counted(forgotten.refused, 'message')} "
            "of no encounter stay"
        )


def _why(eraser: Eraser) -> str:
    return f"the carrier {'is away' if eraser.is_away else 'does not delete its copies'} ({eraser.why})"


@click.group()
def hold() -> None:
    """Legal holds: what is under one is never purged."""


@hold.command()
@click.argument("reference")
def place(reference: str) -> None:
    """Keep the encounter REFERENCE from every purge until the hold is lifted."""
    with _context() as context, _named(reference) as encounter:
        placed = place_hold(context, encounter, BY)
    click.echo(f"{encounter} is under a legal hold since {_shown(placed.placed_at)}; no purge removes it.")


@hold.command()
@click.argument("reference")
def lift(reference: str) -> None:
    """Lift the hold on the encounter REFERENCE: a purge may remove it from then on."""
    with _context() as context, _named(reference) as encounter:
        if not lift_hold(context, encounter, BY):
            raise Failure(f"{encounter} is under no legal hold.")
    click.echo(f"The legal hold on {encounter} is lifted.")


@hold.command("list")
def list_() -> None:
    """Print the encounters under a legal hold, oldest hold first."""
    with _context() as context:
        held = list_holds(context)
    for encounter, one in held:
        click.echo(f"{encounter.reference}  since {_shown(one.placed_at)}  by {one.placed_by}")
    if not held:
        click.echo("No encounter is under a legal hold.")


@contextmanager
def _context() -> Iterator[Context]:
    settings = current_settings()
    with opened_store(settings) as store:
        yield make_context(settings, store)


@contextmanager
def _named(reference: str) -> Iterator[str]:
    """Yield a reference as we write it, and put into words that no encounter has it."""
    written = reference.strip().upper()
    try:
        yield written
    except KeyError:
        raise Failure(f"No encounter has the reference {written}; if there was one, it was purged.") from None


def _shown(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"

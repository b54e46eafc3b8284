"""`pager trigger`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import click

from pager.app import make_context
from pager.cli.failures import Failure, as_failure
from pager.cli.opening import current_settings, opened_store
from pager.config import Settings, environment
from pager.domain.encounter import Updates
from pager.domain.readable import full_number, readable_number
from pager.domain.reference import spell
from pager.domain.trigger_request import RefusedError, TriggerRequest, read_trigger
from pager.lifecycle.trigger import Triggered
from pager.lifecycle.trigger import trigger as open_encounter
from pager.lifecycle.turn import Context, shown_callback


@click.command()
@click.option("--station", required=True, metavar="S", help="The station's code.")
@click.option("--callback", required=True, metavar="N", help="Where the dispatcher is reached, e.g. 310-555-0100.")
@click.option("--drill", is_flag=True, help="Practice: every message says DRILL first.")
@click.option(
    "--updates",
    type=click.Choice([one.value for one in Updates]),
    default=Updates.VOICE.value,
    show_default=True,
    help="How the dispatcher is told how it goes. An alert calls in any case.",
)
@click.option("--note", metavar="T", help="For the people who sign in; it is never sent.")
@click.option("--leave-out", multiple=True, metavar="A", help="An agency not to page, where the policy allows it.")
def trigger(
    station: str, callback: str, drill: bool, updates: str, note: str | None, leave_out: tuple[str, ...]
) -> None:
    """Open an encounter and page the agencies.

    It is written to the database; a running `pager serve` or `pager worker` does the paging.
    """
    body = {
        "station": station,
        "callback": callback,
        "drill": drill,
        "updates": updates,
        "note": note,
        "leave_out": list(leave_out),
    }
    with _telling_whom_to_telephone():
        settings = current_settings()
        with opened_store(settings) as store:
            context = replace(make_context(settings, store), by="pager trigger")
            triggered = open_encounter(context, _request(context, body))
    for warning in triggered.warnings:
        click.echo(warning, err=True)
    click.echo(_told(context, triggered))


@contextmanager
def _telling_whom_to_telephone() -> Iterator[None]:
    """Whatever is in the way of a page, its dispatcher is told what to do without us."""
    try:
        yield
    except Exception as error:
        failure = Failure(f"Refused: {error}.") if isinstance(error, RefusedError) else as_failure(error)
        fallback = environment().get("PAGER_FALLBACK_TEXT", "").strip() or Settings().fallback_text
        raise type(failure)(f"{failure.message}\n{fallback}") from error


def _request(context: Context, body: dict[str, Any]) -> TriggerRequest:
    number = context.read_number(body["callback"])
    return read_trigger(body, None if number is None else full_number(number.e164, number.extension))


def _told(context: Context, triggered: Triggered) -> str:
    encounter = triggered.overview.encounter
    respond_by = encounter.respond_by.astimezone(context.zone)
    lines = [
        f"{'DRILL ' if encounter.is_drill else ''}{encounter.reference} ({spell(encounter.reference)})",
        f"station     {encounter.station}",
        f"callback    {readable_number(shown_callback(encounter))}",
        f"respond by  {respond_by:%Y-%m-%d %H:%M} ({context.zone.key})",
        f"agencies    {', '.join(page.agency for page in triggered.overview.pages)}",
    ]
    if encounter.left_out:
        lines.append(f"left out    {', '.join(encounter.left_out)}")
    return "\n".join(lines)

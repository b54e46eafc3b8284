"""`pager load`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from pager.adapters.db.one_load import one_load_at_a_time
from pager.adapters.directory_file import read_directory
from pager.app import make_context
from pager.cli.failures import Failure
from pager.cli.opening import current_settings, opened_store
from pager.cli.told_changes import local_minute, tell_changes, told_change, told_gaps
from pager.domain.audit import AuditEntry
from pager.domain.readable import counted
from pager.lifecycle.load import known_directory, load_with_care
from pager.lifecycle.object_to import Objections, ObjectionsError


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Print what would change, and change nothing.")
@click.option("--prune", is_flag=True, help="Also end, remove or deactivate what the file does not name.")
@click.option("--force", is_flag=True, help="Load it also where it undoes what the browser changed, or opens a gap.")
def load(file: Path, dry_run: bool, prune: bool, force: bool) -> None:
    """Bring the directory to what FILE says, all or nothing.

    Prints what changed. What the file does not name stays, unless --prune is given; history is never deleted.
    """
    settings = current_settings()
    with opened_store(settings) as store, one_load_at_a_time(store.engine):
        context = make_context(settings, store)
        known = known_directory(context)
        wanted = read_directory(
            file,
            region=settings.region,
            timezone=settings.timezone.key,
            policies=context.policies.names(),
            now=context.clock.now(),
            known=known,
            prune=prune,
        )
        for warning in wanted.warnings:
            click.echo(f"warning: {warning}", err=True)
        try:
            loaded = load_with_care(context, wanted, known=known, prune=prune, dry_run=dry_run, force=force)
        except ObjectionsError as error:
            raise Failure(_refused(error.objections, settings.timezone)) from None
    for objection in _told(loaded.objections, settings.timezone):
        click.echo(f"warning: {objection}", err=True)
    tell_changes(loaded.changes, is_dry_run=dry_run)


def _told(objections: Objections, zone: ZoneInfo) -> Iterator[str]:
    for change, entry in objections.reverts:
        told = f"{_deed(entry)} in the browser on {local_minute(entry.at, zone)} by {entry.by}"
        yield f"{told_change(change)}; it was {told}"
    for gap in told_gaps(objections.gaps, zone):
        yield f"opens a gap: {gap}"


def _deed(entry: AuditEntry) -> str:
    if not entry.before:
        return "added"
    return "changed" if entry.after else "removed"


def _refused(objections: Objections, zone: ZoneInfo) -> str:
    reasons = [
        f"undo {counted(len(objections.reverts), 'change')} of the browser" if objections.reverts else "",
        f"open {counted(len(objections.gaps), 'gap')}" if objections.gaps else "",
    ]
    would = " and ".join(filter(None, reasons))
    way_on = f"Nothing was stored: this would {would}. Put it right in the file, or load it all the same with --force."
    return "\n".join((*_told(objections, zone), way_on))

"""`pager load`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from pager.adapters.db.one_load import one_load_at_a_time
from pager.adapters.directory_file import read_directory
from pager.app import make_context
from pager.cli.opening import current_settings, opened_store
from pager.domain.changes import Change
from pager.lifecycle.load import known_directory
from pager.lifecycle.load import load as load_directory


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Print what would change, and change nothing.")
@click.option("--prune", is_flag=True, help="Also end, remove or deactivate what the file does not name.")
def load(file: Path, dry_run: bool, prune: bool) -> None:
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
        changes = load_directory(context, wanted, known=known, prune=prune, dry_run=dry_run)
    for change in changes:
        click.echo(_told(change))
    click.echo(_summary(changes, dry_run))


def _told(change: Change) -> str:
    detail = f": {change.detail}" if change.detail else ""
    return f"{change.kind.value} {change.what} {change.key}{detail}"


def _summary(changes: Sequence[Change], dry_run: bool) -> str:
    if not changes:
        return "Nothing to change."
    count = f"{len(changes)} change{'' if len(changes) == 1 else 's'}"
    return f"{count}; nothing was stored, this was a dry run." if dry_run else f"{count} stored."

"""`pager roster import` and `pager roster export`: an agency's shifts as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

import click

from pager.adapters.roster_csv import LARGEST_FILE, TOLD, decode, read_shifts, write_shifts
from pager.app import make_context
from pager.cli.choices import check_code
from pager.cli.failures import Failure
from pager.cli.opening import current_settings, opened_store
from pager.cli.told_changes import tell_changes, told_gaps
from pager.domain.readable import counted
from pager.domain.roster_lines import LineMistake, TableError
from pager.lifecycle.export_roster import export_roster
from pager.lifecycle.import_roster import import_roster, preview_import
from pager.lifecycle.turn import reading

BY = "pager roster import"


@click.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--agency", required=True, metavar="A", help="The agency whose shifts these are.")
@click.option("--dry-run", is_flag=True, help="Print what would change, and change nothing.")
def import_table(file: str, agency: str, dry_run: bool) -> None:
    """Add the shifts in FILE to an agency's roster, or change those that are known, all or nothing.

    FILE is CSV: tier,responder,start,end,stations; - is standard input. What it does not name stays.
    """
    settings = current_settings()
    with opened_store(settings) as store:
        with store.reading() as work:
            zones = {one.code: ZoneInfo(one.timezone) for one in work.directory.agencies()}
        check_code(agency, list(zones), "--agency")
        context = make_context(settings, store)
        try:
            with click.open_file(file, "rb") as opened:
                table = read_shifts(decode(opened.read(LARGEST_FILE + 1)))
            found = preview_import(context, agency, table) if dry_run else import_roster(context, agency, table, BY)
        except TableError as error:
            raise Failure("\n".join(_told("standard input" if file == "-" else file, error.mistakes))) from None
    for line in told_gaps(found.gaps.opened, zones[agency]):
        click.echo(f"warning: opens a gap: {line}", err=True)
    tell_changes(found.changes, is_dry_run=dry_run)


def _told(name: str, mistakes: Sequence[LineMistake]) -> Iterator[str]:
    for line, column, text in mistakes[:TOLD]:
        yield f"{name}:{line}: {column}: {text}" if column else f"{name}:{line}: {text}" if line else f"{name}: {text}"
    if len(mistakes) > TOLD:
        yield f"{name}: and {counted(len(mistakes) - TOLD, 'mistake')} more"


@click.command()
@click.option("--agency", required=True, metavar="A", help="The agency whose shifts are wanted.")
def export(agency: str) -> None:
    """Print an agency's shifts as CSV, those that run and those to come, as `pager roster import` reads them.

    Times are the agency's local time; no stations stand for all of them.
    """
    settings = current_settings()
    with opened_store(settings) as store, reading(make_context(settings, store)) as turn:
        directory = turn.work.directory
        check_code(agency, [one.code for one in directory.agencies()], "--agency")
        click.echo(write_shifts(export_roster(turn, agency), ZoneInfo(directory.agency(agency).timezone)), nl=False)
        if directory.rotations([agency]):
            click.echo(f"{agency} has rotations too; they are not among these shifts.", err=True)

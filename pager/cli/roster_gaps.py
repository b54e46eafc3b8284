"""`pager roster gaps`: where nobody will be on call."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import click

from pager.app import make_context
from pager.cli.choices import chosen_places
from pager.cli.failures import Failure
from pager.cli.opening import current_settings, opened_store
from pager.cli.roster import WIDTH
from pager.domain.directory import Agency
from pager.domain.readable import counted, readable_number
from pager.domain.shared_gaps import SharedGap, share
from pager.lifecycle.find_gaps import find_gaps
from pager.lifecycle.turn import reading

MOST_DAYS = 92


@click.command()
@click.option("--days", default=14, type=click.IntRange(1, MOST_DAYS), metavar="N", help="So far ahead; 14 by default.")
@click.option("--agency", metavar="A", help="This agency only.")
@click.option("--station", metavar="S", help="For this station only.")
def gaps(days: int, agency: str | None, station: str | None) -> None:
    """Tell where nobody will be on call, and exit with 1 where that is so.

    Only tiers that a station's policy pages count.
    """
    settings = current_settings()
    with opened_store(settings) as store, reading(make_context(settings, store)) as turn:
        agencies, stations = chosen_places(turn.work, agency, station)
        until = turn.now + timedelta(days=days)
        found = share(find_gaps(turn, turn.now, until, agency=agency, station=station))
    end = f"{until.astimezone(settings.timezone):%Y-%m-%d %H:%M} ({settings.timezone.key})"
    if not found:
        click.echo(f"No gaps: somebody is on call on every tier that is paged, until {end}.")
        return
    click.echo(f"Gaps until {end}, in each agency's local time")
    for one in agencies:
        theirs = [gap for gap in found if gap.agency == one.code]
        if theirs:
            click.echo("\n" + "\n".join(_lines(one, theirs, turn.now, until, [place.code for place in stations])))
    raise Failure(f"{counted(len(found), 'gap')}: put somebody on call.")


def _lines(
    agency: Agency, found: Sequence[SharedGap], since: datetime, until: datetime, stations: Collection[str]
) -> Iterator[str]:
    yield f"{agency.code}: {agency.name}"
    zone = ZoneInfo(agency.timezone)
    for gap in found:
        starts = "now" if gap.start_at <= since else f"{gap.start_at.astimezone(zone):%Y-%m-%d %H:%M}"
        ends = "on" if gap.end_at >= until else f"to {gap.end_at.astimezone(zone):%Y-%m-%d %H:%M}"
        yield f"  {gap.tier.value:<12}from {starts} {ends}"
        where = ", ".join(gap.stations) if len(gap.stations) < len(stations) or len(stations) == 1 else "all stations"
        yield from textwrap.wrap(
            where, WIDTH, initial_indent=" " * 14, subsequent_indent=" " * 14, break_on_hyphens=False
        )
    duty = (
        f"{readable_number(agency.duty_phone)} is called then" if agency.duty_phone else "none: nobody is called then"
    )
    yield f"  {'duty phone':<12}{duty}"

"""`pager roster …`: who is on call."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import click

from pager.cli.choices import chosen_places
from pager.cli.opening import current_settings, opened_store
from pager.clock import SystemClock
from pager.domain.crew import Crew
from pager.domain.directory import Agency, Responder
from pager.domain.local_time import instant
from pager.domain.readable import readable_number
from pager.domain.readiness import remarks
from pager.domain.roster import Tier

WIDTH = 80


@click.group()
def roster() -> None:
    """Who is on call."""


@roster.command()
@click.option("--agency", metavar="A", help="This agency only.")
@click.option("--station", metavar="S", help="For this station only.")
@click.option("--at", "time", metavar="TIME", help="Then instead of now, e.g. 2026-07-04T03:00, in PAGER_TIMEZONE.")
def show(agency: str | None, station: str | None, time: str | None) -> None:
    """Show who is on call, tier by tier.

    Stations for which the same people are on call stand together.
    """
    settings = current_settings()
    at = SystemClock().now() if time is None else _instant(time, settings.timezone)
    with opened_store(settings) as store, store.reading() as work:
        agencies, places = chosen_places(work, agency, station)
        stations = [one.code for one in places]
        crews = {code: work.directory.crews([one.code for one in agencies], code, at) for code in stations}
        people = {one.id: one for one in work.directory.responders()}
    click.echo(f"On call at {at.astimezone(settings.timezone):%Y-%m-%d %H:%M} ({settings.timezone.key})")
    for one in agencies:
        click.echo("\n" + "\n".join(_lines(one, {code: crews[code][one.code] for code in stations}, people, at)))


def _instant(text: str, zone: ZoneInfo) -> datetime:
    try:
        at = datetime.fromisoformat(text)
        return instant(at, zone) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        message = f"{text} is not a time that exists; write it like 2026-07-04T03:00"
        raise click.BadParameter(message, param_hint="--at") from None


def _lines(agency: Agency, crews: Mapping[str, Crew], people: Mapping[str, Responder], at: datetime) -> Iterator[str]:
    """Yield one agency's part of the table; `crews` is by station."""
    yield f"{agency.code}: {agency.name}"
    local = at.astimezone(ZoneInfo(agency.timezone))
    groups = _alike(crews)
    width = max((len(holder) for _, holders in groups for holder in holders.values()), default=0)
    for stations, holders in groups:
        yield from textwrap.wrap(
            ", ".join(stations), WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False
        )
        for tier in Tier:
            holder = people[holders[tier]] if tier in holders else None
            yield f"    {tier.value:<12}{'nobody' if holder is None else _person(holder, width, local)}"
    duty = readable_number(agency.duty_phone) if agency.duty_phone else "none: a tier with nobody calls nobody"
    yield f"  {'duty phone':<14}{duty}"


def _alike(crews: Mapping[str, Crew]) -> list[tuple[Sequence[str], Mapping[Tier, str]]]:
    """Group the stations for which the same people are on call."""
    groups: dict[tuple[tuple[Tier, str], ...], list[str]] = {}
    for station, crew in crews.items():
        holders = tuple((tier, crew.on_call[tier].id) for tier in Tier if tier in crew.on_call)
        groups.setdefault(holders, []).append(station)
    return [(stations, dict(holders)) for holders, stations in groups.items()]


def _person(person: Responder, width: int, local: datetime) -> str:
    return f"{person.id:<{width}}  {person.name}" + "".join(f"  ({one})" for one in remarks(person, local.date()))

"""`pager roster list`: whom to telephone when nothing else works, on a sheet of paper."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import click

from pager.app import make_context
from pager.cli.choices import chosen_places
from pager.cli.opening import current_settings, opened_store
from pager.cli.roster import WIDTH
from pager.domain.readable import day_and_time
from pager.domain.telephone_list import HOW_TO_USE, AgencyNumbers, Line
from pager.lifecycle.telephone_list import LISTED_AHEAD, telephone_list
from pager.lifecycle.turn import reading

HOUR = timedelta(hours=1)
MOST_HOURS = 14 * 24
TIER = 10
UNTIL = len("Wed Nov 25, 12:00am")


@click.command("list")
@click.option(
    "--hours",
    default=LISTED_AHEAD // HOUR,
    type=click.IntRange(1, MOST_HOURS),
    metavar="N",
    help="So far ahead; 72 by default.",
)
@click.option("--agency", metavar="A", help="This agency only.")
def print_list(hours: int, agency: str | None) -> None:
    """Print whom to telephone when nothing else works.

    It holds names and numbers of everybody on call: print it, and keep it where dispatchers alone see it.
    """
    settings = current_settings()
    with opened_store(settings) as store, reading(make_context(settings, store)) as turn:
        agencies, _ = chosen_places(turn.work, agency, None)
        numbers = telephone_list(turn, agencies, hours * HOUR)
        begins, ends = (turn.local(at) for at in (turn.now, turn.now + hours * HOUR))
    click.echo(f"WHOM TO TELEPHONE until {day_and_time(ends)} (the end)")
    click.echo(f"Printed {day_and_time(begins)}, {begins.year}; times are those of {settings.timezone.key}")
    for sentence in HOW_TO_USE:
        click.echo(textwrap.fill(sentence, WIDTH, initial_indent="- ", subsequent_indent="  "))
    row = _Row.fitting([line for one in numbers for block in one.blocks for line in block.lines])
    click.echo("\n" + row.write("TIER", "UNTIL", "NAME", "CALL", "TEXT"))
    for one in numbers:
        click.echo("\n".join(_agency(one, settings.timezone.key, row)))


@dataclass(frozen=True)
class _Row:
    """A row's columns, as wide as the longest number needs them; a name that is too long is cut."""

    call: int
    text: int

    @classmethod
    def fitting(cls, lines: Sequence[Line]) -> _Row:
        return cls(max(len(one.call) for one in lines), max(len(one.text) for one in lines))

    def write(self, tier: str, until: str, name: str, call: str, text: str) -> str:
        width = WIDTH - sum(one + 1 for one in (1, TIER, UNTIL, self.call, self.text))
        if len(name) > width:
            name = f"{name[: width - 1]}."
        return f"  {tier:<{TIER}} {until:<{UNTIL}} {name:<{width}} {call:<{self.call}} {text}".rstrip()


def _agency(numbers: AgencyNumbers, zone: str, row: _Row) -> Iterator[str]:
    agency = numbers.agency
    its_time = "" if agency.timezone == zone else f" (times of {agency.timezone})"
    duty_phone = f" duty phone {numbers.duty_phone or 'none'}{its_time}"
    yield f"{agency.short} {duty_phone.rjust(WIDTH - len(agency.short) - 1, '-')}"
    for block in numbers.blocks:
        where = ", ".join(block.stations) or "All stations"
        yield from textwrap.wrap(where, WIDTH, initial_indent=" ", subsequent_indent=" ", break_on_hyphens=False)
        for line in block.lines:
            yield row.write(line.tier.value, line.until, line.name, line.call, line.text)

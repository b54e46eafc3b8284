"""How commands tell what changes, and which gaps that opens or closes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import click

from pager.domain.changes import Change
from pager.domain.readable import counted
from pager.domain.shared_gaps import SharedGap


def tell_changes(changes: Sequence[Change], *, is_dry_run: bool) -> None:
    """Print each change on a line, and how many they are."""
    for change in changes:
        click.echo(told_change(change))
    if not changes:
        click.echo("Nothing to change.")
        return
    count = counted(len(changes), "change")
    click.echo(f"{count}; nothing was stored, this was a dry run." if is_dry_run else f"{count} stored.")


def told_change(change: Change) -> str:
    detail = f": {change.detail}" if change.detail else ""
    return f"{change.kind.value} {change.what} {change.key}{detail}"


def told_gaps(gaps: Iterable[SharedGap], zone: ZoneInfo) -> Iterator[str]:
    """Yield each gap on a line, in local time of `zone`."""
    for gap in gaps:
        period = f"from {local_minute(gap.start_at, zone)} to {local_minute(gap.end_at, zone)}"
        yield f"{gap.agency} {gap.tier.value} {period}: {', '.join(gap.stations)}"


def local_minute(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"

"""Foresee what a purge would remove, and remove nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pager.lifecycle.forget import leftovers
from pager.lifecycle.purge import due
from pager.lifecycle.retention_ports import Shelf
from pager.lifecycle.turn import Context, reading


@dataclass(frozen=True)
class Foreseen:
    """How many encounters would go, how many stay under a legal hold, how many rows of none would go, and how many
    messages and calls would be deleted at the carrier.
    """

    encounters: int
    held: int
    leftovers: int
    copies: int


def foresee_purge(context: Context, ended_before: datetime) -> Foreseen:
    """Return what a purge would do now, if the carrier refused nothing."""
    going: set[int] = set()
    rows = total = 0
    for encounters, copies in due(context, ended_before):
        going.update(one.id for one in encounters)
        total += sum(map(len, copies.values()))
    for shelf in Shelf:
        for found in leftovers(context, shelf, ended_before, but=going):
            rows += len(found)
            total += sum(len(one.copies) for one in found)
    with reading(context) as turn:
        ends = [encounter.ended_at for encounter, _ in turn.work.retention.holds()]
    held = sum(1 for ended_at in ends if ended_at is not None and ended_at < ended_before)
    return Foreseen(len(going), held, rows, total)

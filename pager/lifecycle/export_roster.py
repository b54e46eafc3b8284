"""Export an agency's shifts, for a table that can be imported again."""

from __future__ import annotations

from collections.abc import Sequence

from pager.domain.roster import EntryKind, Shift
from pager.lifecycle.turn import Turn


def export_roster(turn: Turn, agency: str) -> Sequence[Shift]:
    """Return the shifts that run and those to come; overrides and rotations are no shifts."""
    every = turn.work.directory.shifts([agency])
    return [one for one in every if one.kind is EntryKind.SHIFT and one.end_at > turn.now]

"""Import a table of shifts into an agency's roster: all of it or nothing, and first of all to see what it would do."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from pager.domain.audit import fingerprint
from pager.domain.changes import Change
from pager.domain.directory_file import Directory
from pager.domain.roster_lines import Table, plan
from pager.lifecycle.change_directory import change_directory
from pager.lifecycle.foresee_gaps import GapChanges, foresee_gaps
from pager.lifecycle.keep_roster import surroundings
from pager.lifecycle.turn import Context, Turn, reading, writing


@dataclass(frozen=True)
class Import:
    """What a table changes in a roster, or would change where it `is_stored` not.

    `seen` is another text as soon as it would change something else.
    """

    changes: tuple[Change, ...]
    unchanged: int
    gaps: GapChanges
    seen: str
    is_stored: bool = False


def preview_import(context: Context, agency: str, table: Table) -> Import:
    """Return what a table of shifts would change, and change nothing.

    Raises TableError with everything that is wrong; KeyError for no such agency.
    """
    with reading(context) as turn:
        return _import(turn, agency, table)


def import_roster(context: Context, agency: str, table: Table, by: str, *, seen: str | None = None) -> Import:
    """Add the shifts of a table, and change those that are known already; what it does not name stays.

    With `seen`, of a preview, nothing is stored where it would change something else by now. Raises as above.
    """
    with writing(context) as turn:
        turn.work.directory.lock_agencies(agency)
        found = _import(turn, agency, table)
        if seen not in (None, found.seen):
            return found
        change_directory(turn, found.changes, by)
        return Import(found.changes, found.unchanged, found.gaps, found.seen, is_stored=True)


def _import(turn: Turn, agency: str, table: Table) -> Import:
    directory, around = turn.work.directory, surroundings(turn, agency)
    roster = directory.shifts([agency])
    planned = plan(table, around, roster)
    known = Directory(
        (around.agency,),
        tuple(directory.stations()),
        tuple(around.people.values()),
        tuple(roster),
        tuple(directory.rotations([agency])),
    )
    gaps = foresee_gaps(turn, known, planned.changes)
    return Import(planned.changes, planned.unchanged, gaps, _seen(planned.changes))


def _seen(changes: tuple[Change, ...]) -> str:
    every = (fingerprint(one) for change in changes for one in (change.old, change.new) if one is not None)
    return sha256(" ".join(every).encode()).hexdigest()[:16]

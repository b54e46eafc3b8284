"""Load a directory file: what it names becomes what it says, all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from itertools import groupby

from pager.domain.audit import AuditEntry, difference
from pager.domain.changes import Change, ChangeKind, compare
from pager.domain.directory import Agency, Responder
from pager.domain.directory_file import Directory, DirectoryFile
from pager.domain.roster import Shift
from pager.domain.rotation import Rotation
from pager.lifecycle.look_again import lock_waiting_pages, look_again
from pager.lifecycle.ports import StoreConflictError, Work
from pager.lifecycle.turn import Context, Turn, reading, writing

BY = "pager load"
LONGEST_NAME = 254


def load(
    context: Context,
    file: DirectoryFile,
    *,
    known: Directory | None = None,
    prune: bool = False,
    dry_run: bool = False,
    by: str = BY,
) -> tuple[Change, ...]:
    """Bring the directory to what `file` says and return what that changed; with `dry_run`, what it would change.

    `known` is what the file was checked against, where it was; `by` is whom the audit says that it was. Raises
    StoreConflictError where what was known holds no more, StoreUnavailableError; nothing has changed then. Where
    something has, each change's `old` is as `new` by now.
    """
    with (reading if dry_run else writing)(context) as turn:
        current = _directory(turn.work)
        if known is not None and known != current:
            raise StoreConflictError("the directory was changed at the same time")
        changes = compare(current, file, now=turn.now, prune=prune)
        if not dry_run:
            waiting = lock_waiting_pages(turn, {agency for change in changes if (agency := _agency(change))})
            entries = [_audited(turn, change, by) for change in changes]
            _carry_out(turn.work, changes)
            for entry in entries:
                turn.work.audit.add(entry)
            look_again(turn, waiting)
    return changes


def known_directory(context: Context) -> Directory:
    """Return all that is known now, for a file to be checked against."""
    with reading(context) as turn:
        return _directory(turn.work)


def _directory(work: Work) -> Directory:
    return Directory(
        agencies=tuple(work.directory.agencies()),
        stations=tuple(work.directory.stations()),
        responders=tuple(work.directory.responders()),
        shifts=tuple(work.directory.shifts()),
        rotations=tuple(work.directory.rotations()),
    )


def _agency(change: Change) -> str | None:
    """Return the agency whose people change; a station has none."""
    match change.new or change.old:
        case Agency(code=agency) | Responder(agency=agency) | Shift(agency=agency) | Rotation(agency=agency):
            return agency
    return None


def _audited(turn: Turn, change: Change, by: str) -> AuditEntry:
    """Return what the audit says of a change, before it is carried out."""
    before, after = difference(change.old, change.new)
    return AuditEntry(turn.now, by, change.what, change.key[:LONGEST_NAME], _agency(change), before, after)


def _carry_out(work: Work, changes: Iterable[Change]) -> None:
    """Store the changes kind by kind, in their order: what is referred to comes before what refers to it."""
    for _, alike in groupby(changes, key=lambda change: change.what):
        for change in alike:
            _store(work, change)
        work.flush()


def _store(work: Work, change: Change) -> None:
    if change.kind is ChangeKind.REMOVED and isinstance(change.old, Shift | Rotation):
        work.directory.remove(change.old)
    elif change.new is not None and change.old is None:
        work.directory.add(replace(change.new))  # a copy: the file stays a value that belongs to no unit of work
    elif change.new is not None:
        for field in fields(change.new):
            setattr(change.old, field.name, getattr(change.new, field.name))

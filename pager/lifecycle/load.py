"""Load a directory file: what it names becomes what it says, all of it or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pager.domain.changes import Change, compare
from pager.domain.directory_file import Directory, DirectoryFile
from pager.lifecycle.change_directory import change_directory
from pager.lifecycle.object_to import Objections, ObjectionsError, object_to
from pager.lifecycle.ports import StoreConflictError, Work
from pager.lifecycle.turn import Context, Turn, reading, writing

BY = "pager load"


@dataclass(frozen=True)
class Loaded:
    """What a load changed, or would change, and what spoke against it."""

    changes: Sequence[Change]
    objections: Objections


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
        if not dry_run:
            turn.work.directory.lock_agencies()
        _, changes = _compared(turn, file, known, prune=prune)
        if not dry_run:
            change_directory(turn, changes, by)
    return changes


def load_with_care(
    context: Context,
    file: DirectoryFile,
    *,
    known: Directory | None = None,
    prune: bool = False,
    dry_run: bool = False,
    force: bool = False,
) -> Loaded:
    """Load as above, but neither undo what users changed in the browser since nor open a gap.

    Raises ObjectionsError, and has changed nothing then, unless it is a dry run or `force` says to do it all the same;
    StoreConflictError where the directory is changed meanwhile. What speaks against a load is found before anything is
    locked, since it takes a while: no trigger waits for that.
    """
    with reading(context) as turn:
        current, changes = _compared(turn, file, known, prune=prune)
        objections = object_to(turn, current, changes)
    if objections and not (dry_run or force):
        raise ObjectionsError(objections)
    if not dry_run:
        changes = load(context, file, known=current, prune=prune)
    return Loaded(changes, objections)


def _compared(
    turn: Turn, file: DirectoryFile, known: Directory | None, *, prune: bool
) -> tuple[Directory, tuple[Change, ...]]:
    """Return the directory as it is, which must still be the known one, and what the file would change."""
    current = _directory(turn.work)
    if known is not None and known != current:
        raise StoreConflictError("the directory was changed at the same time")
    return current, compare(current, file, now=turn.now, prune=prune)


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

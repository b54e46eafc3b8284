"""Object to a load that would undo what people did in the browser since, or leave nobody on call."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pager.domain.audit import AuditEntry
from pager.domain.changes import Change
from pager.domain.directory_file import Directory
from pager.domain.overruled import overruled
from pager.domain.shared_gaps import SharedGap
from pager.lifecycle.change_directory import audited_as
from pager.lifecycle.foresee_gaps import foresee_gaps
from pager.lifecycle.turn import Turn


@dataclass(frozen=True)
class Objections:
    """What speaks against changes: those that undo a user's, each with it, and the gaps that they open."""

    reverts: Sequence[tuple[Change, AuditEntry]] = ()
    gaps: Sequence[SharedGap] = ()

    def __bool__(self) -> bool:
        return bool(self.reverts or self.gaps)


class ObjectionsError(Exception):
    """Changes were not carried out because of what speaks against them."""

    def __init__(self, objections: Objections) -> None:
        self.objections = objections
        super().__init__("the browser's changes would be undone, or a gap opened")


def object_to(turn: Turn, directory: Directory, changes: Sequence[Change]) -> Objections:
    """Return what speaks against changes to a directory, before they are carried out."""
    return Objections(list(_reverts(turn, changes)), foresee_gaps(turn, directory, changes).opened)


def _reverts(turn: Turn, changes: Sequence[Change]) -> Iterator[tuple[Change, AuditEntry]]:
    history = defaultdict(list)
    for entry in turn.work.audit.of({audited_as(change) for change in changes}):
        history[entry.what, entry.name].append(entry)
    for change in changes:
        found = overruled(change, history[audited_as(change)])
        if found is not None:
            yield change, found

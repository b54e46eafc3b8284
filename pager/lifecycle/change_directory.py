"""Change the directory, who is who and who is on call: the audit says by whom, and what waits looks again at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from itertools import groupby

from pager.domain.audit import AuditEntry, difference
from pager.domain.changes import Change, ChangeKind, name_of
from pager.domain.directory import Agency, Responder
from pager.domain.roster import Shift
from pager.domain.rotation import Rotation
from pager.lifecycle.look_again import lock_waiting_pages, look_again
from pager.lifecycle.ports import Work
from pager.lifecycle.turn import Turn

LONGEST_NAME = 254


def change_directory(turn: Turn, changes: Sequence[Change], by: str) -> None:
    """Carry out changes in their order; `by` is whom the audit says that it was.

    Each change's `old` must be what is stored; it is as `new` afterwards. What they were worked out from holds only
    where the agencies were locked before (`directory.lock_agencies`).
    """
    waiting = lock_waiting_pages(turn, {agency for change in changes if (agency := agency_of(change))})
    entries = [entry for change in changes for entry in _audited(turn, change, by)]
    _carry_out(turn.work, changes)
    for entry in entries:
        turn.work.audit.add(entry)
    look_again(turn, waiting)


def agency_of(change: Change) -> str | None:
    """Return the agency whose people change; a station has none."""
    match change.new or change.old:
        case Agency(code=agency) | Responder(agency=agency) | Shift(agency=agency) | Rotation(agency=agency):
            return agency
    return None


def audited_as(change: Change) -> tuple[str, str]:
    """Return what kind of thing changes and which one, as the audit says it."""
    return change.what, change.key[:LONGEST_NAME]


def _audited(turn: Turn, change: Change, by: str) -> Iterator[AuditEntry]:
    """Yield what the audit says of a change, before it is carried out.

    What is called otherwise afterwards, such as a shift with another start, is found under both its names.
    """
    before, after = difference(change.old, change.new)
    what, name = audited_as(change)
    renamed = name_of(change.new)[1][:LONGEST_NAME] if change.new is not None else name
    for one in dict.fromkeys((name, renamed)):
        yield AuditEntry(turn.now, by, what, one, agency_of(change), before, after)


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
        work.directory.add(replace(change.new))  # a copy: what was asked for stays a value of no unit of work
    elif change.new is not None:
        for field in fields(change.new):
            if field.compare:  # not the row's id: it stays
                setattr(change.old, field.name, getattr(change.new, field.name))

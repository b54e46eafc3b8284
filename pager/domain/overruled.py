"""What a change would undo of what people did in the browser: field by field, who was the last to say how it is."""

from __future__ import annotations

from collections.abc import Iterable

from pager.domain.audit import AuditEntry, difference
from pager.domain.changes import Change, ChangeKind

# What these do to an entry concerns all of it, not the fields alone that they change.
_OF_ALL_FIELDS = (ChangeKind.ENDED, ChangeKind.REMOVED)


def overruled(change: Change, history: Iterable[AuditEntry]) -> AuditEntry | None:
    """Return the newest entry of a user that a change would undo, None where it undoes none.

    `history` is the audit of what changes, newest first. A field that something else has changed since is not a
    user's any more.
    """
    new = None if change.kind in _OF_ALL_FIELDS else change.new
    before, after = difference(change.old, new)
    fields = before.keys() | after.keys()
    for entry in history:
        touched = fields & (entry.before.keys() | entry.after.keys())
        if touched and entry.is_by_user:
            return entry
        fields -= touched
    return None

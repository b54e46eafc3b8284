"""The audit's table."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from pager.adapters.db.access_tables import audit
from pager.domain.audit import AuditEntry


class SqlAudit:
    """Changes, in the order in which they were made."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, entry: AuditEntry) -> None:
        self._session.execute(insert(audit), vars(entry))

    def listing(self, *, agency: str | None, before: int | None, limit: int) -> Sequence[tuple[int, AuditEntry]]:
        """Return up to `limit` entries with their ids, newest first: of one agency or of all, and with ids below
        `before`.
        """
        query = select(audit).order_by(audit.c.id.desc()).limit(limit)
        if agency is not None:
            query = query.where(audit.c.agency == agency)
        if before is not None:
            query = query.where(audit.c.id < before)
        found = []
        for row in self._session.execute(query).mappings():
            values = dict(row)
            found.append((values.pop("id"), AuditEntry(**values)))
        return found

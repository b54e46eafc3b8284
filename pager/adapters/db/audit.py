"""The audit's table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import RowMapping, insert, select
from sqlalchemy.orm import Session

from pager.adapters.db.access_tables import audit
from pager.domain.audit import AuditEntry

NAMES_AT_A_TIME = 1_000  # a statement has no room for any number of them


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
        return [_entry(row) for row in self._session.execute(query).mappings()]

    def of(self, things: Collection[tuple[str, str]]) -> Sequence[AuditEntry]:
        """Return what was changed about some things, each a kind (`what`) and a name, newest first."""
        names: dict[str, list[str]] = defaultdict(list)
        for what, name in things:
            names[what].append(name)
        found: list[tuple[int, AuditEntry]] = []
        for what, every in names.items():
            for first in range(0, len(every), NAMES_AT_A_TIME):
                some = audit.c.name.in_(every[first : first + NAMES_AT_A_TIME])
                found += map(_entry, self._session.execute(select(audit).where(audit.c.what == what, some)).mappings())
        return [entry for _, entry in sorted(found, key=lambda one: one[0], reverse=True)]


def _entry(row: RowMapping) -> tuple[int, AuditEntry]:
    values = dict(row)
    return values.pop("id"), AuditEntry(**values)

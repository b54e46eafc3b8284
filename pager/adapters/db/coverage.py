"""What people were warned of, and when the rosters were looked over last."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, insert, select, tuple_, update
from sqlalchemy.orm import Session

from pager.adapters.db.directory_tables import coverage_looks, coverage_warnings
from pager.domain.coverage_warning import Warned

_looks, _warnings = coverage_looks.c, coverage_warnings.c
_KEY = (_warnings.agency, _warnings.station, _warnings.tier, _warnings.notice, _warnings.start_at)
THE_ONE = 1  # there is one row of looks


class SqlCoverage:
    """The tables of warnings of gaps."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def last_look_at(self) -> datetime | None:
        found: datetime | None = self._session.scalar(select(_looks.begun_at))
        return found

    def begin_look(self, last: datetime | None, now: datetime) -> bool:
        if last is None:
            self._session.execute(insert(coverage_looks).values(id=THE_ONE, begun_at=now))
            return True
        begun = update(coverage_looks).where(_looks.begun_at == last).values(begun_at=now)
        return self._session.execute(begun.returning(_looks.id)).first() is not None

    def lock_look(self, begun_at: datetime) -> bool:
        query = select(_looks.id).where(_looks.begun_at == begun_at).with_for_update()
        return self._session.scalar(query) is not None

    def all(self) -> frozenset[Warned]:
        columns = [column for column in _warnings if column.name != "id"]
        return frozenset(Warned(**row) for row in self._session.execute(select(*columns)).mappings())

    def replace(self, gone: Collection[Warned], come: Collection[Warned]) -> None:
        for one in gone:
            key = (one.agency, one.station, one.tier, one.notice, one.start_at)
            self._session.execute(delete(coverage_warnings).where(tuple_(*_KEY) == tuple_(*key)))
        if come:
            self._session.execute(insert(coverage_warnings), [vars(one) for one in come])

"""The beats of the processes that run an engine."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, func, insert, select, update
from sqlalchemy.orm import Session

from pager.adapters.db import tables

FORGET_AFTER = timedelta(days=1)


class SqlEngines:
    """One row for each engine: when it last beat."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def beat(self, engine_id: str, now: datetime, *, is_carrier_ok: bool) -> None:
        """Note that an engine is alive, and whether the carrier takes its credentials; rows of engines gone go."""
        engines = tables.engines
        beaten = update(engines).where(engines.c.id == engine_id).values(beat_at=now, is_carrier_ok=is_carrier_ok)
        beaten = beaten.returning(engines.c.id)
        if self._session.execute(beaten).first() is None:
            self._session.execute(insert(engines), {"id": engine_id, "beat_at": now, "is_carrier_ok": is_carrier_ok})
            self._session.execute(delete(engines).where(engines.c.beat_at < now - FORGET_AFTER))

    def last_beat_at(self) -> datetime | None:
        found: datetime | None = self._session.scalar(select(func.max(tables.engines.c.beat_at)))
        return found

    def is_carrier_ok(self, since: datetime) -> bool:
        """Tell whether no engine that has beaten since then had its credentials refused."""
        engines = tables.engines.c
        refused = exists().where(engines.beat_at >= since, engines.is_carrier_ok.is_(False))
        return not self._session.scalar(select(refused))

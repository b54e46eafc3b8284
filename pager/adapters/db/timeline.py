"""The timeline's table: append-only, hash-chained per encounter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.orm import Session

from pager.adapters.db import record_tables, tables
from pager.domain.encounter import Encounter
from pager.domain.timeline import Event, EventKind


class SqlTimeline:
    """Events and the free words that belong to some of them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def append(
        self,
        encounter: Encounter,
        at: datetime,
        kind: EventKind,
        text: str,
        *,
        agency: str | None = None,
        responder: str | None = None,
        data: Mapping[str, Any] | None = None,
        words: str | None = None,
    ) -> int:
        """Add an event at the end and return its number; the encounter must be locked."""
        seq = encounter.timeline_length + 1
        event = Event(
            encounter.id, seq, at, kind, agency, responder, text, data or {}, previous=encounter.timeline_head
        )
        event = replace(event, hash=event.digest())
        self._session.execute(insert(record_tables.events), vars(event))
        if words is not None:
            self._session.execute(
                insert(record_tables.words), {"encounter_id": encounter.id, "seq": seq, "text": words}
            )
        encounter.timeline_length, encounter.timeline_head = seq, event.hash
        return seq

    def of(self, encounter_id: int) -> Sequence[Event]:
        rows = self._session.execute(
            select(record_tables.events)
            .where(record_tables.events.c.encounter_id == encounter_id)
            .order_by(record_tables.events.c.seq)
        )
        return [_event(row) for row in rows]

    def words(self, encounter_id: int) -> Mapping[int, str]:
        """Return the free words that were kept, by the number of their event."""
        rows = self._session.execute(
            select(record_tables.words.c.seq, record_tables.words.c.text).where(
                record_tables.words.c.encounter_id == encounter_id
            )
        )
        return {row.seq: row.text for row in rows}

    def all_encounters(self) -> Iterable[Encounter]:
        """Yield every encounter, oldest first, without holding them all."""
        return self._session.scalars(
            select(Encounter).order_by(tables.encounters.c.id).execution_options(yield_per=200)
        )


def _event(row: Row[Any]) -> Event:
    return Event(**row._mapping)

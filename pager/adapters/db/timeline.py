"""The timeline's table: append-only, hash-chained per encounter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.orm import Session

from pager.adapters.db import record_tables
from pager.adapters.db.direct import direct
from pager.adapters.sealing import Sealer, UnreadableError
from pager.domain.encounter import Encounter
from pager.domain.timeline import Event, EventKind

_ADD = insert(record_tables.events)
UNREADABLE = "cannot be read: its key is missing"


class SqlTimeline:
    """Events and the free words that belong to some of them. Words are sealed; without a key none are kept.

    `by` is who acts in this unit of work, where that is known: each event's data says so, as its `actor`.
    """

    def __init__(self, session: Session, sealer: Sealer) -> None:
        self._session, self._sealer = session, sealer
        self.by: str | None = None

    @property
    def keeps_words(self) -> bool:
        """Tell whether there is a key to seal words with."""
        return self._sealer.can_seal

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
        signed = {**(data or {}), **({"actor": self.by} if self.by else {})}
        event = Event(encounter.id, seq, at, kind, agency, responder, text, signed, previous=encounter.timeline_head)
        event = replace(event, hash=event.digest())
        direct(self._session).execute(_ADD, vars(event))
        sealed = self._sealer.seal(words) if words else None
        if sealed is not None:
            self._session.execute(
                insert(record_tables.words), {"encounter_id": encounter.id, "seq": seq, "text": sealed}
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
        """Return the free words that were kept, by the number of their event; UNREADABLE where their key is gone."""
        rows = self._session.execute(
            select(record_tables.words.c.seq, record_tables.words.c.text).where(
                record_tables.words.c.encounter_id == encounter_id
            )
        )
        return {row.seq: self._opened(row.text) for row in rows}

    def viewers(self, encounter_id: int, since: datetime) -> frozenset[str]:
        """Return who has looked at an encounter's details after `since`."""
        events = record_tables.events.c
        found = self._session.scalars(
            select(events.data).where(
                events.encounter_id == encounter_id, events.kind == EventKind.VIEWED, events.at > since
            )
        )
        return frozenset(data["by"] for data in found)

    def _opened(self, kept: str) -> str:
        try:
            return self._sealer.open(kept)
        except UnreadableError:
            return UNREADABLE


def _event(row: Row[Any]) -> Event:
    return Event(**row._mapping)

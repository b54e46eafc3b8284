"""Old rows that belong to no encounter: what came from the carrier, answers to it, and links to set a password."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from pager.adapters.db import access_tables, tables
from pager.adapters.db.retention import copies_of
from pager.domain.delivery import DeliveryState
from pager.domain.directory import Channel
from pager.domain.retention import CarrierCopy
from pager.lifecycle.reply import KIND as SMS
from pager.lifecycle.retention_ports import Leftover, Shelf

# Of what has come from the carrier its id stays, so that the same, sent again, still changes nothing.
FORGOTTEN = "forgotten"

_encounters, _inbox, _deliveries = tables.encounters.c, tables.inbox.c, tables.deliveries.c


class SqlLeftovers:
    """The tables' rows that no encounter takes along."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def spans(self, opened_before: datetime) -> Mapping[int, tuple[datetime, datetime | None]]:
        """Return when each encounter opened and ended, None where it has not, of those that opened before."""
        rows = self._session.execute(
            select(_encounters.id, _encounters.opened_at, _encounters.ended_at).where(
                _encounters.opened_at < opened_before
            )
        )
        return {row.id: (row.opened_at, row.ended_at) for row in rows}

    def find(self, shelf: Shelf, before: datetime, *, after: str | int | None, limit: int) -> Sequence[Leftover]:
        return self._inbox(before, after, limit) if shelf is Shelf.INBOX else self._answers(before, after, limit)

    def _inbox(self, before: datetime, after: str | int | None, limit: int) -> Sequence[Leftover]:
        query = select(_inbox.carrier_id, _inbox.kind, _inbox.received_at)
        query = query.where(_inbox.received_at < before, _inbox.handled_at.is_not(None), _inbox.kind != FORGOTTEN)
        if after is not None:
            query = query.where(_inbox.carrier_id > after)
        found = []
        for row in self._session.execute(query.order_by(_inbox.carrier_id).limit(limit)):
            copies = {CarrierCopy(Channel.SMS, row.carrier_id)} if row.kind == SMS else ()
            found.append(Leftover(row.carrier_id, row.received_at, frozenset(copies)))
        return found

    def _answers(self, before: datetime, after: str | int | None, limit: int) -> Sequence[Leftover]:
        query = select(
            _deliveries.id, _deliveries.channel, _deliveries.created_at, _deliveries.carrier_sid, _deliveries.other_sid
        ).where(_deliveries.encounter_id.is_(None), _deliveries.created_at < before)
        query = query.where(_deliveries.state.not_in((DeliveryState.QUEUED, DeliveryState.SENDING)))
        if after is not None:
            query = query.where(_deliveries.id > after)
        rows = self._session.execute(query.order_by(_deliveries.id).limit(limit))
        return [
            Leftover(row.id, row.created_at, copies_of(row.channel, row.carrier_sid, row.other_sid)) for row in rows
        ]

    def drop(self, shelf: Shelf, keys: Collection[str | int]) -> None:
        """Forget what came from the carrier but for its id, and delete what was sent."""
        if shelf is Shelf.INBOX:
            emptied = update(tables.inbox).where(_inbox.carrier_id.in_(keys))
            self._session.execute(emptied.values(kind=FORGOTTEN, form={}))
        else:
            self._session.execute(delete(tables.deliveries).where(_deliveries.id.in_(keys)))

    def forget_links(self, expired_before: datetime) -> None:
        """Delete links to set a password that expired long ago."""
        links = access_tables.reset_links
        self._session.execute(delete(links).where(links.c.expires_at < expired_before))

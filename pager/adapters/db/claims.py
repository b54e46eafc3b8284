"""Taking deliveries out of the queue, and over from processes that died: of any number of processes one wins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, insert, or_, select, text, union_all, update
from sqlalchemy.orm import Session, aliased

from pager.adapters.db import tables
from pager.domain.delivery import Delivery, DeliveryState
from pager.domain.directory import Channel
from pager.domain.rate import CALLS, Rates, next_free_at, slots
from pager.domain.sender import sender_for

# A line is free again when its call's end is told, or this long after the request where nothing is (DESIGN 11).
LINE_BUSY_FOR = timedelta(seconds=90)
CLAIM_LOCK = 7_243_701  # any number that no other advisory lock uses

_table = tables.deliveries.c
_QUEUED = _table.state == DeliveryState.QUEUED
_IS_CALL = _table.channel == Channel.VOICE
_NEXT_DUE = union_all(
    select(func.min(_table.due_at)).where(_QUEUED),
    select(func.min(_table.lease_until)).where(_table.state == DeliveryState.SENDING),
)


def is_line_busy(now: datetime) -> ColumnElement[bool]:
    """Tell of a delivery's row whether its number is on a call of ours."""
    call = aliased(tables.deliveries)
    return exists().where(
        call.c.to_number == _table.to_number,
        call.c.id != _table.id,
        call.c.channel == Channel.VOICE,
        call.c.left_at > now - LINE_BUSY_FOR,
        call.c.ended_at.is_(None),
    )


def _is_expired(now: datetime) -> ColumnElement[bool]:
    return and_(_table.expires_at.is_not(None), _table.expires_at <= now)


class SqlClaims:
    """The queue's front."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def claim(
        self,
        now: datetime,
        limit: int,
        lease: timedelta,
        rates: Rates,
        senders: Sequence[str],
        *,
        newest_first: bool = False,
    ) -> Sequence[Delivery]:
        """Take up to `limit` due deliveries out of the queue, what matters most first; each is `sending` then.

        No more than the carrier's rates allow; of two calls to one number one only: the other waits for the line.
        """
        if self._session.get_bind().dialect.name == "postgresql":
            # One claimer at a time, so that two processes never call one number at once, nor beyond the rates.
            self._session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": CLAIM_LOCK})
        self._withdraw_expired(now)
        allowance, lease_until = _Allowance(self._session, now, rates, senders), self.lease_until(now, lease)
        order = (_table.encounter_id.desc(), _table.priority) if newest_first else (_table.priority, _table.due_at)
        due = self._session.scalars(
            select(Delivery)
            .where(_QUEUED, _table.due_at <= now, ~_is_expired(now))
            .where(allowance.condition(), or_(~_IS_CALL, ~is_line_busy(now)))
            .order_by(*order, _table.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        claimed = [delivery for delivery in due if allowance.takes(delivery)]
        for delivery in claimed:
            _take(delivery, now, lease_until)
        allowance.store()
        return claimed

    def claim_unknown(self, now: datetime, limit: int, lease: timedelta) -> Sequence[Delivery]:
        """Take over deliveries that are `sending` and whose lease has run out: what became of them is not known."""
        lease_now = self._lease_now(now)
        found = self._session.scalars(
            select(Delivery)
            .where(_table.state == DeliveryState.SENDING, _table.lease_until <= lease_now)
            .order_by(_table.priority, _table.lease_until)
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).all()
        for delivery in found:
            delivery.lease_until = lease_now + lease
        return found

    def lease_until(self, now: datetime, lease: timedelta) -> datetime:
        """Return when a lease taken now ends."""
        return self._lease_now(now) + lease

    def _lease_now(self, now: datetime) -> datetime:
        """Return the instant that leases count by: on PostgreSQL its own, since the clocks of hosts differ."""
        if not self._session.info.get("uses_database_time"):
            return now
        return self._session.scalars(select(func.now())).one()

    def _withdraw_expired(self, now: datetime) -> None:
        """Whoever holds one of them is just seeing to it; to wait here would make every other claimer wait."""
        expired = (
            select(_table.id)
            .where(_QUEUED, _table.due_at <= now, _is_expired(now))
            .order_by(_table.id)
            .with_for_update(skip_locked=True)
        )
        self._session.execute(
            update(Delivery)
            .where(_table.id.in_(expired))
            .values(state=DeliveryState.WITHDRAWN, due_at=None, ended_at=now)
        )

    def next_due_at(self) -> datetime | None:
        """Return when the next queued delivery is due, or the next lease runs out."""
        return min((at for (at,) in self._session.execute(_NEXT_DUE) if at is not None), default=None)

    def next_slot_at(self, now: datetime) -> datetime | None:
        """Return when something that is due and waits for the carrier's rate may go; None where nothing does."""
        rates = tables.rates.c
        waits = and_(
            _QUEUED,
            _table.due_at <= now,
            or_(and_(_IS_CALL, rates.name == CALLS), and_(~_IS_CALL, rates.name == _table.from_number)),
        )
        found: datetime | None = self._session.scalar(
            select(func.min(rates.free_at)).where(rates.free_at > now, exists().where(waits))
        )
        return found


class _Allowance:
    """What the rates allow in one claim."""

    def __init__(self, session: Session, now: datetime, rates: Rates, senders: Sequence[str]) -> None:
        self._session, self._now, self._rates, self._senders = session, now, rates, senders
        table = tables.rates.c
        self._free_at: dict[str, datetime] = {
            row.name: row.free_at for row in session.execute(select(table.name, table.free_at))
        }
        self._used: dict[str, int] = {}
        self._called: set[str] = set()

    def condition(self) -> ColumnElement[bool]:
        """Return what leaves out the rows that have to wait for a rate."""
        spent = [name for name, free_at in self._free_at.items() if self._slots(name, free_at) <= 0]
        may_write = and_(~_IS_CALL, _table.from_number.not_in(spent))
        return may_write if CALLS in spent else or_(_IS_CALL, may_write)

    def takes(self, delivery: Delivery) -> bool:
        """Use up a slot for this delivery, where one is left."""
        if delivery.channel is Channel.VOICE:
            if delivery.to_number in self._called:
                return False
            self._called.add(delivery.to_number)
        # What was queued by a process that knew no sending number gets its own here.
        delivery.from_number = delivery.from_number or sender_for(delivery.to_number, self._senders)
        name = CALLS if delivery.channel is Channel.VOICE else delivery.from_number
        if not self._rate(name):
            return True
        used = self._used.get(name, 0)
        if used >= self._slots(name, self._free_at.get(name)):
            return False
        self._used[name] = used + 1
        return True

    def store(self) -> None:
        for name in self._used:
            free_at = next_free_at(self._now, self._rate(name))
            table = tables.rates
            if name in self._free_at:
                self._session.execute(update(table).where(table.c.name == name).values(free_at=free_at))
            else:
                self._session.execute(insert(table), {"name": name, "free_at": free_at})

    def _rate(self, name: str) -> float:
        return self._rates.calls if name == CALLS else self._rates.messages

    def _slots(self, name: str, free_at: datetime | None) -> int:
        rate = self._rate(name)
        return slots(free_at, self._now, rate) if rate else 1


def _take(delivery: Delivery, now: datetime, lease_until: datetime) -> None:
    delivery.become(DeliveryState.SENDING)
    delivery.attempts += 1
    delivery.left_at, delivery.lease_until, delivery.ended_at = now, lease_until, None

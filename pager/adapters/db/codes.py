"""Codes that were sent to numbers, and what went out to tell them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from pager.adapters.db import directory_tables, tables
from pager.domain.delivery import Delivery, DeliveryKind, DeliveryState
from pager.domain.directory import Channel
from pager.domain.number_code import NumberCode

_codes, _deliveries = directory_tables.codes.c, tables.deliveries.c
_TELLS = _deliveries.kind == DeliveryKind.CODE
# What is being sent keeps its text: the carrier's own list is searched for it where the outcome is not known.
_HAS_GONE = _deliveries.state.not_in((DeliveryState.QUEUED, DeliveryState.SENDING))
_HOLDS_A_CODE = and_(_TELLS, _HAS_GONE, _deliveries.body.is_not(None))


class SqlCodes:
    """The codes' table, and the deliveries that hold codes."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, responder: str, channel: Channel) -> NumberCode | None:
        return self._session.get(NumberCode, (responder, channel))

    def of(self, responder: str) -> Sequence[NumberCode]:
        return self._session.scalars(select(NumberCode).where(_codes.responder == responder)).all()

    def put(self, code: NumberCode) -> None:
        """Keep a code in the place of the one before it."""
        self._session.merge(code)

    def remove(self, code: NumberCode) -> None:
        self._session.delete(code)

    def sent_at(self, number: str, since: datetime) -> Sequence[datetime]:
        """Return when codes were sent to a number, on whichever channel, in order."""
        at = _deliveries.created_at
        query = select(at).where(_TELLS, _deliveries.to_number == number, at >= since)
        return self._session.scalars(query.order_by(at)).all()

    def withdraw(self, number: str, now: datetime) -> None:
        """Let no code that was made for a number go out any more, and empty what has gone out."""
        theirs = and_(_TELLS, _deliveries.to_number == number)
        self._session.execute(
            update(Delivery)
            .where(theirs, _deliveries.state == DeliveryState.QUEUED)
            .values(state=DeliveryState.WITHDRAWN, due_at=None, ended_at=now)
        )
        self._session.execute(update(Delivery).where(theirs, _HOLDS_A_CODE).values(body=None))

    def has_older(self, before: datetime) -> bool:
        """Tell whether there is anything to forget."""
        told = exists().where(_HOLDS_A_CODE, _deliveries.created_at < before)
        return bool(self._session.scalar(select(or_(told, exists().where(_codes.sent_at < before)))))

    def forget(self, before: datetime) -> None:
        """Forget codes from before, and empty what told them."""
        self._session.execute(update(Delivery).where(_HOLDS_A_CODE, _deliveries.created_at < before).values(body=None))
        self._session.execute(delete(NumberCode).where(_codes.sent_at < before))

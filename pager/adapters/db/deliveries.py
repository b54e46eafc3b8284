"""Messages and calls: the queue, and what became of each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from pager.adapters.db import tables
from pager.adapters.db.claims import is_line_busy
from pager.adapters.db.direct import direct
from pager.domain.delivery import Delivery, DeliveryKind, DeliveryState
from pager.domain.directory import Channel
from pager.domain.page import PageState

_table = tables.deliveries.c
_QUEUED = _table.state == DeliveryState.QUEUED

_GIVEN = [column.name for column in _table if column.name != "id"]
_QUEUE = {
    "sqlite": sqlite.insert(tables.deliveries).on_conflict_do_nothing(index_elements=["key"]),
    "postgresql": postgresql.insert(tables.deliveries).on_conflict_do_nothing(index_elements=["key"]),
}


def _whether_wanted() -> Select[Any]:
    """Return the query for what says whether a delivery is still wanted; made once, since every message asks."""
    pages, theirs, encounters = tables.pages.c, tables.commitments.c, tables.encounters.c
    has_declined = exists().where(
        theirs.page_id == _table.page_id, theirs.responder == _table.responder, theirs.decline_holds
    )
    is_too_late = and_(
        pages.state == PageState.ACKNOWLEDGED, pages.more_round == pages.round, pages.eta > encounters.respond_by
    )
    return (
        select(
            _table.state,
            _table.kind,
            _table.round,
            _table.responder,
            _table.expires_at,
            pages.acknowledged_by,
            pages.state.label("page_state"),
            or_(pages.state == PageState.PAGING, is_too_late).label("is_paging"),
            pages.round.label("now"),
            has_declined.label("has_declined"),
        )
        .join_from(tables.deliveries, tables.pages, isouter=True)
        .join(tables.encounters, encounters.id == pages.encounter_id, isouter=True)
        .where(_table.id == bindparam("delivery_id"))
    )


_WHETHER_WANTED = _whether_wanted()


class SqlDeliveries:
    """The deliveries' table."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.has_queued = False

    def add(self, deliveries: Iterable[Delivery]) -> None:
        """Queue deliveries; one whose key exists already is left as it is, so nothing is said twice."""
        rows = [{name: getattr(delivery, name) for name in _GIVEN} for delivery in deliveries]
        if rows:
            connection = direct(self._session)
            connection.execute(_QUEUE[connection.dialect.name], rows)
            self.has_queued = True

    def lock(self, delivery_id: int) -> Delivery:
        """Return a delivery that nobody else can change until this unit of work ends."""
        return self._session.get_one(Delivery, delivery_id, with_for_update=True, populate_existing=True)

    def lock_all(self, delivery_ids: Collection[int]) -> Sequence[Delivery]:
        """Return deliveries, oldest first, that nobody else can change until this unit of work ends."""
        query = select(Delivery).where(_table.id.in_(delivery_ids)).order_by(_table.id).with_for_update()
        return self._session.scalars(query.execution_options(populate_existing=True)).all()

    def unreported(self, *, before: datetime, since: datetime, limit: int) -> Sequence[Delivery]:
        """Return what was sent to people between these instants and of which no receipt has told how it went on."""
        return self._session.scalars(
            select(Delivery)
            .where(_table.state == DeliveryState.SENT, _table.left_at < before, _table.left_at >= since)
            .where(_table.carrier_sid.is_not(None))
            .order_by(_table.left_at)
            .limit(limit)
        ).all()

    def taken_sids(self, sids: Collection[str]) -> Mapping[str, set[int]]:
        """Return, by the carrier's ids, the deliveries that are known under them."""
        found: dict[str, set[int]] = {}
        for row in self._session.execute(select(_table.carrier_sid, _table.id).where(_table.carrier_sid.in_(sids))):
            found.setdefault(row.carrier_sid, set()).add(row.id)
        return found

    def is_sid_taken(self, sid: str, delivery_id: int) -> bool:
        """Tell whether another delivery is known under this id of the carrier's."""
        query = select(exists().where(_table.carrier_sid == sid, _table.id != delivery_id))
        return bool(self._session.scalar(query))

    def was_sid_of_call(self, sid: str, to_number: str) -> bool:
        """Tell whether a call to this number went by this id of the carrier's before it was made once more."""
        query = select(exists().where(_table.to_number == to_number, _table.other_sid == sid))
        return bool(self._session.scalar(query))

    def encounter_of(self, delivery_id: int) -> int | None:
        """Return which encounter a delivery belongs to, without loading it: the encounter is to be locked first."""
        return self._session.scalar(select(_table.encounter_id).where(_table.id == delivery_id))

    def encounters_of(self, delivery_ids: Collection[int]) -> Collection[int]:
        """Return which encounters deliveries belong to, as `encounter_of`."""
        query = select(_table.encounter_id).where(_table.id.in_(delivery_ids), _table.encounter_id.is_not(None))
        return self._session.scalars(query.distinct()).all()

    def by_token(self, token: str) -> Delivery | None:
        return self._session.scalar(select(Delivery).where(_table.token == token))

    def of_page(self, page_id: int) -> Sequence[Delivery]:
        return self._session.scalars(select(Delivery).where(_table.page_id == page_id).order_by(_table.id)).all()

    def of_encounter(self, encounter_id: int) -> Sequence[Delivery]:
        return self._session.scalars(
            select(Delivery).where(_table.encounter_id == encounter_id).order_by(_table.id)
        ).all()

    def paged_at(self, page_id: int) -> Mapping[str, datetime]:
        """Return who was paged, and when last."""
        rows = self._session.execute(
            select(_table.responder, func.max(_table.left_at).label("paged_at"))
            .where(_table.page_id == page_id, _table.kind == DeliveryKind.PAGE, _table.left_at.is_not(None))
            .where(_table.state != DeliveryState.FAILED)
            .group_by(_table.responder)
        )
        return {row.responder: row.paged_at for row in rows}

    def paged_by_latest_rung(self, encounter_ids: Collection[int]) -> Mapping[int, Sequence[str]]:
        """Return, by page, whom the latest rung pages, for the pages on which somebody is looked for."""
        pages = tables.pages.c
        of_the_rung = and_(pages.id == _table.page_id, pages.round == _table.round, pages.rung == _table.rung)
        rows = self._session.execute(
            select(_table.page_id, _table.responder)
            .join(tables.pages, of_the_rung)
            .where(pages.encounter_id.in_(encounter_ids), pages.state == PageState.PAGING)
            .where(_table.kind == DeliveryKind.PAGE, _table.responder.is_not(None))
            .order_by(_table.id)
        )
        found: dict[int, list[str]] = {}
        for page_id, responder in rows:
            if responder not in found.setdefault(page_id, []):
                found[page_id].append(responder)
        return found

    def lost_channels(self, page_ids: Collection[int]) -> Mapping[int, frozenset[tuple[str, Channel]]]:
        """Return, for each of these pages, the responders' channels that have failed on it for good."""
        found: dict[int, set[tuple[str, Channel]]] = {page_id: set() for page_id in page_ids}
        lost = select(_table.page_id, _table.responder, _table.channel).where(
            _table.page_id.in_(page_ids), _table.kind == DeliveryKind.PAGE, _table.is_lasting
        )
        for page_id, responder, channel in self._session.execute(lost):
            found[page_id].add((responder, channel))
        return {page_id: frozenset(channels) for page_id, channels in found.items()}

    def failed_channels(self, page_id: int, round_: int | None, rung: int | None) -> frozenset[tuple[str, Channel]]:
        """Return the responders' channels that have failed on one rung of a page, or on the page for good."""
        failed_there = and_(_table.is_refused, _table.round == round_, _table.rung == rung)
        rows = self._session.execute(
            select(_table.responder, _table.channel).where(
                _table.page_id == page_id, _table.kind == DeliveryKind.PAGE, or_(_table.is_lasting, failed_there)
            )
        )
        return frozenset((responder, channel) for responder, channel in rows)

    def withdraw_queued(self, page_ids: Collection[int], now: datetime, *, responder: str | None = None) -> None:
        """Withdraw the paging deliveries of these pages, to everybody or to one, that have not left the queue."""
        condition = and_(_table.page_id.in_(page_ids), _table.kind == DeliveryKind.PAGE)
        self._withdraw(condition if responder is None else and_(condition, _table.responder == responder), now)

    def reword_queued(self, page_id: int, text: str) -> None:
        """Give a page's messages that have not left the queue a new text."""
        self._session.execute(
            update(Delivery)
            .where(_table.page_id == page_id, _table.kind == DeliveryKind.PAGE, _QUEUED, _table.body.is_not(None))
            .values(body=text)
        )

    def withdraw_stand_downs(self, page_id: int, responders: Collection[str], now: datetime) -> None:
        """Withdraw the stand-downs of people who are paged again before theirs has left."""
        is_stand_down = and_(_table.page_id == page_id, _table.kind == DeliveryKind.STAND_DOWN)
        self._withdraw(and_(is_stand_down, _table.responder.in_(responders)), now)

    def withdraw_alerts(self, encounter_id: int, now: datetime) -> None:
        """Withdraw what is queued of an encounter's alert."""
        self._withdraw(and_(_table.encounter_id == encounter_id, _table.kind == DeliveryKind.ALERT), now)

    def answers_to(self, number: str, since: datetime) -> Sequence[Delivery]:
        """Return the messages that answered this number since then, oldest first."""
        is_answer = and_(_table.kind == DeliveryKind.CONFIRMATION, _table.channel == Channel.SMS)
        query = select(Delivery).where(_table.to_number == number, is_answer, _table.created_at >= since)
        return self._session.scalars(query.order_by(_table.id)).all()

    def has_been_called(self, number: str, since: datetime) -> bool:
        """Tell whether a call to a number waits, or was made after `since`."""
        is_recent = or_(_table.left_at > since, _table.state.in_((DeliveryState.QUEUED, DeliveryState.SENDING)))
        query = select(exists().where(_table.to_number == number, _table.channel == Channel.VOICE, is_recent))
        return bool(self._session.scalar(query))

    def is_wanted(self, delivery_id: int, now: datetime) -> bool:
        """Tell whether a claimed delivery should still go out.

        Nothing goes out for a rung that is past, by its time or because a NO has brought the next one. A page's only
        in the same round, while the page is `paging` or more are paged since who comes will be too late, and where its
        responder has not declined.
        """
        row = self._session.execute(_WHETHER_WANTED, {"delivery_id": delivery_id}).one()
        is_past = row.expires_at is not None and row.expires_at <= now
        if row.state is not DeliveryState.SENDING or is_past:
            return False
        is_waited_for = row.is_paging and row.round == row.now and not row.has_declined
        match row.kind:
            case DeliveryKind.PAGE:
                return is_waited_for
            case DeliveryKind.CALL_BACK:
                return bool(row.is_paging)
            case DeliveryKind.QUESTION:
                return row.page_state is PageState.ACKNOWLEDGED and row.acknowledged_by == row.responder
        return True

    def end_rungs(self, page_ids: Collection[int], now: datetime) -> None:
        """The next rung of these pages has come: what is queued is withdrawn, what is under way not sent again."""
        if not page_ids:
            return
        self.withdraw_queued(page_ids, now)
        under_way = _table.state.in_((DeliveryState.SENDING, DeliveryState.SENT))
        is_later = or_(_table.expires_at.is_(None), _table.expires_at > now)
        self._session.execute(
            update(Delivery)
            .where(_table.page_id.in_(page_ids), _table.kind == DeliveryKind.PAGE, under_way, is_later)
            .values(expires_at=now)
        )

    def oldest_unsent(self, now: datetime) -> datetime | None:
        """Return since when something has been due and is not known to be sent, but for a call waiting for its line."""
        queued = self._session.scalar(
            select(func.min(_table.due_at))
            .where(_QUEUED, _table.due_at <= now)
            .where(or_(_table.channel != Channel.VOICE, ~is_line_busy(now)))
        )
        sending = self._session.scalar(select(func.min(_table.left_at)).where(_table.state == DeliveryState.SENDING))
        return min((at for at in (queued, sending) if at is not None), default=None)

    def _withdraw(self, condition: ColumnElement[bool], now: datetime) -> None:
        self._session.execute(
            update(Delivery).where(condition, _QUEUED).values(state=DeliveryState.WITHDRAWN, due_at=None, ended_at=now)
        )

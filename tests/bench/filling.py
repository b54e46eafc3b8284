"""Many encounters in no time: one is opened as ever, and its rows are copied by the database itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    String,
    Table,
    cast,
    func,
    insert,
    literal,
    null,
    select,
    text,
    true,
    update,
)

from pager.adapters.db import tables
from pager.adapters.db.wakes import CHANNEL
from pager.domain.delivery import DeliveryState
from pager.domain.trigger_request import TriggerRequest
from pager.lifecycle.trigger import trigger
from tests.bench.stage import Site

CALLBACK = "+13105550100"
PAGES_EACH = 5
# More than an encounter has rows in any table, so that the copies' ids are nobody else's.
STRIDE = 1_000
_TO_BE_SENT: Mapping[str, ColumnElement[Any]] = {
    "state": literal(DeliveryState.QUEUED.value),
    "left_at": null(),
    "attempts": literal(0),
}
_IDS = ("id", "encounter_id", "page_id")
_TABLES = (tables.encounters, tables.pages, tables.deliveries)


def open_encounter(site: Site, at: datetime | None = None) -> int:
    """Open an encounter now or at an instant, with its first pages sent, and return its id; no engine may run yet."""
    context = site.context(at)
    opened = trigger(context, TriggerRequest("compton", CALLBACK))
    encounter_id = opened.overview.encounter.id
    table = tables.deliveries
    gone = {"state": DeliveryState.SENT, "left_at": context.clock.now(), "attempts": 1}
    with site.store.engine.begin() as connection:
        connection.execute(update(table).where(table.c.encounter_id == encounter_id).values(gone))
    return encounter_id


def copy(site: Site, encounter_id: int, copies: int, *, are_queued: bool = False) -> None:
    """Copy an encounter with its pages and deliveries so many times, all in one commit; each encounter once only.

    With `are_queued` the copies' first pages are still to be sent.
    """
    own = _TO_BE_SENT if are_queued else {}
    with site.store.engine.begin() as connection:
        for table in _TABLES:
            _copy(connection, table, encounter_id, copies, own if table is tables.deliveries else {})
        if connection.dialect.name == "postgresql":
            _make_known(connection)


def _make_known(connection: Connection) -> None:
    """Tell PostgreSQL what it would learn by itself had the rows come one by one, and its listeners."""
    for table in _TABLES:
        sequence = func.pg_get_serial_sequence(table.name, "id")
        connection.execute(select(func.setval(sequence, select(func.max(table.c.id)).scalar_subquery())))
        connection.execute(text(f"ANALYZE {table.name}"))
    connection.execute(select(func.pg_notify(CHANNEL, "")))


def _copy(
    connection: Connection, table: Table, encounter_id: int, copies: int, own: Mapping[str, ColumnElement[Any]]
) -> None:
    numbers = select(literal(1).label("number")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.number + 1).where(numbers.c.number < copies))
    belongs_to = table.c.id if table is tables.encounters else table.c.encounter_id
    values = [own.get(column.name, _value(column, numbers.c.number)) for column in table.c]
    query = select(*values).select_from(table.join(numbers, true())).where(belongs_to == encounter_id)
    connection.execute(insert(table).from_select([column.name for column in table.c], query))


def _value(column: Column[Any], number: ColumnElement[int]) -> ColumnElement[Any]:
    """Return what a copy has in a column: the same, but for what is its own."""
    if column.name in _IDS:
        return column + number * STRIDE
    if column.name == "reference":
        return cast(tables.encounters.c.id + number * STRIDE, String)
    if column.name in ("key", "token"):
        return cast(number, String) + ":" + cast(tables.deliveries.c.id, String)
    return column


def unfinished(site: Site) -> int:
    """Return how many deliveries have not gone out, or are not known to have."""
    state = tables.deliveries.c.state
    query = select(func.count()).where(state.in_((DeliveryState.QUEUED, DeliveryState.SENDING)))
    with site.store.engine.connect() as connection:
        found: int = connection.scalars(query.select_from(tables.deliveries)).one()
    return found

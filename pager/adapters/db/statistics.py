"""Counts over the whole database, for those who watch the service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from pager.adapters.db.tables import deliveries, encounters, pages
from pager.domain.delivery import DeliveryState
from pager.domain.encounter import EncounterState
from pager.domain.page import PageState
from pager.lifecycle.ports import StoreUnavailableError

WAITING_STATES = (PageState.PAGING, PageState.ACKNOWLEDGED, PageState.ON_SCENE)
ON_THEIR_WAY = (DeliveryState.QUEUED, DeliveryState.SENDING)

# What has ended, which is nearly everything, is not read: indexes answer these, and the deliveries' below, one a state.
_OPEN_ENCOUNTERS = select(func.count()).select_from(encounters).where(encounters.c.state == EncounterState.OPEN)
_PAGES = (
    select(pages.c.state, func.count())
    .join_from(pages, encounters)
    .where(encounters.c.state == EncounterState.OPEN)
    .group_by(pages.c.state)
)


@dataclass(frozen=True)
class Counts:
    """What the database holds at one instant; a state that nothing is in counts 0."""

    open_encounters: int
    pages: Mapping[str, int]
    deliveries: Mapping[str, int]


def count(engine: Engine) -> Counts:
    """Count open encounters, their pages by state, and the deliveries on their way.

    Raises StoreUnavailableError when the database is away.
    """
    try:
        with engine.connect() as connection:
            return Counts(
                open_encounters=connection.scalar(_OPEN_ENCOUNTERS) or 0,
                pages=_pages(connection),
                deliveries={state.value: _deliveries(connection, state) for state in ON_THEIR_WAY},
            )
    except SQLAlchemyError as error:
        raise StoreUnavailableError(type(error).__name__) from error


def _pages(connection: Connection) -> dict[str, int]:
    found = {row[0]: row[1] for row in connection.execute(_PAGES)}
    return {state.value: found.get(state, 0) for state in WAITING_STATES}


def _deliveries(connection: Connection, state: DeliveryState) -> int:
    return connection.scalar(select(func.count()).select_from(deliveries).where(deliveries.c.state == state)) or 0

"""Which class of the domain lives in which table. The classes know nothing of it."""

from __future__ import annotations

from functools import cache

from sqlalchemy.orm import registry

from pager.adapters.db import tables
from pager.adapters.db.schema import metadata
from pager.domain.alert import Alert
from pager.domain.api_key import ApiKey
from pager.domain.delivery import Delivery
from pager.domain.directory import Agency, Responder, Station
from pager.domain.encounter import Encounter
from pager.domain.follow_up import FollowUp
from pager.domain.page import Commitment, Page
from pager.domain.roster import Shift


@cache
def map_domain() -> None:
    """Map the domain's classes, once a process."""
    mapper = registry(metadata=metadata)
    for noun, table in (
        (Agency, tables.agencies),
        (Station, tables.stations),
        (Responder, tables.responders),
        (Shift, tables.shifts),
        (Encounter, tables.encounters),
        (Page, tables.pages),
        (Commitment, tables.commitments),
        (Alert, tables.alerts),
        (FollowUp, tables.follow_ups),
        (Delivery, tables.deliveries),
        (ApiKey, tables.api_keys),
    ):
        mapper.map_imperatively(noun, table)

"""Which class of the domain lives in which table. The classes know nothing of it."""

from __future__ import annotations

from functools import cache

from sqlalchemy.orm import registry

from pager.adapters.db import access_tables, directory_tables, record_tables, tables
from pager.adapters.db.schema import metadata
from pager.domain.alert import Alert
from pager.domain.api_key import ApiKey
from pager.domain.delivery import Delivery
from pager.domain.directory import Agency, Responder, Station
from pager.domain.encounter import Encounter
from pager.domain.follow_up import FollowUp
from pager.domain.number_code import NumberCode
from pager.domain.page import Commitment, Page
from pager.domain.retention import LegalHold
from pager.domain.roster import Shift
from pager.domain.rotation import Rotation
from pager.domain.user import ResetLink, Session, User


@cache
def map_domain() -> None:
    """Map the domain's classes, once a process."""
    mapper = registry(metadata=metadata)
    for noun, table in (
        (Agency, directory_tables.agencies),
        (Station, directory_tables.stations),
        (Responder, directory_tables.responders),
        (Shift, directory_tables.shifts),
        (Rotation, directory_tables.rotations),
        (NumberCode, directory_tables.codes),
        (Encounter, tables.encounters),
        (Page, tables.pages),
        (Commitment, tables.commitments),
        (Alert, tables.alerts),
        (FollowUp, tables.follow_ups),
        (Delivery, tables.deliveries),
        (ApiKey, access_tables.api_keys),
        (User, access_tables.users),
        (Session, access_tables.sessions),
        (ResetLink, access_tables.reset_links),
        (LegalHold, record_tables.legal_holds),
    ):
        mapper.map_imperatively(noun, table)

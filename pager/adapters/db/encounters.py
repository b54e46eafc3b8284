"""Encounters, their pages, commitments, alert, follow-ups, and the policy that each one keeps."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, exists, func, insert, select, union_all
from sqlalchemy.orm import Session

from pager.adapters.db import record_tables, tables
from pager.adapters.db.direct import direct
from pager.adapters.db.types import Instant
from pager.domain.alert import Alert
from pager.domain.answering import Stake
from pager.domain.delivery import DeliveryKind, DeliveryState
from pager.domain.encounter import Encounter, EncounterState
from pager.domain.follow_up import FollowUp
from pager.domain.page import Commitment, Page, PageState
from pager.domain.policy import Policy, from_document, to_document

_policies: dict[str, Policy] = {}


# Where it is written when an encounter is to be looked at: for its pages, its alert, its follow-ups, and whether it is
# still open.
_AGENDA = (
    (tables.alerts.c.encounter_id, tables.alerts.c.due_at),
    (tables.pages.c.encounter_id, tables.pages.c.due_at),
    (tables.encounters.c.id, tables.encounters.c.ask_open_at),
    (tables.follow_ups.c.encounter_id, tables.follow_ups.c.remind_at),
)
# Asked in each beat, so each is one query, made once.
_DUE = union_all(
    *(
        select(
            select(encounter_id.label("encounter_id"), at.label("due_at"))
            .where(at <= bindparam("now", type_=Instant))
            .order_by(at)
            .limit(bindparam("most", type_=Integer))
            .subquery()
        )
        for encounter_id, at in _AGENDA
    )
)
_NEXT_DUE = union_all(*(select(func.min(at)) for _, at in _AGENDA))


class SqlEncounters:
    """The encounters' tables."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, encounter: Encounter) -> None:
        """Store a new encounter and its first station; it has its id then."""
        if self._session.get_bind().dialect.name == "sqlite":
            encounter.id = self._next_id()
        self._session.add(encounter)
        self._note_station(encounter)

    def _next_id(self) -> int:
        """Return an id that no encounter ever had: SQLite gives the highest one again once its row is deleted."""
        ids = (tables.encounters.c.id, record_tables.purged_encounters.c.encounter_id)
        return 1 + max(self._session.scalar(select(func.max(one))) or 0 for one in ids)

    def lock(self, encounter_id: int) -> Encounter:
        """Return an encounter that nobody else can change until this unit of work ends."""
        return self._session.scalars(self._locking(tables.encounters.c.id == encounter_id)).one()

    def lock_all(self, encounter_ids: Collection[int]) -> None:
        """Lock encounters one after the other, in the order of their ids."""
        ids = tables.encounters.c.id
        self._session.scalars(self._locking(ids.in_(encounter_ids)).order_by(ids)).all()

    def try_lock(self, encounter_id: int) -> Encounter | None:
        """Lock an encounter, or return None where another process holds it: that one does the work."""
        query = select(Encounter).where(tables.encounters.c.id == encounter_id).with_for_update(skip_locked=True)
        return self._session.scalars(query.execution_options(populate_existing=True)).one_or_none()

    def lock_reference(self, reference: str) -> Encounter | None:
        return self._session.scalars(self._locking(tables.encounters.c.reference == reference)).one_or_none()

    def get(self, encounter_id: int) -> Encounter:
        return self._session.get_one(Encounter, encounter_id)

    def find(self, reference: str) -> Encounter | None:
        return self._session.scalar(select(Encounter).where(tables.encounters.c.reference == reference))

    def listing(
        self, *, state: EncounterState | None, stations: Collection[str], before: int | None, limit: int
    ) -> Sequence[Encounter]:
        """Return encounters, newest first; `stations` empty means of every station."""
        encounters, theirs = tables.encounters.c, tables.encounter_stations.c
        query = select(Encounter).order_by(encounters.id.desc()).limit(limit)
        if state is not None:
            query = query.where(encounters.state == state)
        if before is not None:
            query = query.where(encounters.id < before)
        if stations:
            query = query.where(exists().where(theirs.encounter_id == encounters.id, theirs.station.in_(stations)))
        return self._session.scalars(query).all()

    def oldest(self, *, after: int, limit: int) -> Sequence[Encounter]:
        """Return encounters in the order of their ids, those after `after`."""
        encounters = tables.encounters.c
        query = select(Encounter).where(encounters.id > after).order_by(encounters.id)
        return self._session.scalars(query.limit(limit)).all()

    def add_station(self, encounter: Encounter) -> None:
        """Note that the encounter belongs to its present station, from now on."""
        if encounter.station not in self.stations(encounter.id):
            self._note_station(encounter)

    def _note_station(self, encounter: Encounter) -> None:
        connection = direct(self._session)
        row = {"encounter_id": encounter.id, "station": encounter.station}
        connection.execute(insert(tables.encounter_stations), row)

    def stations(self, encounter_id: int) -> frozenset[str]:
        theirs = tables.encounter_stations.c
        return frozenset(self._session.scalars(select(theirs.station).where(theirs.encounter_id == encounter_id)))

    def add_pages(self, pages: Iterable[Page]) -> None:
        """Store new pages; they have their ids then."""
        self._session.add_all(pages)
        self._session.flush()

    def page(self, page_id: int) -> Page:
        return self._session.get_one(Page, page_id)

    def pages(self, encounter_id: int) -> Sequence[Page]:
        """Return an encounter's pages in the order of its policy."""
        return self._session.scalars(
            select(Page).where(tables.pages.c.encounter_id == encounter_id).order_by(tables.pages.c.id)
        ).all()

    def waiting_pages(self, agencies: Collection[str]) -> Sequence[Page]:
        """Return the pages of these agencies that are `paging`."""
        pages = tables.pages.c
        return self._session.scalars(
            select(Page).where(pages.agency.in_(agencies), pages.state == PageState.PAGING)
        ).all()

    def commitment(self, page_id: int, responder: str) -> Commitment:
        """Return what a responder said on a page, new where they said nothing yet."""
        found = self._session.get(Commitment, (page_id, responder))
        if found is None:
            found = Commitment(page_id, responder)
            self._session.add(found)
        return found

    def commitments(self, page_id: int) -> list[Commitment]:
        return list(self._session.scalars(select(Commitment).where(tables.commitments.c.page_id == page_id)))

    def all_commitments(self, encounter_ids: Collection[int]) -> Mapping[int, list[Commitment]]:
        """Return the commitments of all pages of some encounters, by page."""
        found: dict[int, list[Commitment]] = defaultdict(list)
        query = select(Commitment).join(tables.pages, tables.pages.c.id == tables.commitments.c.page_id)
        for one in self._session.scalars(query.where(tables.pages.c.encounter_id.in_(encounter_ids))):
            found[one.page_id].append(one)
        return found

    def all_pages(self, encounter_ids: Collection[int]) -> Mapping[int, list[Page]]:
        """Return the pages of some encounters, by encounter, each one's in the order of its policy."""
        found: dict[int, list[Page]] = defaultdict(list)
        pages = tables.pages.c
        for one in self._session.scalars(select(Page).where(pages.encounter_id.in_(encounter_ids)).order_by(pages.id)):
            found[one.encounter_id].append(one)
        return found

    def all_follow_ups(self, encounter_ids: Collection[int]) -> Mapping[int, list[FollowUp]]:
        """Return the follow-ups of some encounters, by encounter."""
        found: dict[int, list[FollowUp]] = defaultdict(list)
        table = tables.follow_ups.c
        query = select(FollowUp).where(table.encounter_id.in_(encounter_ids)).order_by(table.id)
        for one in self._session.scalars(query):
            found[one.encounter_id].append(one)
        return found

    def all_alerts(self, encounter_ids: Collection[int]) -> Mapping[int, Alert]:
        """Return the alerts of some encounters, by encounter; one without is absent."""
        query = select(Alert).where(tables.alerts.c.encounter_id.in_(encounter_ids))
        return {one.encounter_id: one for one in self._session.scalars(query)}

    def alert(self, encounter_id: int) -> Alert | None:
        return self._session.get(Alert, encounter_id)

    def add_alert(self, alert: Alert) -> None:
        self._session.add(alert)

    def follow_ups(self, encounter_id: int) -> Sequence[FollowUp]:
        table = tables.follow_ups.c
        return self._session.scalars(
            select(FollowUp).where(table.encounter_id == encounter_id).order_by(table.id)
        ).all()

    def add_follow_up(self, follow_up: FollowUp) -> None:
        self._session.add(follow_up)

    def keep_policy(self, policy: Policy) -> str:
        """Keep a policy as it is now and return the digest under which it is found again."""
        document = to_document(policy)
        digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
        if self._session.scalar(select(tables.policies.c.digest).where(tables.policies.c.digest == digest)) is None:
            self._session.execute(
                insert(tables.policies), {"digest": digest, "name": policy.name, "document": document}
            )
        return digest

    def policy(self, digest: str) -> Policy:
        """Return a kept policy. What a digest names never changes, so each is read once a process."""
        if digest not in _policies:
            table = tables.policies.c
            document = self._session.scalars(select(table.document).where(table.digest == digest)).one()
            _policies[digest] = from_document(document)
        return _policies[digest]

    def due(self, now: datetime, limit: int) -> Sequence[int]:
        """Return the encounters that have something to be looked at, the longest due first."""
        found: dict[int, datetime] = {}
        for encounter_id, due_at in self._session.execute(_DUE, {"now": now, "most": limit}):
            found[encounter_id] = min(due_at, found.get(encounter_id, due_at))
        return sorted(found, key=lambda encounter_id: found[encounter_id])

    def next_due_at(self) -> datetime | None:
        """Return when something is to be looked at next."""
        return min((at for (at,) in self._session.execute(_NEXT_DUE) if at is not None), default=None)

    def waiting_since(self) -> datetime | None:
        """Return when the oldest encounter opened of which a page still waits for an answer or an arrival."""
        encounters, pages = tables.encounters.c, tables.pages.c
        found: datetime | None = self._session.scalar(
            select(func.min(encounters.opened_at))
            .join_from(tables.encounters, tables.pages)
            .where(encounters.state == EncounterState.OPEN)
            .where(pages.state.in_((PageState.PAGING, PageState.ACKNOWLEDGED)))
        )
        return found

    def stakes(self, responder: str, agency: str) -> Sequence[Stake]:
        """Return the agency's pages of open encounters, oldest first, and this responder's part in each."""
        encounters, pages, commitments = tables.encounters.c, tables.pages.c, tables.commitments.c
        is_coming = and_(commitments.page_id == pages.id, commitments.responder == responder, commitments.is_coming)
        rows = self._session.execute(
            select(
                encounters.reference,
                encounters.is_drill,
                pages.encounter_id,
                pages.id,
                pages.state,
                pages.acknowledged_by,
                self._was_paged(responder).label("was_paged"),
                exists().where(is_coming).label("is_coming"),
            )
            .join_from(tables.pages, tables.encounters)
            .where(encounters.state == EncounterState.OPEN, pages.agency == agency)
            .order_by(encounters.id)
        )
        return [
            Stake(
                reference=row.reference,
                is_drill=row.is_drill,
                encounter_id=row.encounter_id,
                page_id=row.id,
                state=row.state,
                was_paged=row.was_paged,
                is_acknowledger=row.acknowledged_by == responder,
                is_standby=row.is_coming and row.acknowledged_by != responder,
            )
            for row in rows
        ]

    def last_paged(self, responder: str, reference: str | None = None) -> Encounter | None:
        """Return the newest encounter on which this responder was paged, open or not; or the one of `reference`."""
        encounters, pages = tables.encounters.c, tables.pages.c
        query = (
            select(Encounter)
            .join(tables.pages, pages.encounter_id == encounters.id)
            .where(self._was_paged(responder))
            .order_by(encounters.id.desc())
            .limit(1)
        )
        return self._session.scalar(query if reference is None else query.where(encounters.reference == reference))

    def _was_paged(self, responder: str) -> ColumnElement[bool]:
        deliveries = tables.deliveries.c
        return exists().where(
            deliveries.page_id == tables.pages.c.id,
            deliveries.responder == responder,
            deliveries.kind == DeliveryKind.PAGE,
            deliveries.left_at.is_not(None),
            deliveries.state != DeliveryState.FAILED,
        )

    def _locking(self, condition: ColumnElement[bool]) -> Select[Encounter]:
        return select(Encounter).where(condition).with_for_update().execution_options(populate_existing=True)

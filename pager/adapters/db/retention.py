"""Legal holds, purges and their certificates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, func, insert, select, text
from sqlalchemy.orm import Session

from pager.adapters.db import record_tables, tables
from pager.adapters.db.access_tables import idempotency_keys
from pager.domain.directory import Channel
from pager.domain.encounter import Encounter, EncounterState
from pager.domain.retention import CarrierCopy, Certificate, LegalHold, PurgedEncounter
from pager.lifecycle.retention_ports import Strays

PURGE_LOCK = 7_243_703  # any number that no other advisory lock uses

_encounters, _holds, _deliveries = tables.encounters.c, record_tables.legal_holds.c, tables.deliveries.c
_certificates, _purged = record_tables.certificates, record_tables.purged_encounters
# All that belongs to an encounter, in an order in which nothing refers to what is gone.
_THEIRS = (
    record_tables.words,
    idempotency_keys,
    record_tables.legal_holds,
    tables.deliveries,
    tables.commitments,
    tables.alerts,
    tables.follow_ups,
    tables.encounter_stations,
    tables.pages,
    record_tables.events,
)


class SqlRetention:
    """The tables of what is kept how long."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add_hold(self, hold: LegalHold) -> None:
        self._session.add(hold)

    def hold(self, encounter_id: int) -> LegalHold | None:
        """Return the hold that an encounter is under."""
        return self._session.scalars(
            select(LegalHold).where(_holds.encounter_id == encounter_id, _holds.lifted_at.is_(None))
        ).one_or_none()

    def holds(self) -> Sequence[tuple[Encounter, LegalHold]]:
        """Return the holds that stand, oldest first, each with its encounter."""
        rows = self._session.execute(
            select(Encounter, LegalHold)
            .join(LegalHold, _holds.encounter_id == _encounters.id)
            .where(_holds.lifted_at.is_(None))
            .order_by(_holds.id)
        )
        return [(row[0], row[1]) for row in rows]

    def held(self, encounter_ids: Collection[int]) -> frozenset[int]:
        """Return which of these are under a hold."""
        query = select(_holds.encounter_id).where(_holds.encounter_id.in_(encounter_ids), _holds.lifted_at.is_(None))
        return frozenset(self._session.scalars(query))

    def due(self, ended_before: datetime, *, after: int, limit: int) -> Sequence[Encounter]:
        is_held = exists().where(_holds.encounter_id == _encounters.id, _holds.lifted_at.is_(None))
        query = select(Encounter).where(*_have_ended(ended_before), ~is_held, _encounters.id > after)
        return self._session.scalars(query.order_by(_encounters.id).limit(limit)).all()

    def lock_ended(self, encounter_ids: Collection[int], ended_before: datetime) -> Sequence[Encounter]:
        """Lock those of these that ended by then and that nobody else has locked.

        Holds must be asked for after this: one that was placed meanwhile is seen by a query that begins later only.
        """
        query = select(Encounter).where(*_have_ended(ended_before), _encounters.id.in_(encounter_ids))
        query = query.order_by(_encounters.id).with_for_update(skip_locked=True)
        return self._session.scalars(query.execution_options(populate_existing=True)).all()

    def copies(self, encounter_ids: Collection[int]) -> Mapping[int, frozenset[CarrierCopy]]:
        """Return what the carrier keeps of each of these encounters."""
        found: dict[int, set[CarrierCopy]] = defaultdict(set)
        rows = self._session.execute(
            select(_deliveries.encounter_id, _deliveries.channel, _deliveries.carrier_sid, _deliveries.other_sid).where(
                _deliveries.encounter_id.in_(encounter_ids)
            )
        )
        for row in rows:
            found[row.encounter_id] |= copies_of(row.channel, row.carrier_sid, row.other_sid)
        return {encounter_id: frozenset(found[encounter_id]) for encounter_id in encounter_ids}

    def last_certificate(self) -> Certificate | None:
        """Return the newest certificate; nobody else adds one until this unit of work ends."""
        if self._session.get_bind().dialect.name == "postgresql":
            self._session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": PURGE_LOCK})
        newest = select(_certificates).order_by(_certificates.c.number.desc()).limit(1)
        row = self._session.execute(newest).mappings().first()
        return None if row is None else Certificate(**row)

    def purge(self, certificate: Certificate, purged: Sequence[PurgedEncounter]) -> None:
        """Keep what stays of encounters that are locked, and delete everything else of them."""
        self._session.execute(insert(_certificates), vars(certificate))
        self._session.execute(insert(_purged), [vars(one) | {"certificate": certificate.number} for one in purged])
        theirs = [one.encounter_id for one in purged]
        for table in _THEIRS:
            if table is tables.commitments:
                pages = select(tables.pages.c.id).where(tables.pages.c.encounter_id.in_(theirs))
                self._session.execute(delete(table).where(table.c.page_id.in_(pages)))
            else:
                self._session.execute(delete(table).where(table.c.encounter_id.in_(theirs)))
        self._session.execute(delete(tables.encounters).where(_encounters.id.in_(theirs)))

    def certificates(self, *, after: int, limit: int) -> Sequence[tuple[Certificate, Sequence[PurgedEncounter]]]:
        """Return certificates by their numbers, those after `after`, each with what it names in the order of ids."""
        query = select(_certificates).where(_certificates.c.number > after).order_by(_certificates.c.number)
        found = [Certificate(**row) for row in self._session.execute(query.limit(limit)).mappings()]
        named: dict[int, list[PurgedEncounter]] = defaultdict(list)
        rows = select(_purged).where(_purged.c.certificate.in_([one.number for one in found]))
        for row in self._session.execute(rows.order_by(_purged.c.encounter_id)):
            named[row.certificate].append(PurgedEncounter(row.encounter_id, row.timeline_length, row.timeline_head))
        return [(one, named[one.number]) for one in found]

    def strays(self) -> Strays:
        events, purged = record_tables.events.c, _purged.c
        has_encounter = exists().where(_encounters.id == events.encounter_id)
        has_certificate = exists().where(_certificates.c.number == purged.certificate)
        is_purged = exists().where(purged.encounter_id == _encounters.id)
        return Strays(
            self._session.scalar(select(func.min(events.encounter_id)).where(~has_encounter)),
            self._session.scalar(select(func.min(purged.encounter_id)).where(~has_certificate)),
            self._session.scalar(select(_encounters.reference).where(is_purged).order_by(_encounters.id).limit(1)),
        )


def copies_of(channel: Channel, *sids: str | None) -> frozenset[CarrierCopy]:
    """Return what the carrier keeps of a delivery, by the ids that it has there."""
    return frozenset(CarrierCopy(channel, sid) for sid in sids if sid)


def _have_ended(before: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (_encounters.state != EncounterState.OPEN, _encounters.ended_at < before)

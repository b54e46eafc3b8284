"""The tables of the record: the hash-chained timeline, the words kept beside it, and what a purge leaves."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Integer, String, Table, Text

from pager.adapters.db.schema import CODE, Id, metadata
from pager.adapters.db.types import Instant, Word
from pager.domain.timeline import EventKind

events = Table(
    "events",
    metadata,
    Column("encounter_id", ForeignKey("encounters.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("kind", Word(EventKind), nullable=False),
    Column("agency", String(CODE)),
    Column("responder", String(64)),
    Column("text", String(500), nullable=False),
    Column("data", JSON, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

# Free words of people stay outside the chained events, encrypted: they can be purged without breaking the chain.
words = Table(
    "words",
    metadata,
    Column("encounter_id", ForeignKey("encounters.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("text", Text, nullable=False),
)

legal_holds = Table(
    "legal_holds",
    metadata,
    Column("id", Id, primary_key=True),
    Column("encounter_id", ForeignKey("encounters.id"), nullable=False, index=True),
    Column("placed_at", Instant, nullable=False),
    Column("placed_by", String(254), nullable=False),
    Column("lifted_at", Instant),
    Column("lifted_by", String(254)),
)

certificates = Table(
    "certificates",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("by", String(254), nullable=False),
    Column("ended_before", Instant, nullable=False),
    Column("encounters", Integer, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

# What stays of purged encounters. An encounter's events can be deleted once it is named here, and not before.
purged_encounters = Table(
    "purged_encounters",
    metadata,
    Column("encounter_id", BigInteger, primary_key=True, autoincrement=False),
    Column("certificate", ForeignKey("certificates.number"), nullable=False, index=True),
    Column("timeline_length", Integer, nullable=False),
    Column("timeline_head", String(64), nullable=False),
)

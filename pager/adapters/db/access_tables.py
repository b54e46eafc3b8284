"""The tables of who may come in, and of who changed what."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table

from pager.adapters.db.schema import CODE, NUMBER, Id, metadata
from pager.adapters.db.types import CodeSet, Instant, Word
from pager.domain.user import Role

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(100), nullable=False, unique=True),
    Column("scope", String(20), nullable=False),
    Column("stations", CodeSet(4000), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Column("last_used_at", Instant),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("api_key_id", ForeignKey("api_keys.id"), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("body_hash", String(64), nullable=False),
    Column("encounter_id", ForeignKey("encounters.id"), nullable=False, index=True),
    Column("created_at", Instant, nullable=False, index=True),
)

users = Table(
    "users",
    metadata,
    Column("id", Id, primary_key=True),
    Column("email", String(254), nullable=False, unique=True),
    Column("role", Word(Role), nullable=False),
    Column("agency", ForeignKey("agencies.code")),
    Column("password", String(200)),
    Column("sms", String(NUMBER)),
    Column("is_active", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("begun_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False, index=True),
    Column("ended_at", Instant),
)

reset_links = Table(
    "reset_links",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)

# Failed sign-ins in a row, by the hash of what they have in common: an address on the network, an email.
sign_in_failures = Table(
    "sign_in_failures",
    metadata,
    Column("subject", String(64), primary_key=True),
    Column("times", Integer, nullable=False),
    Column("last_at", Instant, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("by", String(254), nullable=False),
    Column("what", String(20), nullable=False),
    Column("name", String(254), nullable=False),
    Column("agency", String(CODE)),
    Column("before", JSON, nullable=False),
    Column("after", JSON, nullable=False),
    Index("ix_audit_agency_id", "agency", "id"),
)

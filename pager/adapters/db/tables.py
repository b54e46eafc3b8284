"""The tables of paging. Each migration is checked against them, and those of `access_tables` and `record_tables`."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from pager.adapters.db.schema import NUMBER, QUEUED, SENDING, Id, metadata
from pager.adapters.db.types import Instant, Word
from pager.domain.delivery import DeliveryKind, DeliveryState
from pager.domain.directory import Channel
from pager.domain.encounter import EncounterState, Updates
from pager.domain.follow_up import Outcome
from pager.domain.page import PageState

policies = Table(
    "policies",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("document", JSON, nullable=False),
)

encounters = Table(
    "encounters",
    metadata,
    Column("id", Id, primary_key=True),
    Column("reference", String(8), nullable=False, unique=True),
    Column("station", ForeignKey("stations.code"), nullable=False),
    Column("callback", String(NUMBER), nullable=False),
    Column("extension", String(32)),
    Column("is_drill", Boolean, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("respond_by", Instant, nullable=False),
    Column("policy", String(64), nullable=False),
    Column("policy_digest", ForeignKey("policies.digest"), nullable=False),
    Column("left_out", JSON, nullable=False),
    Column("state", Word(EncounterState), nullable=False),
    Column("ended_at", Instant),
    Column("updates", Word(Updates), nullable=False),
    Column("ask_open_at", Instant, index=True),
    Column("timeline_length", Integer, nullable=False),
    Column("timeline_head", String(64), nullable=False),
    Index("ix_encounters_state_id", "state", "id"),
)

encounter_stations = Table(
    "encounter_stations",
    metadata,
    Column("encounter_id", ForeignKey("encounters.id"), primary_key=True),
    Column("station", ForeignKey("stations.code"), primary_key=True),
    Index("ix_encounter_stations_station", "station", "encounter_id"),
)

pages = Table(
    "pages",
    metadata,
    Column("id", Id, primary_key=True),
    Column("encounter_id", ForeignKey("encounters.id"), nullable=False),
    Column("agency", ForeignKey("agencies.code"), nullable=False),
    Column("state", Word(PageState), nullable=False),
    Column("round", Integer, nullable=False),
    Column("rung", Integer, nullable=False),
    Column("rung_at", Instant, nullable=False),
    Column("due_at", Instant, index=True),
    Column("acknowledged_at", Instant),
    Column("acknowledged_by", ForeignKey("responders.id")),
    Column("eta", Instant),
    Column("on_scene_at", Instant),
    Column("is_late", Boolean, nullable=False),
    Column("eta_asked_at", Instant),
    Column("checked_in_at", Instant),
    Column("answered_at", Instant),
    Column("short_round", Integer),
    Column("more_round", Integer),
    Column("opened_at", Instant),
    UniqueConstraint("encounter_id", "agency"),
)

commitments = Table(
    "commitments",
    metadata,
    Column("page_id", ForeignKey("pages.id"), primary_key=True),
    Column("responder", ForeignKey("responders.id"), primary_key=True),
    Column("is_coming", Boolean, nullable=False),
    Column("acknowledged_at", Instant),
    Column("eta", Instant),
    Column("declined_at", Instant),
    Column("decline_holds", Boolean, nullable=False),
    Column("arrived_at", Instant),
    Column("stood_down_at", Instant),
    Column("is_unreachable", Boolean, nullable=False),
    Index("ix_commitments_responder", "responder", "page_id"),
)

alerts = Table(
    "alerts",
    metadata,
    Column("encounter_id", ForeignKey("encounters.id"), primary_key=True),
    Column("begun_at", Instant, nullable=False),
    Column("due_at", Instant, index=True),
    Column("agencies", JSON, nullable=False),
    Column("times", Integer, nullable=False),
    Column("heard_at", Instant),
    Column("acknowledged_at", Instant),
)

follow_ups = Table(
    "follow_ups",
    metadata,
    Column("id", Id, primary_key=True),
    Column("encounter_id", ForeignKey("encounters.id"), nullable=False),
    Column("name", String(64), nullable=False),
    Column("title", String(200), nullable=False),
    Column("agency", ForeignKey("agencies.code"), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("outcome", Word(Outcome)),
    Column("closed_at", Instant),
    Column("remind_at", Instant, index=True),
    UniqueConstraint("encounter_id", "name"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", String(200), nullable=False, unique=True),
    Column("token", String(32), nullable=False, unique=True),
    Column("kind", Word(DeliveryKind), nullable=False),
    Column("priority", Integer, nullable=False),
    Column("channel", Word(Channel), nullable=False),
    Column("to_number", String(NUMBER), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant),
    Column("encounter_id", ForeignKey("encounters.id"), index=True),
    Column("page_id", ForeignKey("pages.id"), index=True),
    Column("responder", ForeignKey("responders.id")),
    Column("round", Integer),
    Column("rung", Integer),
    Column("body", Text),
    Column("from_number", String(NUMBER), nullable=False),
    Column("expires_at", Instant),
    Column("state", Word(DeliveryState), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("left_at", Instant),
    Column("lease_until", Instant),
    Column("carrier_sid", String(64), index=True),
    Column("other_sid", String(64)),
    Column("ended_at", Instant),
    Column("is_refused", Boolean, nullable=False),
    Column("is_lasting", Boolean, nullable=False),
    Column("is_recalled", Boolean, nullable=False),
    Column("error", String(200)),
    Index("ix_deliveries_queued", "due_at", "priority", sqlite_where=QUEUED, postgresql_where=QUEUED),
    Index("ix_deliveries_sending", "lease_until", sqlite_where=SENDING, postgresql_where=SENDING),
    Index("ix_deliveries_responder", "responder", "page_id"),
    Index("ix_deliveries_line", "to_number", "left_at"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("carrier_id", String(100), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("form", JSON, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("due_at", Instant, index=True),
    Column("handled_at", Instant),
)

engines = Table(
    "engines",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("beat_at", Instant, nullable=False),
    Column("is_carrier_ok", Boolean, nullable=False),
)

# When a sending number may send again, and when the account may call again ("calls").
rates = Table(
    "rates",
    metadata,
    Column("name", String(NUMBER), primary_key=True),
    Column("free_at", Instant, nullable=False),
)

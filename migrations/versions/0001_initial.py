"""Encounters, pages, deliveries, the hash-chained timeline, the directory and the keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# SQLite gives ids by itself to an INTEGER primary key only.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "agencies",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("short", sa.String(length=100), nullable=False),
        sa.Column("spoken", sa.String(length=200), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("duty_phone", sa.String(length=16), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_agencies")),
    )
    op.create_table(
        "api_keys",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("scope", sa.String(length=20), nullable=False),
        sa.Column("stations", sa.String(length=4000), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("hash", name=op.f("uq_api_keys_hash")),
        sa.UniqueConstraint("name", name=op.f("uq_api_keys_name")),
    )
    op.create_table(
        "engines",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_carrier_ok", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engines")),
    )
    op.create_table(
        "rates",
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_rates")),
    )
    op.create_table(
        "inbox",
        sa.Column("carrier_id", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("form", sa.JSON(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("carrier_id", name=op.f("pk_inbox")),
    )
    op.create_index(op.f("ix_inbox_due_at"), "inbox", ["due_at"], unique=False)
    op.create_table(
        "policies",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_policies")),
    )
    op.create_table(
        "stations",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("short", sa.String(length=200), nullable=False),
        sa.Column("policy", sa.String(length=64), nullable=False),
        sa.Column("live_since", sa.Date(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_stations")),
    )
    op.create_table(
        "encounters",
        sa.Column("id", ID, nullable=False),
        sa.Column("reference", sa.String(length=8), nullable=False),
        sa.Column("station", sa.String(length=40), nullable=False),
        sa.Column("callback", sa.String(length=16), nullable=False),
        sa.Column("extension", sa.String(length=32), nullable=True),
        sa.Column("is_drill", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("respond_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("policy", sa.String(length=64), nullable=False),
        sa.Column("policy_digest", sa.String(length=64), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("timeline_length", sa.Integer(), nullable=False),
        sa.Column("timeline_head", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["policy_digest"], ["policies.digest"], name=op.f("fk_encounters_policy_digest")),
        sa.ForeignKeyConstraint(["station"], ["stations.code"], name=op.f("fk_encounters_station")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_encounters")),
        sa.UniqueConstraint("reference", name=op.f("uq_encounters_reference")),
    )
    op.create_index("ix_encounters_state_id", "encounters", ["state", "id"], unique=False)
    op.create_table(
        "responders",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sms", sa.String(length=16), nullable=True),
        sa.Column("voice", sa.String(length=16), nullable=True),
        sa.Column("trained_until", sa.Date(), nullable=True),
        sa.Column("is_duty", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("sms_opted_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency"], ["agencies.code"], name=op.f("fk_responders_agency")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_responders")),
    )
    op.create_index(op.f("ix_responders_agency"), "responders", ["agency"], unique=False)
    op.create_index(op.f("ix_responders_sms"), "responders", ["sms"], unique=False)
    op.create_index(op.f("ix_responders_voice"), "responders", ["voice"], unique=False)
    op.create_table(
        "alerts",
        sa.Column("encounter_id", ID, nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agencies", sa.JSON(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["encounter_id"], ["encounters.id"], name=op.f("fk_alerts_encounter_id")),
        sa.PrimaryKeyConstraint("encounter_id", name=op.f("pk_alerts")),
    )
    op.create_index(op.f("ix_alerts_due_at"), "alerts", ["due_at"], unique=False)
    op.create_table(
        "encounter_stations",
        sa.Column("encounter_id", ID, nullable=False),
        sa.Column("station", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["encounter_id"], ["encounters.id"], name=op.f("fk_encounter_stations_encounter_id")),
        sa.ForeignKeyConstraint(["station"], ["stations.code"], name=op.f("fk_encounter_stations_station")),
        sa.PrimaryKeyConstraint("encounter_id", "station", name=op.f("pk_encounter_stations")),
    )
    op.create_index("ix_encounter_stations_station", "encounter_stations", ["station", "encounter_id"], unique=False)
    op.create_table(
        "events",
        sa.Column("encounter_id", ID, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=True),
        sa.Column("responder", sa.String(length=64), nullable=True),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["encounter_id"], ["encounters.id"], name=op.f("fk_events_encounter_id")),
        sa.PrimaryKeyConstraint("encounter_id", "seq", name=op.f("pk_events")),
    )
    op.create_table(
        "follow_ups",
        sa.Column("id", ID, nullable=False),
        sa.Column("encounter_id", ID, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency"], ["agencies.code"], name=op.f("fk_follow_ups_agency")),
        sa.ForeignKeyConstraint(["encounter_id"], ["encounters.id"], name=op.f("fk_follow_ups_encounter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_ups")),
        sa.UniqueConstraint("encounter_id", "name", name=op.f("uq_follow_ups_encounter_id_name")),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("api_key_id", ID, nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("encounter_id", ID, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["api_key_id"], ["api_keys.id"], name=op.f("fk_idempotency_keys_api_key_id")),
        sa.ForeignKeyConstraint(["encounter_id"], ["encounters.id"], name=op.f("fk_idempotency_keys_encounter_id")),
        sa.PrimaryKeyConstraint("api_key_id", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index(op.f("ix_idempotency_keys_created_at"), "idempotency_keys", ["created_at"], unique=False)
    op.create_table(
        "pages",
        sa.Column("id", ID, nullable=False),
        sa.Column("encounter_id", ID, nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("rung_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.String(length=64), nullable=True),
        sa.Column("eta", sa.DateTime(timezone=True), nullable=True),
        sa.Column("on_scene_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["acknowledged_by"], ["responders.id"], name=op.f("fk_pages_acknowledged_by")),
        sa.ForeignKeyConstraint(["agency"], ["agencies.code"], name=op.f("fk_pages_agency")),
        sa.ForeignKeyConstraint(["encounter_id"], ["encounters.id"], name=op.f("fk_pages_encounter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pages")),
        sa.UniqueConstraint("encounter_id", "agency", name=op.f("uq_pages_encounter_id_agency")),
    )
    op.create_index(op.f("ix_pages_due_at"), "pages", ["due_at"], unique=False)
    op.create_table(
        "shifts",
        sa.Column("id", ID, nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("tier", sa.String(length=20), nullable=False),
        sa.Column("responder", sa.String(length=64), nullable=False),
        sa.Column("stations", sa.String(length=4000), nullable=False),
        sa.Column("starts", sa.DateTime(), nullable=False),
        sa.Column("ends", sa.DateTime(), nullable=False),
        sa.Column("start_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency"], ["agencies.code"], name=op.f("fk_shifts_agency")),
        sa.ForeignKeyConstraint(["responder"], ["responders.id"], name=op.f("fk_shifts_responder")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shifts")),
        sa.UniqueConstraint("agency", "tier", "stations", "starts", name=op.f("uq_shifts_agency_tier_stations_starts")),
    )
    op.create_index(op.f("ix_shifts_end_at"), "shifts", ["end_at"], unique=False)
    op.create_table(
        "words",
        sa.Column("encounter_id", ID, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["encounter_id"], ["encounters.id"], name=op.f("fk_words_encounter_id")),
        sa.PrimaryKeyConstraint("encounter_id", "seq", name=op.f("pk_words")),
    )
    op.create_table(
        "commitments",
        sa.Column("page_id", ID, nullable=False),
        sa.Column("responder", sa.String(length=64), nullable=False),
        sa.Column("is_coming", sa.Boolean(), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("eta", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decline_holds", sa.Boolean(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stood_down_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_unreachable", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name=op.f("fk_commitments_page_id")),
        sa.ForeignKeyConstraint(["responder"], ["responders.id"], name=op.f("fk_commitments_responder")),
        sa.PrimaryKeyConstraint("page_id", "responder", name=op.f("pk_commitments")),
    )
    op.create_index("ix_commitments_responder", "commitments", ["responder", "page_id"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("to_number", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("encounter_id", ID, nullable=True),
        sa.Column("page_id", ID, nullable=True),
        sa.Column("responder", sa.String(length=64), nullable=True),
        sa.Column("round", sa.Integer(), nullable=True),
        sa.Column("rung", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("from_number", sa.String(length=16), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("carrier_sid", sa.String(length=64), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_refused", sa.Boolean(), nullable=False),
        sa.Column("is_lasting", sa.Boolean(), nullable=False),
        sa.Column("is_recalled", sa.Boolean(), nullable=False),
        sa.Column("error", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["encounter_id"], ["encounters.id"], name=op.f("fk_deliveries_encounter_id")),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name=op.f("fk_deliveries_page_id")),
        sa.ForeignKeyConstraint(["responder"], ["responders.id"], name=op.f("fk_deliveries_responder")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("key", name=op.f("uq_deliveries_key")),
        sa.UniqueConstraint("token", name=op.f("uq_deliveries_token")),
    )
    op.create_index(op.f("ix_deliveries_carrier_sid"), "deliveries", ["carrier_sid"], unique=False)
    op.create_index(op.f("ix_deliveries_encounter_id"), "deliveries", ["encounter_id"], unique=False)
    op.create_index("ix_deliveries_line", "deliveries", ["to_number", "left_at"], unique=False)
    op.create_index(op.f("ix_deliveries_page_id"), "deliveries", ["page_id"], unique=False)
    op.create_index(
        "ix_deliveries_queued",
        "deliveries",
        ["due_at", "priority"],
        unique=False,
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_index("ix_deliveries_responder", "deliveries", ["responder", "page_id"], unique=False)
    op.create_index(
        "ix_deliveries_sending",
        "deliveries",
        ["lease_until"],
        unique=False,
        sqlite_where=sa.text("state = 'sending'"),
        postgresql_where=sa.text("state = 'sending'"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_deliveries_sending",
        table_name="deliveries",
        sqlite_where=sa.text("state = 'sending'"),
        postgresql_where=sa.text("state = 'sending'"),
    )
    op.drop_index("ix_deliveries_responder", table_name="deliveries")
    op.drop_index(
        "ix_deliveries_queued",
        table_name="deliveries",
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.drop_index(op.f("ix_deliveries_page_id"), table_name="deliveries")
    op.drop_index("ix_deliveries_line", table_name="deliveries")
    op.drop_index(op.f("ix_deliveries_encounter_id"), table_name="deliveries")
    op.drop_index(op.f("ix_deliveries_carrier_sid"), table_name="deliveries")
    op.drop_table("deliveries")
    op.drop_index("ix_commitments_responder", table_name="commitments")
    op.drop_table("commitments")
    op.drop_table("words")
    op.drop_index(op.f("ix_shifts_end_at"), table_name="shifts")
    op.drop_table("shifts")
    op.drop_index(op.f("ix_pages_due_at"), table_name="pages")
    op.drop_table("pages")
    op.drop_index(op.f("ix_idempotency_keys_created_at"), table_name="idempotency_keys")
    op.drop_table("idempotency_keys")
    op.drop_table("follow_ups")
    op.drop_table("events")
    op.drop_index("ix_encounter_stations_station", table_name="encounter_stations")
    op.drop_table("encounter_stations")
    op.drop_index(op.f("ix_alerts_due_at"), table_name="alerts")
    op.drop_table("alerts")
    op.drop_index(op.f("ix_responders_voice"), table_name="responders")
    op.drop_index(op.f("ix_responders_sms"), table_name="responders")
    op.drop_index(op.f("ix_responders_agency"), table_name="responders")
    op.drop_table("responders")
    op.drop_index("ix_encounters_state_id", table_name="encounters")
    op.drop_table("encounters")
    op.drop_table("stations")
    op.drop_table("policies")
    op.drop_index(op.f("ix_inbox_due_at"), table_name="inbox")
    op.drop_table("inbox")
    op.drop_table("rates")
    op.drop_table("engines")
    op.drop_table("api_keys")
    op.drop_table("agencies")

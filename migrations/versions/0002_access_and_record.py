"""Users and their sessions, the audit, legal holds and purges; the timeline can only be added to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# SQLite gives ids by itself to an INTEGER primary key only.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# No row of these may be changed or deleted, but for an encounter's events once what stays of it is kept.
IS_PURGED = "EXISTS (SELECT 1 FROM purged_encounters WHERE encounter_id = OLD.encounter_id)"
RECORD = {"events": f"NOT {IS_PURGED}", "audit": None, "certificates": None, "purged_encounters": None}
# SQLite lets INSERT OR REPLACE delete a row without asking the triggers of DELETE.
IS_THERE = {
    "events": "EXISTS (SELECT 1 FROM events WHERE encounter_id = NEW.encounter_id AND seq = NEW.seq)",
    "audit": "EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)",
    "certificates": "EXISTS (SELECT 1 FROM certificates WHERE number = NEW.number)",
    "purged_encounters": "EXISTS (SELECT 1 FROM purged_encounters WHERE encounter_id = NEW.encounter_id)",
}


def upgrade() -> None:
    _add_users()
    _add_audit()
    _add_purges()
    op.add_column("api_keys", sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_idempotency_keys_encounter_id"), "idempotency_keys", ["encounter_id"], unique=False)
    with op.batch_alter_table("words") as words:
        words.alter_column("text", type_=sa.Text(), existing_type=sa.String(length=500), existing_nullable=False)
    op.execute("UPDATE inbox SET form = '{}' WHERE handled_at IS NOT NULL")  # nothing of an answer stays
    op.add_column("deliveries", sa.Column("other_sid", sa.String(length=64), nullable=True))
    for table, where in RECORD.items():
        _refuse("UPDATE", table, None)
        _refuse("DELETE", table, where)
        if op.get_bind().dialect.name == "sqlite":
            _refuse("INSERT", table, IS_THERE[table])
        else:
            _refuse("TRUNCATE", table, None)


def downgrade() -> None:
    last = "INSERT" if op.get_bind().dialect.name == "sqlite" else "TRUNCATE"
    for table in RECORD:
        for deed in ("UPDATE", "DELETE", last):
            _allow(deed, table)
    op.drop_column("deliveries", "other_sid")
    with op.batch_alter_table("words") as words:
        words.alter_column("text", type_=sa.String(length=500), existing_type=sa.Text(), existing_nullable=False)
    op.drop_index(op.f("ix_idempotency_keys_encounter_id"), table_name="idempotency_keys")
    with op.batch_alter_table("api_keys") as api_keys:
        api_keys.drop_column("last_used_at")
    for table in (
        "purged_encounters",
        "certificates",
        "legal_holds",
        "audit",
        "sign_in_failures",
        "reset_links",
        "sessions",
        "users",
    ):
        op.drop_table(table)


def _add_users() -> None:
    op.create_table(
        "users",
        sa.Column("id", ID, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=True),
        sa.Column("password", sa.String(length=200), nullable=True),
        sa.Column("sms", sa.String(length=16), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency"], ["agencies.code"], name=op.f("fk_users_agency")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_table(
        "sessions",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sessions_user_id")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_seen_at"), "sessions", ["seen_at"], unique=False)
    op.create_index(op.f("ix_sessions_user_id"), "sessions", ["user_id"], unique=False)
    op.create_table(
        "reset_links",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_reset_links_user_id")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_reset_links")),
    )
    op.create_index(op.f("ix_reset_links_user_id"), "reset_links", ["user_id"], unique=False)
    op.create_table(
        "sign_in_failures",
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_sign_in_failures")),
    )


def _add_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=254), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=254), nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_agency_id", "audit", ["agency", "id"], unique=False)


def _add_purges() -> None:
    op.create_table(
        "legal_holds",
        sa.Column("id", ID, nullable=False),
        sa.Column("encounter_id", ID, nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("placed_by", sa.String(length=254), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.String(length=254), nullable=True),
        sa.ForeignKeyConstraint(["encounter_id"], ["encounters.id"], name=op.f("fk_legal_holds_encounter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_holds")),
    )
    op.create_index(op.f("ix_legal_holds_encounter_id"), "legal_holds", ["encounter_id"], unique=False)
    op.create_table(
        "certificates",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=254), nullable=False),
        sa.Column("ended_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("encounters", sa.Integer(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_certificates")),
    )
    op.create_table(
        "purged_encounters",
        sa.Column("encounter_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("certificate", sa.Integer(), nullable=False),
        sa.Column("timeline_length", sa.Integer(), nullable=False),
        sa.Column("timeline_head", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate"], ["certificates.number"], name=op.f("fk_purged_encounters_certificate")
        ),
        sa.PrimaryKeyConstraint("encounter_id", name=op.f("pk_purged_encounters")),
    )
    op.create_index(op.f("ix_purged_encounters_certificate"), "purged_encounters", ["certificate"], unique=False)


def _refuse(deed: str, table: str, where: str | None) -> None:
    """Refuse a deed on the rows of a table for which `where` holds; on all of them where it is None."""
    name, says = f"no_{deed.lower()}_of_{table}", f"{deed} of {table} is refused: the record is only added to"
    condition = "" if where is None else f"WHEN {where}"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {deed} ON {table} FOR EACH ROW {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
        )
        return
    # A trigger's WHEN may not look into other tables there, its function may.
    body = f"RAISE EXCEPTION '{says}';" if where is None else f"IF {where} THEN RAISE EXCEPTION '{says}'; END IF;"
    op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN OLD; END $$")
    each = "STATEMENT" if deed == "TRUNCATE" else "ROW"
    op.execute(f"CREATE TRIGGER {name} BEFORE {deed} ON {table} FOR EACH {each} EXECUTE FUNCTION {name}()")


def _allow(deed: str, table: str) -> None:
    name = f"no_{deed.lower()}_of_{table}"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"DROP TRIGGER {name}")
    else:
        op.execute(f"DROP TRIGGER {name} ON {table}")
        op.execute(f"DROP FUNCTION {name}()")

"""Rotations and overrides; what is known of people's numbers, consent and answers."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# SQLite gives ids by itself to an INTEGER primary key only.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

OF_RESPONDERS: dict[str, sa.types.TypeEngine[Any]] = {
    "sms_verified_at": sa.DateTime(timezone=True),
    "voice_verified_at": sa.DateTime(timezone=True),
    "consented_at": sa.DateTime(timezone=True),
    "consent_how": sa.String(length=100),
    "last_reached_at": sa.DateTime(timezone=True),
}


def upgrade() -> None:
    for name, type_ in OF_RESPONDERS.items():
        op.add_column("responders", sa.Column(name, type_, nullable=True))
    op.add_column("shifts", sa.Column("kind", sa.String(length=20), nullable=False, server_default="shift"))
    with op.batch_alter_table("shifts") as shifts:
        shifts.alter_column("kind", server_default=None, existing_type=sa.String(length=20), existing_nullable=False)
        shifts.drop_constraint("uq_shifts_agency_tier_stations_starts", type_="unique")
        shifts.create_unique_constraint(
            "uq_shifts_agency_tier_stations_starts_kind", ["agency", "tier", "stations", "starts", "kind"]
        )
    op.create_table(
        "rotations",
        sa.Column("id", ID, nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("tier", sa.String(length=20), nullable=False),
        sa.Column("responders", sa.String(length=4000), nullable=False),
        sa.Column("stations", sa.String(length=4000), nullable=False),
        sa.Column("starts", sa.DateTime(), nullable=False),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("ends", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["agency"], ["agencies.code"], name=op.f("fk_rotations_agency")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rotations")),
        sa.UniqueConstraint("agency", "tier", "stations", name=op.f("uq_rotations_agency_tier_stations")),
    )
    op.create_table(
        "codes",
        sa.Column("responder", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["responder"], ["responders.id"], name=op.f("fk_codes_responder")),
        sa.PrimaryKeyConstraint("responder", "channel", name=op.f("pk_codes")),
    )


def downgrade() -> None:
    op.drop_table("codes")
    op.drop_table("rotations")
    op.execute("DELETE FROM shifts WHERE kind <> 'shift'")
    with op.batch_alter_table("shifts") as shifts:
        shifts.drop_constraint("uq_shifts_agency_tier_stations_starts_kind", type_="unique")
        shifts.create_unique_constraint(
            "uq_shifts_agency_tier_stations_starts", ["agency", "tier", "stations", "starts"]
        )
        shifts.drop_column("kind")
    with op.batch_alter_table("responders") as responders:
        for name in OF_RESPONDERS:
            responders.drop_column(name)

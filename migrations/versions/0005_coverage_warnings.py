"""What people were warned of: gaps of the roster, seven days and 24 hours ahead."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# SQLite gives ids by itself to an INTEGER primary key only.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "coverage_warnings",
        sa.Column("id", ID, nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("station", sa.String(length=40), nullable=False),
        sa.Column("tier", sa.String(length=20), nullable=False),
        sa.Column("notice", sa.String(length=20), nullable=False),
        sa.Column("start_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency"], ["agencies.code"], name=op.f("fk_coverage_warnings_agency")),
        sa.ForeignKeyConstraint(["station"], ["stations.code"], name=op.f("fk_coverage_warnings_station")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage_warnings")),
        sa.UniqueConstraint(
            "agency",
            "station",
            "tier",
            "notice",
            "start_at",
            name=op.f("uq_coverage_warnings_agency_station_tier_notice_start_at"),
        ),
    )
    op.create_table(
        "coverage_looks",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage_looks")),
    )


def downgrade() -> None:
    op.drop_table("coverage_looks")
    op.drop_table("coverage_warnings")

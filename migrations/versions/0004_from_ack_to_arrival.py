"""What the one who comes is asked, what was done as time ran short, how the dispatcher is told, and reminders."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OF_PAGES: dict[str, sa.types.TypeEngine[Any]] = {
    "eta_asked_at": sa.DateTime(timezone=True),
    "checked_in_at": sa.DateTime(timezone=True),
    "answered_at": sa.DateTime(timezone=True),
    "short_round": sa.Integer(),
    "more_round": sa.Integer(),
    "opened_at": sa.DateTime(timezone=True),
}


def upgrade() -> None:
    for name, type_ in OF_PAGES.items():
        op.add_column("pages", sa.Column(name, type_, nullable=True))
    op.add_column("encounters", sa.Column("updates", sa.String(length=20), nullable=False, server_default="voice"))
    op.add_column("encounters", sa.Column("ask_open_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_encounters_ask_open_at"), "encounters", ["ask_open_at"], unique=False)
    op.add_column("follow_ups", sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_follow_ups_remind_at"), "follow_ups", ["remind_at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_follow_ups_remind_at"), table_name="follow_ups")
    op.drop_column("follow_ups", "remind_at")
    op.drop_index(op.f("ix_encounters_ask_open_at"), table_name="encounters")
    op.drop_column("encounters", "ask_open_at")
    op.drop_column("encounters", "updates")
    for name in OF_PAGES:
        op.drop_column("pages", name)

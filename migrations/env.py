"""Runs the migrations on the engine that `pager.adapters.db.migrate` hands over."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Engine

from pager.adapters.db.mapping import map_domain
from pager.adapters.db.schema import metadata


def run() -> None:
    map_domain()  # brings every table into the metadata
    engine: Engine = context.config.attributes["engine"]
    with engine.execution_options(is_writing=True).connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=engine.dialect.name == "sqlite",
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()

"""Bring the schema to the newest version, and tell whether it is there."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, make_url

from pager.adapters.db.session import open_database

MIGRATIONS = Path(__file__).resolve().parents[3] / "migrations"


def upgrade(url: str, revision: str = "head") -> None:
    """Migrate the database at `url`; a SQLite file and its folder are made where they are missing."""
    database = make_url(url).database
    if make_url(url).get_backend_name() == "sqlite" and database and database != ":memory:":
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    engine = open_database(url)
    try:
        command.upgrade(_config(engine), revision)
    finally:
        engine.dispose()


def downgrade(url: str, revision: str = "base") -> None:
    """Take migrations back, down to `revision`."""
    engine = open_database(url)
    try:
        command.downgrade(_config(engine), revision)
    finally:
        engine.dispose()


def is_current(engine: Engine) -> bool:
    """Tell whether the schema is the one that this code expects."""
    with engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    return present == ScriptDirectory.from_config(_config(engine)).get_current_head()


def _config(engine: Engine) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    return config

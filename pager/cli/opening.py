"""What most commands begin with: the settings, and the database at the right schema."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pager.adapters.db.migrate import is_current
from pager.adapters.db.session import SqlStore
from pager.app import open_store
from pager.cli.failures import Failure, WrongUsage
from pager.config import Settings, environment, read_settings


def current_settings() -> Settings:
    """Return the settings of the environment and `.env`."""
    return read_settings(environment())


def unchecked_store(settings: Settings) -> SqlStore:
    """Return the database as it is, there or not; raises WrongUsage for a URL without a driver."""
    try:
        return open_store(settings)
    except ImportError:
        example = "postgresql+psycopg://user:password@host/database"
        raise WrongUsage(f"PAGER_DATABASE_URL names a driver that is not installed; write it like {example}") from None


@contextmanager
def opened_store(settings: Settings) -> Iterator[SqlStore]:
    """Open the database and close it again; raises Failure where it is away or not migrated."""
    store = unchecked_store(settings)
    try:
        if not store.is_reachable():
            raise Failure("The database cannot be reached; check PAGER_DATABASE_URL, or run `pager db upgrade`.")
        if not is_current(store.engine):
            raise Failure("The database is not at this version's schema; run `pager db upgrade`.")
        yield store
    finally:
        store.engine.dispose()

"""One load of the directory at a time: two at once could each be right by themselves and clash together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, text

from pager.lifecycle.ports import StoreConflictError

LOAD_LOCK = 7_243_702  # any number that no other advisory lock uses


@contextmanager
def one_load_at_a_time(engine: Engine) -> Iterator[None]:
    """Hold the right to load from the reading of what is known to the commit; StoreConflictError: another has it.

    SQLite needs none of this: writers follow each other, and who comes second sees that what was known has changed.
    """
    if engine.dialect.name != "postgresql":
        yield
        return
    with engine.begin() as connection:
        if not connection.scalar(text("SELECT pg_try_advisory_xact_lock(:lock)"), {"lock": LOAD_LOCK}):
            raise StoreConflictError("another directory is being loaded")
        # This transaction stands still on purpose, while another one loads.
        connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        yield

"""What holds of every connection to PostgreSQL."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from pager.adapters.db import session
from pager.adapters.db.one_load import one_load_at_a_time
from pager.adapters.db.session import SqlStore, open_database
from pager.adapters.db.wakes import CONNECTION

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def parameters(engine: Engine) -> dict[str, str]:
    """Return what a connection was made with, other than the driver's defaults."""
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        found: dict[str, str] = driver.info.get_parameters()
    engine.dispose()
    return found


def test_a_server_that_is_gone_without_a_word_is_noticed(store: SqlStore) -> None:
    assert parameters(store.engine).items() >= {name: str(value) for name, value in CONNECTION.items()}.items()


def test_what_the_url_says_of_its_connections_stands(database_url: str) -> None:
    assert parameters(open_database(f"{database_url}&connect_timeout=17"))["connect_timeout"] == "17"


def test_a_load_may_take_longer_than_another_transaction_may_stand_still(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "STANDSTILL_MS", 100)
    engine = open_database(database_url)
    with one_load_at_a_time(engine), engine.connect() as loading:
        loading.execute(text("SELECT pg_sleep(0.5)"))
    engine.dispose()

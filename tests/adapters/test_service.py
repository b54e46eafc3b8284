"""The engine as it is put together: what it starts, what it tells, and what time it begins with."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from pager.adapters.db.session import SqlStore, open_database
from pager.app import Engine, make_background, make_carrier, make_clock, make_context, make_engine
from pager.clock import SystemClock, wall_time
from pager.config import Settings

PATIENCE = 10.0
ALARM = "+13105550199"
SETTINGS = Settings(
    account_sid="AC" + "0" * 32, auth_token="token", senders=("+12135550190",), alarm_to=(ALARM,), region="US"
)


def beat(store: SqlStore, at: datetime) -> None:
    with store.writing() as work:
        work.engines.beat("another", at, is_carrier_ok=True)


def test_time_begins_no_earlier_than_an_engine_was_last_seen(store: SqlStore) -> None:
    seen_at = wall_time() + timedelta(hours=1)
    beat(store, seen_at)
    assert seen_at <= make_clock(store).now() <= seen_at + timedelta(minutes=1)


def test_with_the_database_away_time_begins_by_the_machine(sqlite_url: str) -> None:
    store = SqlStore(open_database(f"{sqlite_url}-nowhere/pager.db"))
    assert abs(make_clock(store).now() - wall_time()) < timedelta(minutes=1)
    store.engine.dispose()


def engine_on(store: SqlStore, clock: SystemClock) -> Engine:
    context = make_context(SETTINGS, store, clock)
    return make_engine(context, store, make_carrier(SETTINGS))


def test_an_engine_hears_of_others_on_postgresql_only(store: SqlStore) -> None:
    engine = engine_on(store, SystemClock())
    assert (engine.listener is not None) == (store.engine.dialect.name == "postgresql")
    engine.start()
    engine.stop()
    engine.stop()


@pytest.mark.parametrize("runs_engine", [True, False])
def test_a_clock_that_was_set_back_before_the_start_is_told(store: SqlStore, runs_engine: bool) -> None:
    beat(store, wall_time() + timedelta(hours=1))
    settings = replace(SETTINGS, runs_engine=runs_engine)
    context = make_context(settings, store, make_clock(store))
    background = make_background(settings, context, store, make_carrier(settings))
    told = threading.Event()
    store.on_written = told.set
    minute = background.minute if isinstance(background, Engine) else background
    minute.start()
    assert told.wait(PATIENCE)
    minute.stop()
    with store.engine.connect() as connection:
        rows = connection.execute(text("SELECT to_number, body FROM deliveries")).all()
    assert [row.to_number for row in rows] == [ALARM]
    assert rows[0].body.startswith("pager: the clock of a server jumped by -3")

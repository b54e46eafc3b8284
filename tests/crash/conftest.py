"""Databases to live a life on: each a copy of one that has been prepared."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.crash.life import prepare

NewDatabase = Callable[[], str]  # its URL


@pytest.fixture(scope="session")
def new_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> NewDatabase:
    folder = tmp_path_factory.mktemp("lives")
    numbers = count()
    shutil.copy(sqlite_template, folder / "prepared.db")
    prepare(f"sqlite:///{folder / 'prepared.db'}", folder)

    def new() -> str:
        path = folder / f"{next(numbers)}.db"
        shutil.copy(folder / "prepared.db", path)
        return f"sqlite:///{path}"

    return new


@pytest.fixture(scope="session")
def new_postgresql(postgresql: str, tmp_path_factory: pytest.TempPathFactory) -> NewDatabase:
    numbers = count()

    def create(name: str, template: str) -> str:
        engine = create_engine(postgresql.format("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
        engine.dispose()
        return postgresql.format(name)

    prepare(create("prepared", "template"), tmp_path_factory.mktemp("prepared"))
    return lambda: create(f"life_{next(numbers)}", "prepared")


@pytest.fixture(scope="session", autouse=True)
def _quiet_carrier() -> Iterator[None]:
    """The sandbox's server tells of every request."""
    log = logging.getLogger("werkzeug")
    level = log.level
    log.setLevel(logging.ERROR)
    yield
    log.setLevel(level)

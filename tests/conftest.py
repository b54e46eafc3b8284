"""Databases, built by the migrations: a SQLite file and a PostgreSQL database for each test that asks for one."""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pgserver
import pytest
from flask import Flask
from hypothesis import settings
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import create_engine, text

from pager.adapters.db.migrate import upgrade
from pager.adapters.db.session import SqlStore, open_database
from tests.clock import FakeClock

_numbers = count()

# What the few databases that are there at once take, with plenty to spare.
SERVER_BYTES = 1 << 30

# No test is timed: how long an example takes says how busy the machine is.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


class CompiledTemplates(BytecodeCache):
    """Every application of a test process takes its templates from here: each is compiled once, not for each test."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[bucket.key] = bucket.bytecode_to_string()


Flask.jinja_options = {"bytecode_cache": CompiledTemplates()}


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A PostgreSQL server, as a URL with a place for the database's name. The database `template` is migrated."""
    # Not in pytest's own folder: each new test process closes that to other users, such as the server's own.
    folder = Path(tempfile.mkdtemp(prefix="pager-tests-", dir=_roomy_memory()))
    # Two servers of two test processes that are set up in the same instant can get in each other's way.
    with (Path(tempfile.gettempdir()) / "pager-tests-postgresql.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        server = pgserver.get_server(folder, cleanup_mode="delete")  # type: ignore[attr-defined] # it is there
    base = f"postgresql+psycopg://postgres@/{{}}?host={folder}"
    # Wait for no disk: these databases end with the tests, and here the machine never loses power.
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        _run(base, f"ALTER SYSTEM SET {setting} = off")
    _run(base, "SELECT pg_reload_conf()")
    _run(base, "CREATE DATABASE template")
    upgrade(base.format("template"))
    yield base
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _roomy_memory() -> Path | None:
    """Return a folder in memory with room for a server: a new database takes 20 ms there, and 200 on a disk."""
    memory = Path("/dev/shm")
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > SERVER_BYTES else None


def _run(base: str, statement: str) -> None:
    """Run one statement in the server's own database."""
    engine = create_engine(base.format("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(params=("sqlite", "postgresql"))
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database at the newest schema, on each of the two."""
    if request.param == "sqlite":
        yield copy_of(request.getfixturevalue("sqlite_template"), tmp_path)
        return
    base: str = request.getfixturevalue("postgresql")
    name = f"test_{next(_numbers)}"
    _run(base, f"CREATE DATABASE {name} TEMPLATE template")
    yield base.format(name)
    _run(base, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """An empty SQLite database at the newest schema, for tests to which the database is all one."""
    return copy_of(sqlite_template, tmp_path)


def copy_of(template: Path, folder: Path) -> str:
    """Return the URL of an empty SQLite database at the newest schema, a copy of `sqlite_template` in `folder`."""
    shutil.copy(template, folder / "pager.db")
    return f"sqlite:///{folder / 'pager.db'}"


@pytest.fixture
def store(database_url: str) -> Iterator[SqlStore]:
    store = SqlStore(open_database(database_url))
    yield store
    store.engine.dispose()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()

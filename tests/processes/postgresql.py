"""A PostgreSQL server of the test's own, which can be stopped and started again on the same data and socket."""

from __future__ import annotations

import contextlib
import fcntl
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pgserver
from pgserver._commands import pg_ctl  # type: ignore[attr-defined] # made at import; nothing public stops a server
from pgserver.postgres_server import PostgresServer
from sqlalchemy import Connection, create_engine, text

from pager.adapters.db.migrate import upgrade


class Cluster:
    """A server that listens on a Unix socket in `folder`, and its databases."""

    def __init__(self, server: PostgresServer, folder: Path) -> None:
        self._server, self.folder = server, folder
        self._numbers = count()

    @property
    def socket(self) -> Path:
        return self.folder / ".s.PGSQL.5432"

    def new_database(self) -> str:
        """Make an empty database at the newest schema and return its URL."""
        name = f"test_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name}")
        url = self._url(name)
        upgrade(url)
        return url

    def execute(self, statement: str) -> None:
        with _connected(self._url("postgres"), isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(statement))

    def count(self, url: str, rows: str) -> int:
        """Return how many rows there are, given as `table WHERE condition`."""
        with _connected(url) as connection:
            found: int = connection.scalars(text(f"SELECT count(*) FROM {rows}")).one()
            return found

    @contextmanager
    def holding(self, url: str, lock: str) -> Iterator[None]:
        """Hold a lock, given as the statement that takes it, for as long as the block lasts."""
        with _connected(url) as connection, connection.begin():
            connection.execute(text(lock))
            yield

    def _url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def by_port(self, url: str, port: int) -> str:
        """Return a database's URL for a port of this machine that leads to the socket."""
        return url.replace("@/", f"@127.0.0.1:{port}/").partition("?")[0]

    def stop(self, mode: str = "fast") -> None:
        """Stop it: `fast` ends every session and puts its data in order, `immediate` is as if it had crashed."""
        pg_ctl(["-w", "-m", mode, "stop"], pgdata=self.folder, user=self._server.system_user)

    def start(self) -> None:
        """Start it again and wait until it takes connections."""
        self._server.ensure_postgres_running()

    @contextmanager
    def away(self, mode: str) -> Iterator[None]:
        """Be stopped for as long as the block lasts."""
        self.stop(mode)
        try:
            yield
        finally:
            self.start()


@contextmanager
def _connected(url: str, **options: Any) -> Iterator[Connection]:
    engine = create_engine(url, **options)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


@contextmanager
def cluster() -> Iterator[Cluster]:
    # Not in pytest's own folder, which is closed to the user that the server runs as.
    folder = Path(tempfile.mkdtemp(prefix="pager-tests-"))
    # Two servers of two test processes that are set up in the same instant can get in each other's way.
    with (Path(tempfile.gettempdir()) / "pager-tests-postgresql.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        server = pgserver.get_server(folder, cleanup_mode=None)  # type: ignore[attr-defined] # it is there
    own = Cluster(server, folder)
    try:
        yield own
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):  # a test has stopped it already
            own.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)

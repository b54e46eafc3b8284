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

import pgserver
from pgserver._commands import pg_ctl  # type: ignore[attr-defined] # made at import; nothing public stops a server
from pgserver.postgres_server import PostgresServer
from sqlalchemy import create_engine, text

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
        engine = create_engine(self._url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def _url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def stop(self, mode: str = "fast") -> None:
        """Stop it: `fast` ends every session and puts its data in order, `immediate` is as if it had crashed."""
        pg_ctl(["-w", "-m", mode, "stop"], pgdata=self.folder, user=self._server.system_user)

    def start(self) -> None:
        """Start it again and wait until it takes connections."""
        self._server.ensure_postgres_running()


@contextmanager
def cluster() -> Iterator[Cluster]:
    # Not in pytest's own folder, which is closed to the user that the server runs as.
    folder = Path(tempfile.mkdtemp(prefix="pager-tests-"))
    # Two servers of two test processes that are set up in the same instant can get in each other's way.
    with (Path(tempfile.gettempdir()) / "pager-tests-postgresql.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        server = pgserver.get_server(folder, cleanup_mode="delete")  # type: ignore[attr-defined] # it is there
    own = Cluster(server, folder)
    try:
        yield own
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):  # a test has stopped it already
            own.stop("immediate")
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)

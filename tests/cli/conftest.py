"""The command line as a user meets it: arguments in, text and exit code out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from click.testing import CliRunner, Result

from pager.adapters.db.session import SqlStore, open_database
from pager.adapters.sealing import make_sealer
from pager.cli import main
from pager.config import SETTINGS

HOME = Path(__file__).parents[2]
COUNTY = HOME / "pager" / "demo" / "county.yaml"
SECRET_KEY = "of the tests"


class Pager(Protocol):
    """Runs `pager` with these arguments and checks how it ends."""

    def __call__(
        self, *arguments: object, exit_code: int = 0, stdin: str | bytes | None = None, **env: str
    ) -> Result: ...


@pytest.fixture
def pager() -> Pager:
    """Run commands with the default settings, whatever the environment says, but for those that a test gives."""

    def run(*arguments: object, exit_code: int = 0, stdin: str | bytes | None = None, **env: str) -> Result:
        settings = dict.fromkeys(SETTINGS, "") | env
        result = CliRunner().invoke(main, [str(one) for one in arguments], input=stdin, env=settings)
        assert result.exit_code == exit_code, result.output
        assert "Traceback" not in result.output
        assert bool(result.stderr) >= bool(exit_code), "a failure says why"
        return result

    return run


@pytest.fixture
def pager_on(pager: Pager, sqlite_url: str) -> Pager:
    """Run commands on a database of the test's own."""
    return _on(pager, sqlite_url)


@pytest.fixture
def pager_on_each(pager: Pager, database_url: str) -> Pager:
    """Run commands on a database of the test's own, of each kind."""
    return _on(pager, database_url)


def _on(pager: Pager, url: str) -> Pager:
    def run(*arguments: object, exit_code: int = 0, stdin: str | bytes | None = None, **env: str) -> Result:
        return pager(*arguments, exit_code=exit_code, stdin=stdin, **({"PAGER_DATABASE_URL": url} | env))

    return run


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[SqlStore]:
    """The database of `pager_on`, to look into."""
    store = SqlStore(open_database(sqlite_url), sealer=make_sealer([], SECRET_KEY))
    yield store
    store.engine.dispose()

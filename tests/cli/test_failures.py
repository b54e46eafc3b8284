"""Whatever goes wrong, a command ends with a sentence and an exit code, never with a traceback."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from pager.adapters.yaml_lines import FileError, FileProblem
from pager.cli import main
from pager.cli.failures import Commands
from pager.config import SettingsError
from pager.lifecycle.ports import StoreConflictError, StoreUnavailableError
from tests.cli.conftest import COUNTY, Pager

ON_DATABASE = [("load", COUNTY), ("roster", "show"), ("key", "create", "x", "--scope", "read"), ("audit", "verify")]


@pytest.mark.parametrize("arguments", ON_DATABASE)
def test_a_database_that_was_never_migrated_says_what_to_run(
    pager: Pager, arguments: tuple[object, ...], tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    assert "run `pager db upgrade`" in pager(*arguments, exit_code=1, PAGER_DATABASE_URL=url).stderr


@pytest.mark.parametrize("arguments", [*ON_DATABASE, ("db", "upgrade")])
@pytest.mark.parametrize("url", ["nonsense", "postgresql+psycopg://postgres:hush@/x?host=/nowhere", "mysql://x/y"])
def test_a_database_that_is_not_there_points_to_its_setting_and_keeps_its_password(
    pager: Pager, arguments: tuple[object, ...], url: str
) -> None:
    exit_code = 2 if url.startswith("mysql") else 1
    told = pager(*arguments, exit_code=exit_code, PAGER_DATABASE_URL=url).stderr
    assert "PAGER_DATABASE_URL" in told
    assert "hush" not in told


def test_every_wrong_setting_is_told(pager: Pager) -> None:
    told = pager("policy", "check", exit_code=2, PAGER_TIMEZONE="Mars", PAGER_ENGINE="maybe").stderr
    assert [line.split()[0] for line in told.splitlines()] == ["PAGER_TIMEZONE", "PAGER_ENGINE"]


def ended_by(error: BaseException) -> tuple[int, str]:
    """Return how a command ends in which an error comes up: exit code and standard error."""

    @click.group(cls=Commands)
    def group() -> None: ...

    @group.command()
    def fail() -> None:
        raise error

    result = CliRunner().invoke(group, ["fail"])
    assert "Traceback" not in result.output
    return result.exit_code, result.stderr


@pytest.mark.parametrize(
    ("error", "exit_code", "told"),
    [
        (SettingsError("PAGER_X is missing"), 2, "PAGER_X is missing\n"),
        (FileError([FileProblem("x.yaml", 3, "code", "is missing")]), 1, "x.yaml:3: code: is missing\n"),
        (StoreUnavailableError("OperationalError"), 1, "The database does not answer or refuses (OperationalError)"),
        (StoreConflictError("x"), 1, "Another command changed the same at this moment"),
        (PermissionError(13, "Permission denied", "/x"), 1, "/x: Permission denied.\n"),
        (KeyboardInterrupt(), 1, "\nAborted!\n"),
    ],
)
def test_each_error_has_its_words(error: BaseException, exit_code: int, told: str) -> None:
    code, stderr = ended_by(error)
    assert code == exit_code
    assert stderr.startswith(told)


def test_a_fault_of_our_own_says_where_it_is_and_nothing_of_what_it_holds() -> None:
    code, stderr = ended_by(KeyError("+12135550101"))
    assert code == 1
    assert stderr.startswith("This is a fault of pager itself: KeyError in test_failures.py, line ")
    assert "555" not in stderr


def commands(command: click.Command, *path: str) -> list[tuple[str, ...]]:
    if not isinstance(command, click.Group):
        return [path]
    return [path, *(one for name, child in command.commands.items() for one in commands(child, *path, name))]


@pytest.mark.parametrize("path", commands(main), ids=" ".join)
def test_every_command_explains_itself_within_80_columns(pager: Pager, path: tuple[str, ...]) -> None:
    shown = pager(*path, "--help").stdout
    assert max(map(len, shown.splitlines())) <= 80
    assert len(shown.splitlines()[2].strip()) > 10

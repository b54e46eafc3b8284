"""Whatever goes wrong becomes one sentence on standard error and an exit code; no traceback reaches a user."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import IO, Any

import click

from pager.adapters.yaml_lines import FileError
from pager.config import SettingsError
from pager.lifecycle.ports import StoreConflictError, StoreUnavailableError


class Failure(click.ClickException):
    """Ends a command with a sentence for its user, and exit code 1."""

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.message, file=file, err=file is None)


class WrongUsage(Failure):
    """The command cannot be run so: exit code 2."""

    exit_code = 2


class Commands(click.Group):
    """The group of all commands; what they let through is put into words here."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise  # click's own ways to end, and a reader of our output who has left
        except Exception as error:
            raise as_failure(error) from error


def as_failure(error: Exception) -> Failure:
    """Put an error into words. Those of other libraries are not quoted: they may hold names and numbers."""
    match error:
        case Failure():
            return error
        case SettingsError():
            return WrongUsage(str(error))
        case FileError():
            return Failure(str(error))
        case StoreConflictError():
            return Failure(
                "Another command changed the same at this moment, so nothing was stored; run this one again."
            )
        case StoreUnavailableError():
            return Failure(
                f"The database does not answer or refuses ({error}); check PAGER_DATABASE_URL and that it runs."
            )
        case OSError():
            return Failure(f"{error.filename or 'The system'}: {error.strerror or type(error).__name__}.")
    return _of_a_library(error) or _fault(error)


def _of_a_library(error: Exception) -> Failure | None:
    """Errors of the database's libraries are known by their origin: only its adapter may import them."""
    name = type(error).__name__
    match type(error).__module__.partition(".")[0]:
        case "sqlalchemy":
            return Failure(f"The database cannot be used ({name}); check PAGER_DATABASE_URL and that it runs.")
        case "alembic":
            return Failure(
                f"The database cannot be migrated ({name}); it may be of a newer version of pager than this."
            )
    return None


def _fault(error: Exception) -> Failure:
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(place.filename).name}, line {place.lineno}"
    return Failure(f"This is a fault of pager itself: {type(error).__name__} in {where}. Please report it.")

"""`pager secrets new` and `pager secrets rotate`: the keys that encrypt what people write freely."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from pager.adapters.db.sealed import START, Position, Renewal
from pager.adapters.db.session import SqlStore
from pager.adapters.sealing import new_key
from pager.cli.failures import Failure, WrongUsage
from pager.cli.opening import current_settings, opened_store

AT_A_TIME = 200
NAMED_AT_MOST = 10


@click.group()
def secrets() -> None:
    """The keys that encrypt what people write freely."""


@secrets.command()
def new() -> None:
    """Print a new key for PAGER_ENCRYPTION_KEYS; it is kept nowhere."""
    click.echo(new_key())


@secrets.command()
def rotate() -> None:
    """Encrypt everything anew with the first key.

    What is so already is passed over: a run that was broken off is simply begun again. Exits with 1 where something
    cannot be read because its key is missing, and names its encounters.
    """
    settings = current_settings()
    if not settings.encryption_keys and settings.secret_key is None:
        raise WrongUsage("There is no key; set PAGER_ENCRYPTION_KEYS (`pager secrets new` makes one).")
    with opened_store(settings) as store:
        words = list(_renewed_words(store))
        with store.writing() as work:
            answers = work.sealed.renew_answers()
    click.echo(f"Encrypted anew: {sum(one.renewed for one in (*words, answers))}.")
    _report([reference for one in words for reference in one.unreadable], len(answers.unreadable))


def _renewed_words(store: SqlStore) -> Iterator[Renewal]:
    """Go through all words, a transaction for some at a time, so that nobody who writes waits long."""
    position: Position | None = START
    while position is not None:
        with store.writing() as work:
            done = work.sealed.renew_words(position, AT_A_TIME)
        yield done
        position = done.position


def _report(references: Sequence[str], answers: int) -> None:
    """Raise Failure where something could not be read."""
    found = []
    if references:
        named = list(dict.fromkeys(references))
        more = " and others" if len(named) > NAMED_AT_MOST else ""
        found.append(f"of encounters: {len(references)} ({', '.join(named[:NAMED_AT_MOST])}{more})")
    if answers:
        found.append(f"of answers that wait to be handled: {answers}")
    if found:
        raise Failure(
            f"Texts that cannot be read because their key is missing, {', '.join(found)}. Add that key to "
            "PAGER_ENCRYPTION_KEYS, or bring the former PAGER_SECRET_KEY back, and run this again."
        )

"""Check a password, slowly after repeated failures: guessing is no faster in any number of processes.

An attempt counts as a failure of its email before the password is looked at, and is forgotten once it was right: so
those that are made at the same moment are counted too. Of its network it counts once it was wrong: many may share that,
and a right password slows down none of them. Keys of the API and the carrier's signatures have no part in this.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from pager.domain.api_key import hash_secret
from pager.domain.sign_in import NO_WAIT, OF_EMAIL, OF_NETWORK, Allowance, wait_left
from pager.domain.user import User
from pager.lifecycle.access_ports import Passwords, PasswordsBusyError
from pager.lifecycle.turn import Context, Turn, reading, writing

log = logging.getLogger(__name__)

T = TypeVar("T")


class WrongPasswordError(Exception):
    """The email and the password do not belong together; whether there is such a user is not told."""


class PausedError(Exception):
    """After too many failures no password is looked at for `wait`, right or wrong."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"wait {wait.total_seconds():.0f} seconds")
        self.wait = wait


@dataclass(frozen=True)
class Attempt:
    """What somebody says of themselves. `network` is the address that they ask from."""

    email: str
    password: str
    network: str


def prove_password(
    context: Context, passwords: Passwords, attempt: Attempt, then: Callable[[Turn, User], T]
) -> tuple[User, T]:
    """Do `then` for the user whose password it is, in the unit of work that sees them last, and return both.

    Raises WrongPasswordError, PausedError, PasswordsBusyError, StoreUnavailableError.
    """
    user, counted = _count(context, attempt)
    known = user.password if user is not None and user.is_active else None
    try:
        newer = _checked(passwords, attempt.password, known)
    except PasswordsBusyError:
        with writing(context) as turn:
            turn.work.users.take_back_failure(_of_email(attempt.email), counted.at, counted.before)
        raise
    if user is None or newer is None:
        _count_network(context, attempt)
        log.warning("a sign-in failed: %s", "no such user" if user is None else f"user {user.id}")
        raise WrongPasswordError
    with writing(context) as turn:
        fresh = turn.work.users.lock(user.id)
        if fresh is None or fresh.password != known or not fresh.is_active:
            raise WrongPasswordError  # it was changed, or they were deactivated, at this very moment
        fresh.password = newer
        forget_failures(turn, fresh)
        return fresh, then(turn, fresh)


def _checked(passwords: Passwords, password: str, known: str | None) -> str | None:
    """Return the hash to keep where the password is right, made anew where that is due; None where it is wrong."""
    if not passwords.is_right(password, known) or known is None:
        return None
    return passwords.hash(password) if passwords.is_outdated(known) else known


def _subjects(attempt: Attempt) -> tuple[tuple[str, Allowance], ...]:
    """Return what failures are counted by, always in this order: the rows are locked in it."""
    return (_of_email(attempt.email), OF_EMAIL), (_of_network(attempt.network), OF_NETWORK)


def _of_email(email: str) -> str:
    return hash_secret(f"email {email.strip().lower()}")


def _of_network(network: str) -> str:
    return hash_secret(f"network {network}")


@dataclass(frozen=True)
class _Counted:
    """When an attempt was counted, and when the last failure before it was, None where there was none."""

    at: datetime
    before: datetime | None


def _count(context: Context, attempt: Attempt) -> tuple[User | None, _Counted]:
    """Count an attempt and return the user it is about. Raises PausedError, and then nothing is counted."""
    with reading(context) as turn:
        _check_pauses(turn, attempt)  # a flood of attempts then does not hold up those who write
    with writing(context) as turn:
        _check_pauses(turn, attempt)
        users, subject, email = turn.work.users, _of_email(attempt.email), attempt.email.strip()
        failed = users.failures(subject)
        users.note_failure(subject, turn.now, since=turn.now - OF_EMAIL.memory)
        user = users.by_email(email) if email.isprintable() else None
        return user, _Counted(turn.now, None if failed is None else failed[1])


def _count_network(context: Context, attempt: Attempt) -> None:
    with writing(context) as turn:
        since = turn.now - OF_NETWORK.memory
        turn.work.users.note_failure(_of_network(attempt.network), turn.now, since=since)


def _check_pauses(turn: Turn, attempt: Attempt) -> None:
    wait = NO_WAIT
    for subject, allowance in _subjects(attempt):
        failed = turn.work.users.failures(subject)
        if failed is not None:
            wait = max(wait, wait_left(*failed, allowance, turn.now))
    if wait > NO_WAIT:
        raise PausedError(wait)


def forget_failures(turn: Turn, user: User) -> None:
    """Let a user go on who has proved who they are, by a right password or a link; it clears no network."""
    turn.work.users.forget_failures(_of_email(user.email))

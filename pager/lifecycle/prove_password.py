"""Check a password, slowly after repeated failures: guessing is no faster in any number of processes.

An attempt counts as a failure before the password is looked at, and is taken back once it was right: so those that are
made at the same moment are counted too. Keys of the API and the carrier's signatures have no part in this.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
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
    user = _count(context, attempt)
    known = user.password if user is not None and user.is_active else None
    try:
        newer = _checked(passwords, attempt.password, known)
    except PasswordsBusyError:
        with writing(context) as turn:
            _take_back(turn, attempt)
        raise
    if user is None or newer is None:
        log.warning("a sign-in failed: %s", "no such user" if user is None else f"user {user.id}")
        raise WrongPasswordError
    with writing(context) as turn:
        fresh = turn.work.users.lock(user.id)
        if fresh is None or fresh.password != known or not fresh.is_active:
            raise WrongPasswordError  # it was changed, or they were deactivated, at this very moment
        fresh.password = newer
        _forgive(turn, attempt)
        return fresh, then(turn, fresh)


def _checked(passwords: Passwords, password: str, known: str | None) -> str | None:
    """Return the hash to keep where the password is right, made anew where that is due; None where it is wrong."""
    if not passwords.is_right(password, known) or known is None:
        return None
    return passwords.hash(password) if passwords.is_outdated(known) else known


def _subjects(attempt: Attempt) -> tuple[tuple[str, Allowance], ...]:
    """Return what failures are counted by, always in this order: the rows are locked in it."""
    return (_of_email(attempt.email), OF_EMAIL), (hash_secret(f"network {attempt.network}"), OF_NETWORK)


def _of_email(email: str) -> str:
    return hash_secret(f"email {email.strip().lower()}")


def _count(context: Context, attempt: Attempt) -> User | None:
    """Count an attempt and return the user it is about. Raises PausedError, and then nothing is counted."""
    with reading(context) as turn:
        _check_pauses(turn, attempt)  # a flood of attempts then does not hold up those who write
    with writing(context) as turn:
        _check_pauses(turn, attempt)
        for subject, allowance in _subjects(attempt):
            turn.work.users.note_failure(subject, turn.now, since=turn.now - allowance.memory)
        email = attempt.email.strip()
        return turn.work.users.by_email(email) if email.isprintable() else None


def _check_pauses(turn: Turn, attempt: Attempt) -> None:
    wait = NO_WAIT
    for subject, allowance in _subjects(attempt):
        failed = turn.work.users.failures(subject)
        if failed is not None:
            wait = max(wait, wait_left(*failed, allowance, turn.now))
    if wait > NO_WAIT:
        raise PausedError(wait)


def _forgive(turn: Turn, attempt: Attempt) -> None:
    """A right password clears its email; from an address many may guess, so there it is only not counted."""
    _take_back(turn, attempt)
    turn.work.users.forget_failures(_of_email(attempt.email))


def _take_back(turn: Turn, attempt: Attempt) -> None:
    for subject, _ in _subjects(attempt):
        turn.work.users.take_back_failure(subject)


def forget_failures(turn: Turn, user: User) -> None:
    """Let a user who was given a new password try it at once."""
    turn.work.users.forget_failures(_of_email(user.email))

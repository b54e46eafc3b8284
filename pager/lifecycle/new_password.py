"""What every new password has in common: it must be usable, the sessions from before end, the audit says so."""

from __future__ import annotations

from pager.domain.api_key import hash_secret
from pager.domain.password import password_problem
from pager.domain.user import User
from pager.lifecycle.access_ports import Passwords
from pager.lifecycle.note_user_change import note_user_change
from pager.lifecycle.turn import Turn


class UnusablePasswordError(Exception):
    """A password that may not be used: its text says why, and what would be right."""


def hash_new(passwords: Passwords, password: str, email: str) -> str:
    """Return the hash of a new password. Raises UnusablePasswordError, PasswordsBusyError."""
    if problem := password_problem(password, email):
        raise UnusablePasswordError(problem)
    return passwords.hash(password)


def replace_password(turn: Turn, user: User, hash_: str, how: str, *, session: str | None = None) -> None:
    """Give a locked user a new password; of their sessions only the one with the secret `session` goes on."""
    note_user_change(
        turn, user, user.email, {"password": "none yet" if user.password is None else "set"}, {"password": how}
    )
    user.password = hash_
    turn.work.users.end_sessions(user.id, turn.now, but=None if session is None else hash_secret(session))
    turn.work.users.void_links(user.id, turn.now)

"""Change one's own password, by proving the old one."""

from __future__ import annotations

from pager.domain.user import User
from pager.lifecycle.access_ports import Passwords
from pager.lifecycle.new_password import UnusablePasswordError, hash_new, replace_password
from pager.lifecycle.prove_password import Attempt, prove_password
from pager.lifecycle.turn import Context, Turn


def change_password(context: Context, passwords: Passwords, old: Attempt, new: str, *, session: str) -> None:
    """Replace the password that `old` proves, and end all sessions but the one with the secret `session`.

    Raises UnusablePasswordError, and whatever `prove_password` raises.
    """
    if new == old.password:
        raise UnusablePasswordError("The new password is the old one; take another.")
    hash_ = hash_new(passwords, new, old.email)

    def replace(turn: Turn, user: User) -> None:
        replace_password(turn, user, hash_, "changed", session=session)

    prove_password(context, passwords, old, replace)

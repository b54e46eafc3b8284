"""Sign in: a session begins, of which the browser holds the only copy of the secret."""

from __future__ import annotations

from pager.domain.api_key import hash_secret
from pager.domain.sign_in import TRACES_KEPT_FOR
from pager.domain.user import Session, User
from pager.lifecycle.access_ports import Passwords
from pager.lifecycle.prove_password import Attempt, prove_password
from pager.lifecycle.turn import Context, Turn


def sign_in(context: Context, passwords: Passwords, attempt: Attempt) -> tuple[User, str]:
    """Begin a session for the user whose password it is; return both, it by its secret. Raises as `prove_password`."""
    return prove_password(context, passwords, attempt, begin_session)


def begin_session(turn: Turn, user: User) -> str:
    """Begin a session and return its secret; what is long over is swept out on the way."""
    users = turn.work.users
    long_ago = turn.now - TRACES_KEPT_FOR
    users.forget_sessions(seen_before=long_ago)
    users.forget_old_failures(long_ago)
    secret = turn.context.make_token()
    users.add_session(Session(hash_secret(secret), user.id, begun_at=turn.now, seen_at=turn.now))
    return secret

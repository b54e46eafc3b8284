"""Sign out: the session ends, whoever may still hold its secret."""

from __future__ import annotations

from pager.domain.api_key import hash_secret
from pager.lifecycle.turn import Context, writing


def sign_out(context: Context, secret: str) -> None:
    """End the session with this secret, if there is one."""
    with writing(context) as turn:
        session = turn.work.users.session(hash_secret(secret))
        if session is not None and session.ended_at is None:
            session.ended_at = turn.now

"""Recognise who asks, by the secret of their session."""

from __future__ import annotations

from pager.domain.api_key import hash_secret
from pager.domain.sign_in import SEEN_EVERY, is_running
from pager.domain.user import Session, User
from pager.lifecycle.turn import Context, Turn, reading, writing


def recognise(context: Context, secret: str) -> User | None:
    """Return the user of a session that is still running, None where there is none; that it was used is noted."""
    hash_ = hash_secret(secret)
    with reading(context) as turn:
        found = _running(turn, hash_)
    if found is not None and turn.now - found[1].seen_at >= SEEN_EVERY:
        with writing(context) as turn:
            found = _running(turn, hash_)  # it may have ended in the meantime
            if found is not None:
                found[1].seen_at = turn.now
    return None if found is None else found[0]


def _running(turn: Turn, hash_: str) -> tuple[User, Session] | None:
    session = turn.work.users.session(hash_)
    if session is None or not is_running(session, turn.now):
        return None
    user = turn.work.users.find(session.user_id)
    return (user, session) if user is not None and user.is_active else None

"""Recognise who asks, by the secret of their session."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from datetime import datetime

from pager.domain.api_key import hash_secret
from pager.domain.sign_in import ENDS_SOON, SEEN_EVERY, ends_at, is_running
from pager.domain.user import Session, User
from pager.lifecycle.ports import StoreUnavailableError
from pager.lifecycle.turn import Context, Turn, reading, writing

log = logging.getLogger(__name__)
_noting = threading.Lock()


@dataclass(frozen=True)
class Visit:
    """Who asks; `ends_at` is when their session ends, None while that is not soon."""

    user: User
    ends_at: datetime | None


def recognise(context: Context, secret: str) -> Visit | None:
    """Return the visit of a session that is still running, None where there is none; that it was used is noted.

    Raises StoreUnavailableError where nothing can be read. Where nothing can be written people are known all the same:
    that is when they must see most what goes on.
    """
    hash_ = hash_secret(secret)
    with reading(context) as turn:
        found = _running(turn, hash_)
    if found is None:
        return None
    # One at a time: while the database takes nothing, a note may wait for seconds, and so would every other request.
    if turn.now - found[1].seen_at >= SEEN_EVERY and _noting.acquire(blocking=False):
        try:
            _note(context, hash_)
        except StoreUnavailableError as error:
            log.warning("that a session is in use could not be noted: %s", error)
        finally:
            _noting.release()
    user, session = found
    end = ends_at(session)
    return Visit(user, end if end - turn.now <= ENDS_SOON else None)


def _note(context: Context, hash_: str) -> None:
    with writing(context) as turn:
        found = _running(turn, hash_)  # it may have ended in the meantime
        if found is not None:
            found[1].seen_at = turn.now


def _running(turn: Turn, hash_: str) -> tuple[User, Session] | None:
    session = turn.work.users.session(hash_)
    if session is None or not is_running(session, turn.now):
        return None
    user = turn.work.users.find(session.user_id)
    return (user, session) if user is not None and user.is_active else None

"""Let a user set a password by a one-time link: an administrator makes it, they open it, within a day."""

from __future__ import annotations

from pager.domain.api_key import hash_secret
from pager.domain.sign_in import LINK_LASTS, is_usable
from pager.domain.user import ResetLink, User
from pager.lifecycle.access_ports import Passwords
from pager.lifecycle.new_password import hash_new, replace_password
from pager.lifecycle.note_user_change import note_user_change
from pager.lifecycle.prove_password import forget_failures
from pager.lifecycle.turn import Context, Turn, reading, writing


class LinkError(Exception):
    """A link that sets no password: it was used, has run out, was replaced by a newer one, or never was."""


def reset_password(context: Context, user_id: int, by: str) -> str:
    """Return the secret of a new link; the password from before goes on until it is used. `by`: see AuditEntry.

    Raises LinkError for a user who is not there or not active.
    """
    with writing(context) as turn:
        user = turn.work.users.lock(user_id)
        if user is None or not user.is_active:
            raise LinkError
        note_user_change(turn, user, by, {"link": "none"}, {"link": "made"})
        return make_link(turn, user)


def make_link(turn: Turn, user: User) -> str:
    """Make a link for a locked user, which voids the ones before, and return its secret."""
    turn.work.users.void_links(user.id, turn.now)
    secret = turn.context.make_token()
    turn.work.users.add_link(ResetLink(hash_secret(secret), user.id, turn.now, turn.now + LINK_LASTS))
    return secret


def user_of_link(context: Context, secret: str) -> User:
    """Return whose password may be set by a link. Raises LinkError."""
    with reading(context) as turn:
        link = _usable_link(turn, secret)
        return turn.work.users.get(link.user_id)


def set_password(context: Context, passwords: Passwords, secret: str, password: str) -> User:
    """Set the password of the link's user, and end all of their sessions.

    Raises LinkError, UnusablePasswordError, PasswordsBusyError.
    """
    known = user_of_link(context, secret)
    hash_ = hash_new(passwords, password, known.email)
    with writing(context) as turn:
        user = turn.work.users.lock(known.id)
        _usable_link(turn, secret)  # of two at once, one was first
        if user is None:
            raise LinkError
        replace_password(turn, user, hash_, "set by a link")
        forget_failures(turn, user)
        return user


def _usable_link(turn: Turn, secret: str) -> ResetLink:
    link = turn.work.users.link(hash_secret(secret))
    if link is None or not is_usable(link, turn.now):
        raise LinkError
    return link

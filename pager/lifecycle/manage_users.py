"""Administer users: create them, change what they may do, let them go, take them back. An admin can always sign in."""

from __future__ import annotations

from dataclasses import dataclass

from pager.domain.user import Role, User
from pager.lifecycle.note_user_change import note_user_change, told
from pager.lifecycle.ports import StoreConflictError
from pager.lifecycle.reset_password import make_link
from pager.lifecycle.turn import Context, Turn, writing


class UserRefusedError(Exception):
    """A user cannot be made or changed so: the text says what would be right, `field` which of the fields is wrong."""

    def __init__(self, text: str, field: str | None = None) -> None:
        super().__init__(text)
        self.field = field


@dataclass(frozen=True)
class Rights:
    """What a user may do, and the number to which warnings go, as it was written."""

    role: Role
    agency: str | None = None
    sms: str | None = None


def create_user(
    context: Context, email: str, rights: Rights, by: str, *, password: str | None = None
) -> tuple[User, str | None]:
    """Make a user, with the hash of a password or, without, with a one-time link whose secret is returned.

    Raises UserRefusedError.
    """
    taken = UserRefusedError(f"There is a user {email} already.", "email")
    try:
        with writing(context) as turn:
            if turn.work.users.by_email(email):
                raise taken
            sms = _checked(turn, rights)
            user = User(email, rights.role, turn.now, agency=rights.agency, password=password, sms=sms)
            turn.work.users.add(user)
            turn.work.flush()
            note_user_change(turn, user, by, {}, told(user))
            return user, make_link(turn, user) if password is None else None
    except StoreConflictError:
        raise taken from None


def change_user(context: Context, user_id: int, rights: Rights, by: str) -> User:
    """Give a user other rights, from their next request on. Raises UserRefusedError, KeyError."""
    with writing(context) as turn:
        user = _lock(turn, user_id)
        before = told(user)
        sms = _checked(turn, rights)
        if rights.role is not Role.ADMIN:
            _keep_an_admin(turn, user, "role")
        user.role, user.agency, user.sms = rights.role, rights.agency, sms
        note_user_change(turn, user, by, before, told(user))
        return user


def deactivate_user(context: Context, user_id: int, by: str) -> User:
    """Let a user in no more: sessions end and links are void at once. Raises UserRefusedError, KeyError."""
    with writing(context) as turn:
        user = _lock(turn, user_id)
        before = told(user)
        _keep_an_admin(turn, user, None)
        user.is_active = False
        turn.work.users.end_sessions(user.id, turn.now)
        turn.work.users.void_links(user.id, turn.now)
        note_user_change(turn, user, by, before, told(user))
        return user


def reactivate_user(context: Context, user_id: int, by: str) -> User:
    """Let a user in again, with the password from before. Raises KeyError."""
    with writing(context) as turn:
        user = _lock(turn, user_id)
        before = told(user)
        user.is_active = True
        note_user_change(turn, user, by, before, told(user))
        return user


def _lock(turn: Turn, user_id: int) -> User:
    """Lock the administrators, then the user: always in this order. Raises KeyError for no such user."""
    turn.work.users.lock_admins()
    user = turn.work.users.lock(user_id)
    if user is None:
        raise KeyError(user_id)
    return user


def _keep_an_admin(turn: Turn, user: User, field: str | None) -> None:
    if [admin.id for admin in turn.work.users.lock_admins()] == [user.id]:
        raise UserRefusedError(
            f"{user.email} is the last active administrator with a password; let another one set theirs first, or "
            "nobody can administer.",
            field,
        )


def _checked(turn: Turn, rights: Rights) -> str | None:
    """Return the number in E.164. Raises UserRefusedError where the rights cannot be given."""
    if rights.role is not Role.AGENCY_ADMIN and rights.agency is not None:
        raise UserRefusedError("An agency is for agency administrators only; leave it out.", "agency")
    if rights.role is Role.AGENCY_ADMIN and rights.agency is None:
        raise UserRefusedError("An agency administrator needs an agency.", "agency")
    if rights.agency is not None and turn.work.directory.find_agency(rights.agency) is None:
        raise UserRefusedError(f"There is no agency {rights.agency}.", "agency")
    if rights.sms is None:
        return None
    number = turn.context.read_number(rights.sms)
    if number is None or number.extension:
        raise UserRefusedError("This is no number for SMS; write it like 213-555-0100.", "sms")
    return number.e164

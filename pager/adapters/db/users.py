"""Users, their sessions, the links by which they set a password, and failed sign-ins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session as SqlSession

from pager.adapters.db.access_tables import reset_links, sessions, sign_in_failures, users
from pager.domain.user import ResetLink, Role, Session, User


class SqlUsers:
    """Everything about who signs in. Only hashes of secrets come here."""

    def __init__(self, session: SqlSession) -> None:
        self._session = session

    def add(self, user: User) -> None:
        self._session.add(user)

    def get(self, user_id: int) -> User:
        return self._session.get_one(User, user_id)

    def find(self, user_id: int) -> User | None:
        return self._session.get(User, user_id)

    def lock(self, user_id: int) -> User | None:
        return self._session.get(User, user_id, with_for_update=True)

    def lock_admins(self) -> Sequence[User]:
        """Return the active administrators who have a password; nobody else can change one of them in the meantime."""
        return self._session.scalars(
            select(User)
            .where(users.c.role == Role.ADMIN, users.c.is_active, users.c.password.is_not(None))
            .order_by(users.c.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).all()

    def by_email(self, email: str) -> User | None:
        return self._session.scalar(select(User).where(users.c.email == email.lower()))

    def all(self) -> Sequence[User]:
        return self._session.scalars(select(User).order_by(users.c.email)).all()

    def add_session(self, session: Session) -> None:
        self._session.add(session)

    def session(self, hash_: str) -> Session | None:
        return self._session.get(Session, hash_)

    def end_sessions(self, user_id: int, now: datetime, *, but: str | None = None) -> None:
        """End a user's sessions, all of them or all but the one with the hash `but`."""
        self._session.execute(
            update(sessions)
            .where(sessions.c.user_id == user_id, sessions.c.ended_at.is_(None), sessions.c.hash != (but or ""))
            .values(ended_at=now)
        )

    def forget_sessions(self, *, seen_before: datetime) -> None:
        self._session.execute(delete(sessions).where(sessions.c.seen_at < seen_before))

    def add_link(self, link: ResetLink) -> None:
        self._session.add(link)

    def link(self, hash_: str) -> ResetLink | None:
        return self._session.get(ResetLink, hash_, with_for_update=True)

    def void_links(self, user_id: int, now: datetime) -> None:
        """Make a user's unused links useless."""
        self._session.execute(
            update(reset_links)
            .where(reset_links.c.user_id == user_id, reset_links.c.used_at.is_(None))
            .values(used_at=now)
        )

    def failures(self, subject: str) -> tuple[int, datetime] | None:
        """Return how many sign-ins in a row failed, and when the last one did; to count on, so the row is locked."""
        row = self._session.execute(
            select(sign_in_failures).where(sign_in_failures.c.subject == subject).with_for_update()
        ).first()
        return None if row is None else (row.times, row.last_at)

    def note_failure(self, subject: str, now: datetime, *, since: datetime) -> None:
        """Count one more failure; what failed before `since` is forgotten."""
        dialect = postgresql if self._session.get_bind().dialect.name == "postgresql" else sqlite
        times = case((sign_in_failures.c.last_at < since, 1), else_=sign_in_failures.c.times + 1)
        self._session.execute(
            dialect.insert(sign_in_failures)
            .values(subject=subject, times=1, last_at=now)
            .on_conflict_do_update(index_elements=["subject"], set_={"times": times, "last_at": now})
        )

    def take_back_failure(self, subject: str, noted_at: datetime, last_before: datetime | None) -> None:
        """Uncount one that was none, and where none came after it, let the one before be the last again."""
        last_at = sign_in_failures.c.last_at
        self._session.execute(
            update(sign_in_failures)
            .where(sign_in_failures.c.subject == subject, sign_in_failures.c.times > 0)
            .values(
                times=sign_in_failures.c.times - 1,
                last_at=case((last_at == noted_at, last_before or noted_at), else_=last_at),
            )
        )

    def forget_failures(self, subject: str) -> None:
        self._session.execute(delete(sign_in_failures).where(sign_in_failures.c.subject == subject))

    def forget_old_failures(self, before: datetime) -> None:
        self._session.execute(delete(sign_in_failures).where(sign_in_failures.c.last_at < before))

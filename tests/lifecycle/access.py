"""People who sign in, on a world's database."""

from __future__ import annotations

from dataclasses import dataclass, field

from pager.domain.audit import AuditEntry
from pager.domain.user import Role, User
from pager.lifecycle.change_password import change_password
from pager.lifecycle.manage_users import Rights, create_user
from pager.lifecycle.prove_password import Attempt
from pager.lifecycle.recognise import recognise
from pager.lifecycle.sign_in import sign_in
from pager.lifecycle.turn import reading
from tests.passwords import GOOD, FakePasswords
from tests.world import World

ADMIN = "admin@county.example"
ANA = "ana@county.example"
HERE = "192.0.2.7"


@dataclass
class Door:
    """Where users come in: each has the password GOOD."""

    world: World
    passwords: FakePasswords = field(default_factory=FakePasswords)

    def add(self, email: str = ANA, role: Role = Role.DISPATCHER, agency: str | None = None) -> User:
        hash_ = self.passwords.hash(GOOD)
        return create_user(self.world.context, email, Rights(role, agency), ADMIN, password=hash_)[0]

    def sign_in(self, email: str = ANA, password: str = GOOD, network: str = HERE) -> str:
        return sign_in(self.world.context, self.passwords, Attempt(email, password, network))[1]

    def change(self, old: str, new: str, session: str) -> None:
        change_password(self.world.context, self.passwords, Attempt(ANA, old, HERE), new, session=session)

    def who(self, secret: str) -> str | None:
        visit = recognise(self.world.context, secret)
        return None if visit is None else visit.user.email

    def user(self, email: str = ANA) -> User:
        with reading(self.world.context) as turn:
            user = turn.work.users.by_email(email)
            assert user is not None
            return user

    def audit(self) -> list[AuditEntry]:
        """Return what was noted of users, newest first."""
        with reading(self.world.context) as turn:
            return [
                entry
                for _, entry in turn.work.audit.listing(agency=None, before=None, limit=100)
                if entry.what == "user"
            ]

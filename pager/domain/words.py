"""Who may read what people wrote freely: a note, a reason, an answer that is none."""

from __future__ import annotations

from pager.domain.api_key import ApiKey, Scope
from pager.domain.user import Role, User


def may_see_words(who: ApiKey | User) -> bool:
    """Tell whether somebody works with encounters; who only looks at them sees no free words."""
    if isinstance(who, User):
        return who.role in (Role.ADMIN, Role.DISPATCHER)
    return who.may(Scope.TRIGGER)

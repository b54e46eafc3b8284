"""Put a change to a user into the audit: only what differs, and never a password, a hash or a link's secret."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pager.domain.audit import AuditEntry, differing
from pager.domain.user import User
from pager.lifecycle.turn import Turn

USER = "user"


def note_user_change(turn: Turn, user: User, by: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Note what of a user differs between `before` and `after`, by whom; nothing where nothing does."""
    old, new = differing(before, after)
    if not old and not new:
        return
    agency = after.get("agency") or before.get("agency") or user.agency
    turn.work.audit.add(AuditEntry(turn.now, by, USER, user.email, agency, old, new))


def told(user: User) -> dict[str, Any]:
    """Return what of a user the audit tells."""
    return {"role": user.role.value, "agency": user.agency, "sms": user.sms, "active": user.is_active}

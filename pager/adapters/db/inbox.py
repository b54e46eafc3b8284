"""What the carrier told us: each event once, under the carrier's own id.

Until it is handled its form is kept sealed: it holds what somebody wrote, and their number. Then nothing of it stays.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from pager.adapters.db import tables
from pager.adapters.sealing import Sealer, UnreadableError

SEALED = "sealed"  # the one field of a sealed form


class SqlInbox:
    """Events of the carrier. Only a handled copy makes another a duplicate."""

    def __init__(self, session: Session, sealer: Sealer) -> None:
        self._session, self._sealer = session, sealer

    def take(self, carrier_id: str, kind: str, form: Mapping[str, str], now: datetime) -> bool:
        """Keep an event; return False where it was handled before. Two at once: the second conflicts and is retried."""
        inbox = tables.inbox
        known = self._session.execute(select(inbox.c.handled_at).where(inbox.c.carrier_id == carrier_id)).first()
        if known is None:
            self._session.execute(
                insert(inbox),
                {
                    "carrier_id": carrier_id,
                    "kind": kind,
                    "form": sealed_form(self._sealer, form),
                    "received_at": now,
                    "due_at": now,
                },
            )
        return known is None or known.handled_at is None

    def known(self, carrier_ids: Collection[str]) -> frozenset[str]:
        """Return which of these have come already."""
        inbox = tables.inbox.c
        return frozenset(self._session.scalars(select(inbox.carrier_id).where(inbox.carrier_id.in_(carrier_ids))))

    def mark_handled(self, carrier_id: str, now: datetime) -> None:
        inbox = tables.inbox
        done: dict[str, Any] = {"handled_at": now, "due_at": None, "form": {}}
        self._session.execute(update(inbox).where(inbox.c.carrier_id == carrier_id).values(done))

    def unhandled(self, now: datetime, limit: int) -> Sequence[tuple[str, str, Mapping[str, str] | None]]:
        """Return id, kind and form of what could not be handled when it came and is to be tried again.

        The form is None where it cannot be read: this process lacks its key.
        """
        inbox = tables.inbox.c
        rows = self._session.execute(
            select(inbox.carrier_id, inbox.kind, inbox.form)
            .where(inbox.due_at <= now)
            .order_by(inbox.due_at)
            .limit(limit)
        )
        return [(row.carrier_id, row.kind, self._opened(row.form)) for row in rows]

    def postpone(self, carrier_id: str, until: datetime) -> None:
        inbox = tables.inbox
        self._session.execute(update(inbox).where(inbox.c.carrier_id == carrier_id).values(due_at=until))

    def _opened(self, kept: Mapping[str, str]) -> Mapping[str, str] | None:
        if SEALED not in kept:
            return kept
        try:
            form: dict[str, str] = json.loads(self._sealer.open(kept[SEALED]))
        except UnreadableError:
            return None
        return form


def sealed_form(sealer: Sealer, form: Mapping[str, str]) -> dict[str, str]:
    """Return a form sealed; without a key as it is, since an answer must not be lost."""
    sealed = sealer.seal(json.dumps(dict(form)))
    return dict(form) if sealed is None else {SEALED: sealed}

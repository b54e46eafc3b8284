"""Keys of the API, and idempotency keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session

from pager.adapters.db import access_tables
from pager.domain.api_key import ApiKey


class SqlKeys:
    """API keys by their hash; idempotency keys by the API key that they belong to."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, key: ApiKey) -> None:
        self._session.add(key)

    def by_hash(self, hash_: str) -> ApiKey | None:
        keys = access_tables.api_keys.c
        return self._session.scalar(select(ApiKey).where(keys.hash == hash_, keys.revoked_at.is_(None)))

    def by_name(self, name: str) -> ApiKey | None:
        return self._session.scalar(select(ApiKey).where(access_tables.api_keys.c.name == name))

    def lock(self, name: str) -> ApiKey | None:
        """Return a key, locked: whoever revokes it at the same time comes after us."""
        named = access_tables.api_keys.c.name == name
        return self._session.scalar(select(ApiKey).where(named).with_for_update())

    def all(self) -> Sequence[ApiKey]:
        return self._session.scalars(select(ApiKey).order_by(access_tables.api_keys.c.name)).all()

    def note_uses(self, uses: Mapping[int, datetime]) -> None:
        """Keep when each key, by its id, was used last; another process may have seen a later use."""
        keys = access_tables.api_keys
        for key_id, at in sorted(uses.items()):  # in order, so that two processes never wait for each other
            is_later = or_(keys.c.last_used_at.is_(None), keys.c.last_used_at < at)
            self._session.execute(update(keys).where(keys.c.id == key_id, is_later).values(last_used_at=at))

    def remember(
        self, api_key_id: int, key: str, body_hash: str, encounter_id: int, now: datetime, *, since: datetime
    ) -> None:
        """Keep which encounter this key opened. One of the same name that is not after `since` gives way."""
        table = access_tables.idempotency_keys
        self._session.execute(
            delete(table).where(table.c.api_key_id == api_key_id, table.c.key == key, table.c.created_at <= since)
        )
        self._session.execute(
            insert(table),
            {
                "api_key_id": api_key_id,
                "key": key,
                "body_hash": body_hash,
                "encounter_id": encounter_id,
                "created_at": now,
            },
        )

    def recall(self, api_key_id: int, key: str, since: datetime) -> tuple[str, int] | None:
        """Return the body's hash and the encounter of a key used after `since`."""
        table = access_tables.idempotency_keys
        row = self._session.execute(
            select(table.c.body_hash, table.c.encounter_id).where(
                table.c.api_key_id == api_key_id, table.c.key == key, table.c.created_at > since
            )
        ).first()
        return None if row is None else (row.body_hash, row.encounter_id)

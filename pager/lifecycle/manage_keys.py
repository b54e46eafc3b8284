"""Make and revoke keys of the API; the audit says by whom."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from pager.domain.api_key import ApiKey, Scope
from pager.domain.audit import AuditEntry
from pager.lifecycle.ports import StoreConflictError
from pager.lifecycle.turn import Context, Turn, writing

KEY = "key"


class KeyExistsError(Exception):
    """There is a key of this name already, in use or revoked."""


class UnknownStationError(Exception):
    """`station` is none of the active ones, `known`."""

    def __init__(self, station: str, known: Collection[str]) -> None:
        super().__init__(station)
        self.station, self.known = station, known


def create_key(context: Context, name: str, scope: Scope, stations: frozenset[str], hash_: str, by: str) -> ApiKey:
    """Make a key whose secret has this hash, for these active stations, or with none for all.

    Raises KeyExistsError, UnknownStationError.
    """
    try:
        with writing(context) as turn:
            if turn.work.keys.by_name(name):
                raise KeyExistsError(name)
            _check(turn, stations)
            key = ApiKey(name, scope.value, stations, hash_, turn.now)
            turn.work.keys.add(key)
            _note(turn, name, by, before={}, after={"scope": key.scope, "stations": sorted(stations)})
            return key
    except StoreConflictError:
        raise KeyExistsError(name) from None


def revoke_key(context: Context, name: str, by: str) -> ApiKey:
    """Let a key in no more, in any process, from the next request on; one that is revoked stays as it is.

    Raises KeyError.
    """
    with writing(context) as turn:
        key = turn.work.keys.lock(name)
        if key is None:
            raise KeyError(name)
        if key.revoked_at is None:
            key.revoked_at = turn.now
            _note(turn, name, by, before={"revoked": False}, after={"revoked": True})
        return key


def _check(turn: Turn, stations: frozenset[str]) -> None:
    known = [station.code for station in turn.work.directory.stations() if station.is_active]
    for station in sorted(stations.difference(known)):
        raise UnknownStationError(station, known)


def _note(turn: Turn, name: str, by: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    turn.work.audit.add(AuditEntry(turn.now, by, KEY, name, None, before, after))

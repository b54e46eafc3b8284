"""Who may use an operation: keys of the API, sent as `Authorization: Bearer KEY`."""

from __future__ import annotations

from dataclasses import replace

from flask import g, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden, Unauthorized

from pager.domain.api_key import ApiKey, hash_secret
from pager.domain.authority import SCOPES, Deed, may, may_to
from pager.lifecycle.turn import Context, reading


def sent_secret() -> str | None:
    """Return the secret of the key that the request carries, valid or not, None where there is none."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() or None if scheme.lower() == "bearer" else None


def find_key(context: Context) -> ApiKey | None:
    """Return the valid key that the request carries, None where there is none."""
    secret = sent_secret()
    if secret is None:
        return None
    with reading(context) as turn:
        return turn.work.keys.by_hash(hash_secret(secret))


def acting(context: Context) -> Context:
    """Return the context in which the key acts: what it causes is recorded as caused by it."""
    return replace(context, by=f"key {current_key().name}")


def require_key(context: Context, deed: Deed) -> None:
    """Let the request go on as `current_key`, which may do `deed` at all. Raises Unauthorized, Forbidden."""
    key = find_key(context)
    if key is None:
        raise Unauthorized(
            "No valid key: send it as Authorization: Bearer KEY.", www_authenticate=WWWAuthenticate("bearer")
        )
    if not may(key, deed):
        raise Forbidden(f"The scope of this key is {key.scope}; {' or '.join(SCOPES[deed])} is needed.")
    g.api_key = key


def current_key() -> ApiKey:
    """Return the key by which the request was let in."""
    key: ApiKey = g.api_key
    return key


def require_station(deed: Deed, station: str) -> None:
    """Raise Forbidden where the key was made for other stations."""
    key = current_key()
    if not may_to(key, deed, stations=[station]):
        raise Forbidden(f"This key is for {', '.join(sorted(key.stations))} only.")

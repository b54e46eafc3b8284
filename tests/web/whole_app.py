"""The web applications as the commands serve them, whole, and their routes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from pager.adapters.db.session import SqlStore
from pager.adapters.directory_file import read_directory
from pager.adapters.web.authority import Authority, authority_of
from pager.app import create_web, make_carrier, make_context, open_store
from pager.config import Settings
from pager.domain.api_key import ApiKey, Scope, hash_secret
from pager.domain.user import Role, User
from pager.lifecycle.load import load
from pager.lifecycle.sign_in import begin_session
from pager.lifecycle.turn import Context, writing
from tests.clock import FakeClock
from tests.world import ACCOUNT, COUNTY, OURS

FALLBACK = "Telephone the agencies by the printed list."
# Each key's secret is its name; the last two are of one station each.
KEYS = {
    "trigger": (Scope.TRIGGER, frozenset[str]()),
    "read": (Scope.READ, frozenset[str]()),
    "admin": (Scope.ADMIN, frozenset[str]()),
    "compton": (Scope.TRIGGER, frozenset(["compton"])),
    "lancaster": (Scope.ADMIN, frozenset(["lancaster"])),
}


def settings_for(url: str, **more: object) -> Settings:
    """Return settings with which `pager serve` would start."""
    given: dict[str, object] = {
        "secret_key": "secret",
        "account_sid": ACCOUNT.sid,
        "auth_token": ACCOUNT.token,
        "senders": (OURS,),
        "fallback_text": FALLBACK,
    }
    return Settings(database_url=url, **{**given, **more})  # type: ignore[arg-type]  # each is of its setting's type


@dataclass
class Whole:
    """One application and what stands behind it."""

    app: Flask
    store: SqlStore
    context: Context
    clock: FakeClock


def rules_of(app: Flask) -> Iterator[tuple[str, str, Authority | None]]:
    """Yield method, an address and who may use it, for every route and every method that somebody wrote."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, address(rule), authority_of(app, rule.endpoint)


def address(rule: Rule) -> str:
    """Return an address that a route answers to, with something in the place of each variable; an agency is dcfs."""
    rest = rule.rule.replace("/agencies/<code>", "/agencies/dcfs")
    return re.sub(r"<.*?>", "x", re.sub(r"<int.*?>", "1", rest))


def sign_in_as(whole: Whole, role: Role) -> FlaskClient:
    """Return a browser in which a user of this role has just signed in."""
    email = f"{role}@example.org"
    with writing(whole.context) as turn:
        user = turn.work.users.by_email(email)
        if user is None:
            agency = "dcfs" if role is Role.AGENCY_ADMIN else None
            user = User(email, role, turn.now, agency, password="of no use to anybody")
            turn.work.users.add(user)
            turn.work.flush()
        secret = begin_session(turn, user)
    client = whole.app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = secret
    return client


def serve_app(url: str, *, listens_on: Sequence[str] = (), **settings: object) -> Whole:
    """Return what `pager serve` serves, with the county and keys of every kind; nothing is sent."""
    chosen = settings_for(url, **settings)
    store, clock = open_store(chosen), FakeClock()
    context = make_context(chosen, store, clock)
    names = context.policies.names()
    county = read_directory(COUNTY, region="US", timezone="America/Los_Angeles", policies=names, now=clock.now())
    load(context, county)
    add_keys(context)
    app = create_web(chosen, context, store, make_carrier(chosen), listens_on=listens_on)
    return Whole(app, store, context, clock)


def add_keys(context: Context) -> None:
    with writing(context) as turn:
        for name, (scope, stations) in KEYS.items():
            turn.work.keys.add(ApiKey(name, scope.value, stations, hash_secret(name), turn.now))

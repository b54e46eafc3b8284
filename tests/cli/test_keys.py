"""`pager key …`: a secret shown once and kept as a hash, listed and revoked."""

from __future__ import annotations

from datetime import UTC, datetime

from pager.adapters.db.session import SqlStore
from pager.domain.api_key import Scope, hash_secret
from tests.cli.conftest import COUNTY, Pager


def test_the_key_stands_alone_on_the_last_line_and_works(pager_on: Pager, sqlite_store: SqlStore) -> None:
    pager_on("load", COUNTY)
    stations = ("--station", "compton", "--station", "century")
    secret = pager_on("key", "create", "cad", "--scope", "trigger", *stations).stdout.splitlines()[-1]
    assert secret.startswith("pager_")
    with sqlite_store.reading() as work:
        key = work.keys.by_hash(hash_secret(secret))
    assert key is not None
    assert (key.name, key.stations) == ("cad", frozenset({"compton", "century"}))
    assert key.scope == Scope.TRIGGER


def test_the_secret_itself_is_kept_nowhere(pager_on: Pager, sqlite_store: SqlStore) -> None:
    secret = pager_on("key", "create", "cad", "--scope", "admin").stdout.splitlines()[-1]
    with sqlite_store.reading() as work:
        key = work.keys.by_name("cad")
    assert secret not in str(vars(key))


def test_two_keys_are_never_the_same(pager_on: Pager) -> None:
    assert len({pager_on("key", "create", n, "--scope", "read").stdout.splitlines()[-1] for n in range(3)}) == 3


def test_a_name_is_taken_once(pager_on: Pager) -> None:
    pager_on("key", "create", "cad", "--scope", "read")
    result = pager_on("key", "create", "cad", "--scope", "admin", exit_code=1)
    assert result.stderr == "There is a key called cad already; take another name.\n"
    assert result.stdout == ""


def test_an_unknown_station_makes_no_key(pager_on: Pager) -> None:
    pager_on("load", COUNTY)
    arguments = ("key", "create", "cad", "--scope", "read", "--station")
    assert "compon is unknown; did you mean compton?" in pager_on(*arguments, "compon", exit_code=2).stderr
    pager_on(*arguments, "compton")


def test_a_scope_and_a_usable_name_are_required(pager_on: Pager) -> None:
    assert "Missing option '--scope'" in pager_on("key", "create", "cad", exit_code=2).stderr
    assert "one line of 1 to 100" in pager_on("key", "create", " ", "--scope", "read", exit_code=2).stderr


def audit_of(store: SqlStore) -> list[tuple[str, str, str, object, object]]:
    with store.reading() as work:
        found = [entry for _, entry in work.audit.listing(agency=None, before=None, limit=50)]
    return [(one.by, one.what, one.name, one.before, one.after) for one in reversed(found)]


def test_no_key_yet_is_said_with_the_way_to_one(pager_on: Pager) -> None:
    assert "pager key create NAME" in pager_on("key", "list", exit_code=1).stderr


def test_lists_scope_stations_and_when_each_was_used_last(pager_on: Pager, sqlite_store: SqlStore) -> None:
    pager_on("load", COUNTY)
    pager_on("key", "create", "cad", "--scope", "trigger", "--station", "compton", "--station", "century")
    pager_on("key", "create", "audit", "--scope", "read")
    with sqlite_store.writing() as work:
        key = work.keys.by_name("cad")
        assert key is not None
        key.created_at = key.last_used_at = datetime(2026, 1, 5, 20, tzinfo=UTC)
    header, audit, cad = pager_on("key", "list").stdout.splitlines()
    assert header.split() == ["NAME", "SCOPE", "STATIONS", "CREATED", "LAST", "USED", "REVOKED"]
    assert cad.split() == ["cad", "trigger", "century,compton", "2026-01-05", "12:00", "2026-01-05", "12:00"]
    assert ("every" in audit, "never" in audit) == (True, True)


def test_a_revoked_key_lets_nobody_in_and_is_listed(pager_on: Pager, sqlite_store: SqlStore) -> None:
    secret = pager_on("key", "create", "cad", "--scope", "admin").stdout.splitlines()[-1]
    assert pager_on("key", "revoke", "cad").stdout.startswith("cad is revoked since 2")
    with sqlite_store.reading() as work:
        assert work.keys.by_hash(hash_secret(secret)) is None
        key = work.keys.by_name("cad")
    assert key is not None
    assert key.revoked_at is not None
    assert pager_on("key", "list").stdout.splitlines()[-1].split()[:3] == ["cad", "admin", "every"]


def test_the_audit_says_who_made_and_revoked_a_key_once(pager_on: Pager, sqlite_store: SqlStore) -> None:
    secret = pager_on("key", "create", "cad", "--scope", "read").stdout.splitlines()[-1]
    for _ in range(2):
        pager_on("key", "revoke", "cad")
    assert audit_of(sqlite_store) == [
        ("pager key create", "key", "cad", {}, {"scope": "read", "stations": []}),
        ("pager key revoke", "key", "cad", {"revoked": False}, {"revoked": True}),
    ]
    assert hash_secret(secret) not in str(audit_of(sqlite_store))


def test_an_unknown_key_is_not_revoked(pager_on: Pager) -> None:
    pager_on("key", "create", "cad", "--scope", "read")
    assert "cda is unknown; did you mean cad?" in pager_on("key", "revoke", "cda", exit_code=2).stderr


def test_where_there_is_no_key_none_is_revoked_and_that_is_said(pager_on: Pager) -> None:
    result = pager_on("key", "revoke", "nope", exit_code=2)
    assert "nope is unknown; there is no key yet" in result.stderr
    assert "directory" not in result.stderr


def test_the_name_of_a_revoked_key_stays_taken(pager_on: Pager) -> None:
    pager_on("key", "create", "cad", "--scope", "read")
    pager_on("key", "revoke", "cad")
    assert "already" in pager_on("key", "create", "cad", "--scope", "read", exit_code=1).stderr

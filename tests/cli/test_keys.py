"""`pager key create`: a secret shown once and kept as a hash."""

from __future__ import annotations

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

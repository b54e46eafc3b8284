"""`pager secrets`: keys are made and changed, and what cannot be read is named without being told."""

from __future__ import annotations

from importlib import import_module

import pytest
from sqlalchemy import text

from pager.adapters.db.session import SqlStore
from pager.adapters.sealing import new_key
from pager.config import read_settings
from tests.cli.conftest import COUNTY, SECRET_KEY, Pager

TRIGGER = ("trigger", "--station", "compton", "--callback", "310-555-0100", "--note")
OLD, NEW = new_key(), new_key()


def open_encounter(pager_on: Pager, note: str, keys: str = "", secret: str = "") -> str:
    """Open an encounter with a note and return its reference."""
    return pager_on(*TRIGGER, note, PAGER_ENCRYPTION_KEYS=keys, PAGER_SECRET_KEY=secret).stdout.split()[0]


def kept(store: SqlStore) -> list[str]:
    with store.engine.connect() as connection:
        return list(connection.scalars(text("SELECT text FROM words ORDER BY encounter_id")))


def test_a_new_key_can_be_set(pager: Pager) -> None:
    key = pager("secrets", "new").stdout.strip()
    assert read_settings({"PAGER_ENCRYPTION_KEYS": key}).encryption_keys == (key,)
    assert pager("secrets", "new").stdout.strip() != key


def test_everything_is_sealed_anew_once(pager_on: Pager, sqlite_store: SqlStore) -> None:
    pager_on("load", COUNTY)
    open_encounter(pager_on, "side door", OLD)
    open_encounter(pager_on, "back door", secret=SECRET_KEY)
    before = kept(sqlite_store)
    done = pager_on("secrets", "rotate", PAGER_ENCRYPTION_KEYS=f"{NEW},{OLD}", PAGER_SECRET_KEY=SECRET_KEY)
    assert done.stdout == "Encrypted anew: 2.\n"
    assert not set(before) & set(kept(sqlite_store))
    assert pager_on("secrets", "rotate", PAGER_ENCRYPTION_KEYS=NEW).stdout == "Encrypted anew: 0.\n"


def test_goes_through_all_of_them_some_at_a_time(pager_on: Pager, monkeypatch: pytest.MonkeyPatch) -> None:
    pager_on("load", COUNTY)
    for _ in range(3):
        open_encounter(pager_on, "side door", OLD)
    monkeypatch.setattr(import_module("pager.cli.secrets"), "AT_A_TIME", 1)
    assert "anew: 3." in pager_on("secrets", "rotate", PAGER_ENCRYPTION_KEYS=f"{NEW},{OLD}").stdout


def test_what_is_plain_from_before_is_sealed(pager_on: Pager, sqlite_store: SqlStore) -> None:
    pager_on("load", COUNTY)
    open_encounter(pager_on, "side door", OLD)
    with sqlite_store.engine.begin() as connection:
        connection.execute(text("UPDATE words SET text = 'plain'"))
        connection.execute(
            text("INSERT INTO inbox VALUES ('SM1', 'sms', '{\"text\": \"plain\"}', '2026-01-01', '2026-01-01', NULL)")
        )
    assert "anew: 2." in pager_on("secrets", "rotate", PAGER_ENCRYPTION_KEYS=NEW).stdout
    with sqlite_store.engine.connect() as connection:
        (form,) = connection.scalars(text("SELECT form FROM inbox"))
    assert "plain" not in form + kept(sqlite_store)[0]


def test_names_the_encounters_whose_key_is_missing(pager_on: Pager) -> None:
    pager_on("load", COUNTY)
    lost = open_encounter(pager_on, "side door", OLD)
    open_encounter(pager_on, "back door", secret=SECRET_KEY)
    result = pager_on("secrets", "rotate", exit_code=1, PAGER_ENCRYPTION_KEYS=NEW, PAGER_SECRET_KEY=SECRET_KEY)
    assert result.stdout == "Encrypted anew: 1.\n"
    assert f"of encounters: 1 ({lost})." in result.stderr
    assert "door" not in result.output


def test_without_a_key_there_is_nothing_to_encrypt_with(pager_on: Pager) -> None:
    pager_on("load", COUNTY)
    assert "set PAGER_ENCRYPTION_KEYS" in pager_on("secrets", "rotate", exit_code=2).stderr
    assert "no key to encrypt" in pager_on(*TRIGGER, "side door").stderr

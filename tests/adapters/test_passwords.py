"""Argon2, with parameters that cost nothing."""

from __future__ import annotations

import threading

import pytest
from argon2 import PasswordHasher

from pager.adapters.passwords import AT_ONCE, ArgonPasswords
from pager.lifecycle.access_ports import PasswordsBusyError
from tests.passwords import GOOD

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def passwords() -> ArgonPasswords:
    return ArgonPasswords(CHEAP, longest_wait_seconds=0.01)


def test_knows_the_right_password_from_a_wrong_one(passwords: ArgonPasswords) -> None:
    hash_ = passwords.hash(GOOD)
    assert passwords.is_right(GOOD, hash_)
    assert not passwords.is_right(GOOD.upper(), hash_)
    assert GOOD not in hash_


def test_without_a_hash_nothing_is_right_and_as_much_is_done(
    passwords: ArgonPasswords, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    verify = PasswordHasher.verify

    def counted(hasher: PasswordHasher, hash_: str, password: str) -> bool:
        done.append(hash_.rpartition("$")[0].rpartition("$")[0])
        return verify(hasher, hash_, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    assert not passwords.is_right(GOOD, None)
    assert not passwords.is_right("nobody's password", None)
    assert not passwords.is_right("wrong", passwords.hash(GOOD))
    assert len(set(done)) == 1  # argon2's kind, version and parameters
    assert len(done) == 3


def test_what_is_no_hash_matches_nothing(passwords: ArgonPasswords) -> None:
    assert not passwords.is_right(GOOD, "damaged")


def test_a_hash_of_other_parameters_is_outdated(passwords: ArgonPasswords) -> None:
    hash_ = passwords.hash(GOOD)
    assert not passwords.is_outdated(hash_)
    assert ArgonPasswords().is_outdated(hash_)


def test_takes_a_character_however_a_keyboard_writes_it(passwords: ArgonPasswords) -> None:
    assert passwords.is_right("cafe\u0301 otter lamps", passwords.hash("caf\u00e9 otter lamps"))


def test_says_so_when_too_many_are_checked_at_once(passwords: ArgonPasswords, monkeypatch: pytest.MonkeyPatch) -> None:
    hash_ = passwords.hash(GOOD)
    is_full, may_end = threading.Barrier(AT_ONCE + 1), threading.Event()

    def held(*_: object) -> bool:
        is_full.wait()
        return may_end.wait()

    monkeypatch.setattr(PasswordHasher, "verify", held)
    threads = [threading.Thread(target=passwords.is_right, args=(GOOD, hash_)) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    is_full.wait()
    with pytest.raises(PasswordsBusyError):
        passwords.hash(GOOD)
    may_end.set()
    for thread in threads:
        thread.join()

"""Passwords by argon2, a few at a time: whoever floods the sign-in takes neither the memory nor the paging with it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from pager.lifecycle.access_ports import PasswordsBusyError

AT_ONCE = 2  # each takes 64 MiB for some hundredths of a second
LONGEST_WAIT_SECONDS = 1.0


class ArgonPasswords:
    """Argon2id with its authors' parameters unless others are given. Any number of threads may use one."""

    def __init__(
        self, hasher: PasswordHasher | None = None, *, longest_wait_seconds: float = LONGEST_WAIT_SECONDS
    ) -> None:
        self._hasher = hasher or PasswordHasher()
        self._places = BoundedSemaphore(AT_ONCE)
        self._longest_wait_seconds = longest_wait_seconds
        self._nobodys = self._hasher.hash("nobody's password")

    def hash(self, password: str) -> str:
        with self._place():
            return self._hasher.hash(_normal(password))

    def is_right(self, password: str, hash_: str | None) -> bool:
        with self._place():
            try:
                self._hasher.verify(hash_ or self._nobodys, _normal(password))
            except (VerificationError, InvalidHashError):
                return False
        return hash_ is not None

    def is_outdated(self, hash_: str) -> bool:
        return self._hasher.check_needs_rehash(hash_)

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(timeout=self._longest_wait_seconds):
            raise PasswordsBusyError
        try:
            yield
        finally:
            self._places.release()


def _normal(password: str) -> str:
    """Return the password with each character written in one way: keyboards differ in how they write `é`."""
    return unicodedata.normalize("NFKC", password)

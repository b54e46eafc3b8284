"""Encrypts what people write freely before it is kept, and reads it again: a stolen database says nothing of it."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
_PURPOSE = b"pager: what people write freely"
# A Fernet token: its version and the zeros of its time, then at least a signature and one block.
_TOKEN = re.compile(r"gAAAAA[A-Za-z0-9_-]{92,}={0,2}")


class UnreadableError(Exception):
    """Something sealed whose key is missing."""


class Sealer:
    """Seals with the first of `keys` (Fernet's: 32 bytes in URL-safe base64), opens with any of them."""

    def __init__(self, keys: Sequence[str] = ()) -> None:
        fernets = [Fernet(key) for key in keys]
        self._first = fernets[0] if fernets else None
        self._any = MultiFernet(fernets) if fernets else None

    @property
    def can_seal(self) -> bool:
        """Tell whether there is a key."""
        return self._first is not None

    def seal(self, text: str) -> str | None:
        """Return a token of `text`; None without a key."""
        return None if self._first is None else self._first.encrypt(text.encode()).decode()

    def open(self, kept: str) -> str:
        """Return the text of a token; what is none was kept before anything was sealed, and is returned as it is.

        Raises UnreadableError.
        """
        if not _TOKEN.fullmatch(kept):
            return kept
        if self._any is None:
            raise UnreadableError
        return _decrypt(self._any, kept)

    def renew(self, kept: str) -> str | None:
        """Return `kept` sealed with the first key, None where it is so already. Raises UnreadableError."""
        if self._first is not None and _TOKEN.fullmatch(kept):
            try:
                _decrypt(self._first, kept)
            except UnreadableError:
                pass
            else:
                return None
        return self.seal(self.open(kept))


def _decrypt(fernet: Fernet | MultiFernet, token: str) -> str:
    try:
        return fernet.decrypt(token).decode()
    except InvalidToken:
        raise UnreadableError from None


def new_key() -> str:
    """Return a new key."""
    return Fernet.generate_key().decode()


def make_sealer(keys: Sequence[str], secret: str | None) -> Sealer:
    """Return a sealer with `keys` and, after them, one derived from `secret`.

    So what was sealed before there were keys of their own can be read until it is sealed anew.
    """
    return Sealer([*keys, *([_derived(secret)] if secret else [])])


def _derived(secret: str) -> str:
    derived = HKDF(SHA256(), KEY_BYTES, salt=None, info=_PURPOSE).derive(secret.encode())
    return base64.urlsafe_b64encode(derived).decode()

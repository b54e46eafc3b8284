"""GSM-7, the alphabet of a plain SMS: one character outside it and a message holds 70 characters, not 160."""

from __future__ import annotations

import unicodedata

SEGMENT = 160  # septets in a message of one segment

# 3GPP TS 23.038, 6.2.1: the default alphabet and the characters that take an escape before them.
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("^{}\\[~]|€")

# ruff: noqa: RUF001 - characters that look like others are what this table is about
_PLAIN = {
    **dict.fromkeys("‘’‚‛′`´ʼ", "'"),
    **dict.fromkeys("“”„‟«»″", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **{"…": "...", "•": "-", "⁄": "/", "\t": " ", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i"},
    **{"œ": "oe", "Œ": "OE", "þ": "th", "Þ": "Th", "ð": "d", "Ð": "D"},
}
_DROPPED = ("Mn", "Me", "Cf", "Cc", "Cs")


def is_gsm7(text: str) -> bool:
    """Tell whether `text` can be sent as it is."""
    return all(character in _BASIC or character in _EXTENSION for character in text)


def septets(text: str) -> int:
    """Return how long a GSM-7 text is on the air; raises ValueError where it is not GSM-7."""
    if not is_gsm7(text):
        raise ValueError("not GSM-7")
    return len(text) + sum(character in _EXTENSION for character in text)


def to_gsm7(text: str) -> str:
    """Return `text` in GSM-7: typewriter quotes and dashes, base letters for accented ones, `?` for all else."""
    return "".join(_character(character) for character in unicodedata.normalize("NFC", text))


def _character(character: str) -> str:
    if is_gsm7(character):
        return character
    if character in _PLAIN:
        return _PLAIN[character]
    category = unicodedata.category(character)
    if category.startswith("Z"):
        return " "
    if category in _DROPPED:
        return ""
    parts = unicodedata.normalize("NFKD", character)
    if parts == character:
        return "?"
    return "".join(_character(part) for part in parts)

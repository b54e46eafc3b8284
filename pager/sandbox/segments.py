"""Counts the segments of an SMS as carriers do (GSM 03.38, or UCS-2 once one character is outside it)."""

from __future__ import annotations

_GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_7_ESCAPED = frozenset("^{}\\[~]|€\f")


def count_segments(text: str) -> int:
    """Return how many segments `text` takes: 160 characters or several of 153; 70 or several of 67 in UCS-2."""
    if all(character in _GSM_7 or character in _GSM_7_ESCAPED for character in text):
        length = sum(2 if character in _GSM_7_ESCAPED else 1 for character in text)
        single, several = 160, 153
    else:
        length = len(text.encode("utf-16-le")) // 2
        single, several = 70, 67
    return 1 if length <= single else -(-length // several)

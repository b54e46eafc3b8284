"""An encounter's reference: five characters that survive a radio, a bad line and a tired reader."""

from __future__ import annotations

import re
from collections.abc import Callable

ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"
LENGTH = 5

_SHAPE = re.compile(rf"(?=.*[0-9])(?=.*[A-Z])[{ALPHABET}]{{{LENGTH}}}")
# What people type for a time ("ACK 345pm", "ETA 45hrs") must not name an encounter.
_LOOKS_LIKE_A_TIME = re.compile(r"[0-9]{3}PM|[0-9]{2}(HRS|MNS)")

_SPOKEN = {
    "2": "two",
    "3": "three",
    "4": "four",
    "5": "five",
    "6": "six",
    "7": "seven",
    "8": "eight",
    "9": "nine",
    "B": "Bravo",
    "C": "Charlie",
    "D": "Delta",
    "F": "Foxtrot",
    "G": "Golf",
    "H": "Hotel",
    "J": "Juliett",
    "K": "Kilo",
    "M": "Mike",
    "N": "November",
    "P": "Papa",
    "Q": "Quebec",
    "R": "Romeo",
    "S": "Sierra",
    "T": "Tango",
    "V": "Victor",
    "W": "Whiskey",
    "X": "X-ray",
    "Z": "Zulu",
}


def is_reference(text: str) -> bool:
    """Tell whether `text` is a reference as we write it: in capitals, with nothing around it."""
    return _SHAPE.fullmatch(text) is not None and _LOOKS_LIKE_A_TIME.fullmatch(text) is None


def make_reference(choose: Callable[[str], str]) -> str:
    """Return a new reference; `choose` picks one character of a string, e.g. `secrets.choice`."""
    while True:
        reference = "".join(choose(ALPHABET) for _ in range(LENGTH))
        if is_reference(reference):
            return reference


def spell(reference: str) -> str:
    """Return `reference` in the NATO alphabet, e.g. "seven Kilo two Quebec Delta"."""
    return " ".join(_SPOKEN[character] for character in reference)

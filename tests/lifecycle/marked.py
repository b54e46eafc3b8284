"""Personal data of a child who does not exist, marked so that it is found wherever it turns up."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote_plus

CHILD, STREET, BORN = "Marisol", "Wrenfield", "03/04/2010"
_SURNAME = "Quintrell"
_MARK = re.compile(rf"(?i){CHILD}|{_SURNAME}\w*|{STREET}|0?3/0?4/2010|2010-03-04")


def name_in(field: str) -> str:
    """Return a name that says in which field it was written."""
    return f"{CHILD} {_SURNAME}{field.replace('_', '')}"


def words_in(field: str) -> str:
    """Return what somebody might write who should not; it holds nothing that redaction knows."""
    return f"{name_in(field)}, charged with solicitation, lives on {STREET} Avenue"


def dated_words_in(field: str) -> str:
    """Return the same with a birth date, which redaction refuses."""
    return f"{words_in(field)}, born {BORN}"


def marks_in(text: str) -> list[str]:
    """Return every mark that stands in a text, plain or as a part of a URL; each once."""
    return sorted(set(_MARK.findall(text)) | set(_MARK.findall(unquote_plus(text))))


def told_in(text: str, secrets: Iterable[str]) -> list[str]:
    """Return which of some names and telephone numbers stand in a text; of a number ten digits are enough."""
    plain = unquote_plus(text).lower()
    digits = re.sub(r"[\s().-]", "", plain)
    return [one for one in secrets if (one[-10:] in digits if one.startswith("+") else one.lower() in plain)]

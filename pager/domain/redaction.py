"""What free text may not hold. It is a safeguard against a slip, not a filter: the page goes out in any case."""

from __future__ import annotations

import re
import unicodedata

LONGEST_NOTE = 500  # characters

_LONG_RUN = 5  # digits that could be a case, a badge or a birth date
_TELEPHONE = range(7, 16)  # digits of a local number up to the longest of E.164

_BETWEEN = r"[\s()./_*#-]{0,3}"
_RUN = re.compile(rf"[0-9](?:(?:{_BETWEEN}|,)[0-9])+")
_GROUPED = re.compile(r"(?<![0-9])[0-9]{3}\W{1,3}[0-9]{3}\W{1,3}[0-9]{4}(?![0-9])")  # 310, 555, 0100

_MONTH = (
    r"(?<![a-z])(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre"
    r"|octubre|noviembre|diciembre)(?![a-z])"
)
_ORDINAL = (
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|[a-z]{4,7}teenth"
    r"|twentieth|twenty[ -][a-z]{5,7}|thirtieth|thirty[ -]first)"
)
_DAY = rf"(?:[0-9]{{1,2}}(?:st|nd|rd|th)?|{_ORDINAL})"
_DATES = [
    re.compile(pattern)
    for pattern in (
        r"(?<![0-9])[0-9]{1,4}\s?[-/.]\s?[0-9]{1,2}\s?[-/.]\s?\W?[0-9]{1,4}(?![0-9])",  # 3/4/10, 2010-03-04
        # 3/14; but 1/2, 2/3, 3/4 of something and 24/7 are no dates
        r"(?<![0-9/])(?!(?:[12]/[23]|[13]/4)(?![0-9]))(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12][0-9]|3[01])(?![0-9/])",
        rf"{_MONTH}[\s.,/-]{{0,3}}(?:the\s|\W)?(?:{_DAY}|[0-9]{{4}})(?![0-9])",  # March 4, Mar. 2010
        rf"(?<![0-9a-z]){_DAY}[\s.,/-]{{0,3}}(?:(?:of|de|day of)\s)?{_MONTH}",  # 4 Mar 2010, 4th of March
        r"(?<![a-z])(?:d\.?\s?o\.?\s?b(?![a-z])|date of birth|birth[\s-]?(?:date|day)|b-?day(?![a-z]))",
        r"(?<![a-z])(?:born|naci[a-z]*)\b[^.]{0,20}[0-9]",
    )
]


def check_note(text: str, callback: str | None, field: str = "note") -> str | None:
    """Return None when `text` may be kept, else a sentence that says why not and repeats nothing of it.

    `callback` is E.164, an extension may follow (" x123"); it may stand in the text. `field` is what the sentence
    calls the text.
    """
    if len(text) > LONGEST_NOTE:
        return f"The {field} was not kept because it is longer than {LONGEST_NOTE} characters."
    plain = _without_callback(_plain(text), callback or "")
    found = _found(plain)
    return found and f"The {field} was not kept because it holds {found}."


def _found(plain: str) -> str | None:
    if any(pattern.search(plain) for pattern in _DATES):
        return "a date"
    lengths = [len(_digits(match[0])) for match in _RUN.finditer(plain)]
    if _GROUPED.search(plain) or any(length in _TELEPHONE for length in lengths):
        return "a telephone number, or another long number, that is not the callback"
    if any(length >= _LONG_RUN for length in lengths):
        return "a run of five or more digits"
    return None


def _plain(text: str) -> str:
    """Return `text` in lower case, with ASCII digits and dashes, without accents and what cannot be seen."""
    return "".join(map(_plain_character, unicodedata.normalize("NFKD", text).casefold()))


def _plain_character(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Mn", "Me", "Cf"):
        return ""
    if category == "Pd" or character == "\N{MINUS SIGN}":
        return "-"
    return str(unicodedata.decimal(character, character))


def _without_callback(plain: str, callback: str) -> str:
    number, _, extension = callback.partition(" x")
    known = (_digits(number), _digits(number + extension))

    def replace(match: re.Match[str]) -> str:
        digits = _digits(match[0]).lstrip("0")
        is_callback = len(digits) >= min(_TELEPHONE) and any(number.endswith(digits) for number in known)
        return "callback" if is_callback else match[0]

    return _RUN.sub(replace, plain)


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)

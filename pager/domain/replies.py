"""What a responder's text or key means. Whatever is in doubt is asked back: a wrong ACK leaves a child waiting."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from pager.domain import reference as references
from pager.domain.vocabulary import CARRIER_WORDS, COMMANDS, SIGNS, Sign, signs_of


class Meaning(StrEnum):
    """What somebody says."""

    ACK = "ack"
    ETA = "eta"
    NO = "no"
    HERE = "here"
    STATUS = "status"
    CARRIER = "carrier"  # one of the words that belong to the carrier, alone
    UNCLEAR = "unclear"  # contradicts itself, or has words beside a command that are not understood
    OTHER = "other"  # no command at all


@dataclass(frozen=True)
class Reply:
    """What a text or a key means.

    `minutes` is 1 to 999, with ACK and ETA only; an ETA without it says that somebody comes, at a time that is not
    counted in minutes ("ETA 3:45pm"). `reference` stands where the text names exactly one; `word` is the carrier's
    word, in capitals.
    """

    meaning: Meaning
    minutes: int | None = None
    reference: str | None = None
    is_all: bool = False
    word: str | None = None


_KEYS = {"1": Meaning.ACK, "2": Meaning.NO, "3": Meaning.HERE, "9": Meaning.STATUS}


def parse_key(digit: str) -> Reply:
    """Return what a key on a call means; OTHER for one that means nothing."""
    return Reply(_KEYS.get(digit, Meaning.OTHER))


def parse_text(text: str) -> Reply:
    """Return what an SMS means. Takes any text and raises nothing."""
    plain = _plain(text)
    if plain is None or _quotes_somebody(plain):
        return Reply(Meaning.OTHER)
    words, times = _words_and_times(plain)
    if len(words) == 1 and not times and words[0].upper() in CARRIER_WORDS:
        return Reply(Meaning.CARRIER, word=words[0].upper())
    named = {word.upper() for word in words if _is_reference(word)}
    signs = signs_of([word for word in words if not _is_reference(word)])
    times += [None] * signs.count(Sign.TIME)
    return _judge({*signs, Sign.TIME} if times else set(signs), times, named)


# What may stand beside each meaning; any other sign in the text makes it unclear.
_MAY_SAY = {
    Meaning.ACK: {Sign.AGREEMENT, Sign.TIME, Sign.COMING_FILLER, Sign.FILLER, Sign.ALL},
    Meaning.ETA: {Sign.AGREEMENT, Sign.TIME, Sign.COMING_FILLER, Sign.FILLER, Sign.ALL},
    Meaning.NO: {Sign.REFUSING_FILLER, Sign.FILLER, Sign.ALL},
    Meaning.HERE: {Sign.AGREEMENT, Sign.FILLER},  # not ALL: "all here" speaks of people, not of encounters
    Meaning.STATUS: {Sign.FILLER, Sign.ALL},
}


def _judge(signs: set[Sign], times: list[int | None], named: set[str]) -> Reply:
    reference = min(named) if len(named) == 1 else None
    is_all = Sign.ALL in signs
    meaning = _meaning(signs)
    if meaning in (Meaning.OTHER, Meaning.UNCLEAR):
        return Reply(meaning, reference=reference)
    if signs - COMMANDS - _MAY_SAY[meaning] or len(named) + is_all > 1:
        return Reply(Meaning.UNCLEAR, reference=reference)
    # Two times are none: an ETA is never guessed, and is asked for later.
    return Reply(meaning, times[0] if len(times) == 1 else None, reference, is_all)


def _meaning(signs: set[Sign]) -> Meaning:
    """Return what the commands among `signs` say together, whatever stands beside them."""
    commands = signs & COMMANDS
    if not commands:
        return Meaning.UNCLEAR if Sign.AGREEMENT in signs else Meaning.OTHER
    if commands <= {Sign.ACK, Sign.OK, Sign.ETA, Sign.THERE}:
        return _kind_of_coming(commands, has_time=Sign.TIME in signs)
    if commands <= {Sign.HERE, Sign.OK}:
        return Meaning.HERE
    if commands == {Sign.NO}:
        return Meaning.NO
    if commands == {Sign.STATUS}:
        return Meaning.STATUS
    return Meaning.UNCLEAR


def _kind_of_coming(commands: set[Sign], *, has_time: bool) -> Meaning:
    if Sign.ACK in commands or commands == {Sign.OK}:
        return Meaning.ACK
    if has_time:
        return Meaning.ETA
    return Meaning.UNCLEAR if Sign.ETA in commands else Meaning.ACK


_LONGEST_TEXT = 1600  # characters; the carrier takes no longer body
_APOSTROPHES = "'’‘‛ʼ`´′＇"  # noqa: RUF001 - what telephones write for one
_NEGATIVE_EMOJI = "👎❌❎✖🚫⛔🛑🙅"
_SPELLINGS = str.maketrans(dict.fromkeys(_APOSTROPHES, "") | dict.fromkeys(_NEGATIVE_EMOJI, " not "))
_INVISIBLE = ("Mn", "Me", "Cf")


def _plain(text: str) -> str | None:
    """Return `text` in lower case without accents, apostrophes and what cannot be seen; None when it is too long."""
    text = text.strip()
    if len(text) > _LONGEST_TEXT:
        return None
    text = text.translate(_SPELLINGS)
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(character for character in text if unicodedata.category(character) not in _INVISIBLE)


_QUOTED = re.compile(r'["“”„‟«»「」][^"“”„‟«»「」]*["“”„‟«»「」]?')


def _quotes_somebody(plain: str) -> bool:
    """Tell whether this only quotes another message, as a telephone's reactions do: Liked "7K2QD DCFS: ... ACK ..."."""
    outside = _QUOTED.sub(" ", plain)
    if outside == plain:
        return False
    words = [word for word in _words_and_times(outside)[0] if not _is_reference(word)]
    has_emoji = any(unicodedata.category(character) == "So" for character in outside)
    return (bool(words) or has_emoji) and COMMANDS.isdisjoint(signs_of(words))


_UNCOUNTED = re.compile(
    r"""(?<!\w)[-\u2212][0-9]+(?!\w)                                 # -5
    |   (?<!\w)[0-9]+[.:][0-9]+(?:\s?[ap]\.?m\.?)?(?!\w)        # 2.5, 3:45, 3:45pm""",
    re.VERBOSE,
)
_TIME = re.compile(
    r"""\b(?P<at>(?:at|by)\ )?(?P<number>[0-9]+)\b
    (?: \ (?P<clock>[ap]\ ?m)\b
    |   \ (?P<hours>h|hr|hrs|hour|hours)\b (?:\ (?:and\ )?(?P<more>[0-9]+)\b (?:\ (?:m|min|mins|minute|minutes)\b)?)?
    |   \ (?:m|mn|mns|min|mins|minute|minutes)\b
    )?
    (?:\ (?:out|away)\b)?
    (?:\ (?:to|or)\b(?=\ [0-9]))?""",
    re.VERBOSE,
)


def _words_and_times(plain: str) -> tuple[list[str], list[int | None]]:
    """Split a text into its words and its times in minutes, None for each time that is not counted in minutes."""
    counted, uncounted = _UNCOUNTED.subn(" ", plain)
    spaced = " ".join(part for token in re.findall(r"[^\W_]+", counted) for part in _unglued(token))
    times = [_minutes(match) for match in _TIME.finditer(spaced)]
    return _TIME.sub(" ", spaced).split(), times + [None] * uncounted


def _unglued(token: str) -> list[str]:
    """Split what was written without a space: "ack25", "ack7k2qd", "7k2qdack", "1h30"."""
    if _is_reference(token):
        return [token]
    for cut in (-references.LENGTH, references.LENGTH):
        parts = [token[:cut], token[cut:]]
        if any(map(_is_reference, parts)) and any(SIGNS.get(part) in COMMANDS for part in parts):
            return parts
    return re.findall(r"[0-9]+|[^0-9]+", token)


def _is_reference(word: str) -> bool:
    return references.is_reference(word.upper())


def _minutes(time: re.Match[str]) -> int | None:
    """Return a time in minutes from now; None for a time of day and for what lies outside 1 to 999."""
    digits, more = time["number"], time["more"] or "0"
    # Four digits are a time of day ("ETA 0430"), not minutes.
    if time["at"] or time["clock"] or len(digits) > 3 or len(more) > 3:
        return None
    minutes = int(digits) * 60 + int(more) if time["hours"] else int(digits)
    return minutes if 1 <= minutes <= 999 else None

"""The words that responders use, and what each is a sign of. Kept short: what is not here is asked back."""

from __future__ import annotations

from enum import Enum, auto


class Sign(Enum):
    """What a word or a phrase is a sign of."""

    ACK = auto()
    OK = auto()  # an ACK when alone, but also how people begin any other answer
    ETA = auto()  # needs a time: without one it may be a question
    THERE = auto()  # coming; an ETA when a time stands with it
    NO = auto()
    HERE = auto()
    STATUS = auto()
    ALL = auto()
    AGREEMENT = auto()  # says yes, but not to what
    TIME = auto()  # a time that we do not count in minutes
    FILLER = auto()
    COMING_FILLER = auto()  # harmless beside an ACK; "here in 25" and "here soon" are not HERE
    REFUSING_FILLER = auto()  # harmless beside a NO
    UNKNOWN = auto()


COMMANDS = frozenset({Sign.ACK, Sign.OK, Sign.ETA, Sign.THERE, Sign.NO, Sign.HERE, Sign.STATUS})

OPT_OUT_WORDS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
OPT_IN_WORDS = frozenset({"START", "UNSTOP", "YES"})
CARRIER_WORDS = OPT_OUT_WORDS | OPT_IN_WORDS | {"HELP", "INFO"}

# Lower case, without apostrophes and accents; phrases are separated by commas, the longest one that fits is taken.
_PHRASES = {
    Sign.ACK: """
        ack, a c k, acked, ackd, acknowledge, acknowledged, acknowledging, accept, accepted, omw, on my way,
        on the way, en route, enroute, on route, coming, responding, ill come, i will come, heading there,
        heading over, heading out, headed there, headed over""",
    Sign.OK: "ok, okay, o k",
    Sign.ETA: "eta, e t a, my eta, eta is, my eta is",
    Sign.THERE: """
        be there, ill be there, will be there, i will be there, can be there, i can be there, should be there,
        i should be there, there in, arriving""",
    Sign.NO: """
        no, nope, nah, negative, decline, declined, declining, pass, ill pass, i will pass, unavailable,
        not available, not coming, not me""",
    Sign.HERE: "here, arrived, on scene, onscene, on site, onsite, at scene, at the scene, got here",
    Sign.STATUS: """
        status, status update, whats the status, what is the status, who is coming, whos coming, who is responding,
        whos responding, who is on the way, whos on the way, who is on scene, whos on scene""",
    Sign.ALL: "all",
    Sign.AGREEMENT: """
        yes, yeah, yea, yep, yup, sure, copy, roger, received, understood, confirmed, got it, on it, will do, i will,
        of course, absolutely, np, no problem, no problems, no prob, no probs, no worries, no worry, no issue,
        no issues, no sweat, no doubt, no trouble, no rush, no hurry, no biggie, not a problem, all good, all set,
        im ok, i am ok, we are ok, its ok, it is ok, thats ok, that is ok, im okay, i am okay, we are okay, its okay,
        it is okay, thats okay, that is okay""",
    Sign.TIME: """
        half, quarter, few, hour, hours, hr, hrs, minute, minutes, min, mins, five, ten, fifteen, twenty, thirty,
        forty, fifty, sixty, ninety""",
    Sign.FILLER: """
        please, pls, plz, sorry, thanks, thank you, thx, ty, i, im, ive, am, we, we are, weve, it, on, the, this,
        this one, that, now, just, right, at, station, stn, scene, hi, hello, hey, hi all, hello all, hey all,
        thanks all, thank you all, good morning, good evening, sir, maam, team""",
    Sign.COMING_FILLER: """
        in, about, approx, approximately, around, roughly, away, there, soon, asap, shortly, a, an, and, of,
        to scene, to the scene, to station, to the station, leaving now""",
    Sign.REFUSING_FILLER: "tonight, today, time, at this time, at the moment, for this, for this one, unfortunately",
}

_CANNOT = ("cant", "cannot", "can not", "wont", "will not", "unable", "unable to", "not able", "not able to")
_CANNOT_WHAT = (
    "",
    *("come", "go", "go there", "make it", "do it", "do this", "take it", "take this", "respond", "attend"),
    *("be there", "get there"),
)

SIGNS: dict[str, Sign] = {
    " ".join(phrase.split()): sign for sign, phrases in _PHRASES.items() for phrase in phrases.split(",")
} | {f"{cannot} {what}".strip(): Sign.NO for cannot in _CANNOT for what in _CANNOT_WHAT}

LONGEST_PHRASE = max(len(phrase.split()) for phrase in SIGNS)


def signs_of(words: list[str]) -> list[Sign]:
    """Return what `words` are signs of, in order, taking the longest phrase that fits each time."""
    signs = []
    start = 0
    while start < len(words):
        for length in range(LONGEST_PHRASE, 0, -1):
            sign = SIGNS.get(" ".join(words[start : start + length]))
            if sign is not None:
                break
        signs.append(sign or Sign.UNKNOWN)
        start += length
    return signs

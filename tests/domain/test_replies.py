"""What people really send at four in the morning, and what it may never be taken for."""

# ruff: noqa: RUF001 - look-alike characters are what telephones send
from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pager.domain.reference import ALPHABET, is_reference
from pager.domain.replies import Meaning, Reply, parse_key, parse_text
from pager.domain.vocabulary import CARRIER_WORDS

references = st.text(ALPHABET, min_size=5, max_size=5).filter(is_reference)


@pytest.mark.parametrize(
    "text",
    [
        *("ACK", "Ack", "ack.", "ACK!!", " ack\n", "A.C.K.", "A C K", "áck", "ＡＣＫ", "ack\u200b", "ACK 👍", '"ACK"'),
        *("OK", "Ok", "O.K.", "okay", "ok thanks", "Ok thank you!", "ok ok", "OK, got it", "ok will do"),
        *("omw", "On my way!", "I'm on my way", "im omw", "en route", "En-route now", "enroute", "responding"),
        *("I’m coming", "coming now", "Ok, omw", "ack, on my way to the station", "Yes on my way", "acknowledged"),
        *("no worries, on my way", "no problem, omw", "Copy, en route", "I'll be there", "ill be there asap"),
    ],
)
def test_acknowledges(text: str) -> None:
    assert parse_text(text) == Reply(Meaning.ACK)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        *(("ACK 25", 25), ("ACK25", 25), ("ack-25", 25), ("ack: 25.", 25), ("ack 25min", 25), ("ACK 25 minutes", 25)),
        *(("ack 25 mins please", 25), ("Ok on my way, 25 mins", 25), ("OMW 25", 25), ("omw25m", 25), ("ok 25", 25)),
        *(
            ("ack 1", 1),
            ("ack 999", 999),
            ("ack 05", 5),
            ("ack about 25 mins out", 25),
            ("ack ~25", 25),
            ("ＡＣＫ　２５", 25),
        ),
        *(
            ("ack eta 25", 25),
            ("on my way, be there in 25", 25),
            ("ack\u00a025", 25),
            ("25 ack", 25),
            ("ack in 25", 25),
        ),
        *(("ack 1h", 60), ("ack 1 hour", 60), ("ack 1h30", 90), ("ack 1hr30m", 90), ("ack 1 hour and 30 minutes", 90)),
    ],
)
def test_acknowledges_with_minutes_and_counts_hours_as_sixty(text: str, minutes: int) -> None:
    assert parse_text(text) == Reply(Meaning.ACK, minutes)


@pytest.mark.parametrize(
    "text",
    [
        *("ACK 0", "ACK 1000", "ACK -5", "ACK \u22125", "ACK 2.5", "ack 20 hours", "ack 0430", "ACK 1,000", "ack 10-4"),
        *("ack 25 or 30", "ack 25-30 min", "ack 25 to 30", "ack 20, 25", "ack " + "9" * 1500),
        *("ack 3:45", "ack 3:45pm", "ack 345pm", "ack 3 pm", "ack at 345", "ack by 4", "ack 3 p.m."),
        *("ack half an hour", "ack in an hour", "ack 1 hour and a half", "ack twenty minutes", "ack a few min"),
    ],
)
def test_acknowledges_without_guessing_an_eta(text: str) -> None:
    assert parse_text(text) == Reply(Meaning.ACK)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        *(("ETA 25", 25), ("eta 40", 40), ("ETA: 40", 40), ("eta40", 40), ("E.T.A. 40", 40), ("my eta is 40 mins", 40)),
        *(("be there in 25", 25), ("I'll be there in 25 min", 25), ("ok eta 25", 25), ("arriving in 25", 25)),
        *(("ETA 1000", None), ("eta 0430", None), ("be there at 3:45", None), ("eta 20 or 30", None)),
    ],
)
def test_says_when(text: str, minutes: int | None) -> None:
    assert parse_text(text) == Reply(Meaning.ETA, minutes)


@pytest.mark.parametrize(
    "text",
    [
        *("NO", "no", "No.", "No sorry", "nope", "Nah", "no thanks", "no, I can't", "no no no", "Decline", "I decline"),
        *(
            "pass",
            "I'll pass",
            "pass on this one",
            "can't",
            "can’t",
            "cant make it",
            "Cannot",
            "I can not come",
            "won't",
        ),
        *("unable to respond", "not coming", "I'm not available", "unavailable tonight", "sorry can't right now"),
    ],
)
def test_declines(text: str) -> None:
    assert parse_text(text) == Reply(Meaning.NO)


@pytest.mark.parametrize(
    "text",
    ["here", "Here!", "I'm here", "we are here", "arrived", "just arrived", "on scene", "On-scene now", "ok im here"],
)
def test_arrives(text: str) -> None:
    assert parse_text(text) == Reply(Meaning.HERE)


@pytest.mark.parametrize("text", ["STATUS", "status?", "who is coming?", "Who's coming", "what's the status please"])
def test_asks_who_is_coming(text: str) -> None:
    assert parse_text(text) == Reply(Meaning.STATUS)


@pytest.mark.parametrize(
    "text",
    [
        *("OK but I can't", "ok, no", "ack no", "ACK or NO?", "no ack", "don't ack", "do not ack", "not ack", "ok 👎"),
        *("not here", "not here yet", "almost here", "here soon", "here in 25", "I'll be here", "here at 3:45"),
        *("ack here", "ack status", "status no", "no, omw", "can't ack", "all here", "here all", "not on my way"),
        *("no problem", "No worries", "np", "yes please", "sure", "copy", "yes no", "no worries I can't", "got it"),
        *(
            "I'm ok",
            "it's ok",
            "that's okay",
            "eta?",
            "ok eta?",
            "ok wait",
            "ok let me check",
            "ok maybe",
            "ok if needed",
        ),
        *(
            "Sorry, I can't talk right now.",
            "No idea",
            "no 25",
            "here for you",
            "omw home",
            "ok I'm out",
            "ack 25 miles",
        ),
        *("who acked", "is anyone coming", "ack 7K2QD 9M3TX", "ACK ALL 7K2QD", "no longer available", "аck ack"),
        *("Please ack the message from the office", "ok 30 sec", "ack cancel", "ack from Ana"),
    ],
)
def test_asks_back_what_is_in_doubt(text: str) -> None:
    assert parse_text(text).meaning is Meaning.UNCLEAR


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "\n",
            "👍",
            "👎",
            "🙏",
            "?",
            "25",
            "25 min",
            "in 25",
            "7K2QD",
            "7K2QD 25",
            "k",
            "thanks",
            "who is this?",
        ),
        *(
            "Liked “7K2QD DCFS: encounter. Reply ACK or NO”",
            'Loved "ACK"',
            "Disliked “NO”",
            "Reacted 👍 to “ACK 7K2QD”",
        ),
        *(
            "👍 to “ACK 7K2QD”",
            "\u200a\u200b👍\u200b to “\u200aACK\u200a”",
            "Laughed at “HERE”",
            "Le gustó «ACK»",
            "Liked “ACK",
        ),
        *("👍 “OK”", "STOP 7K2QD", "help me", "stop all", "Аск", "all", "ack" * 2, "nooo"),
        "I’m driving with Do Not Disturb While Driving turned on. I’ll see your message when I get where I’m going.",
        "(I’m not receiving notifications. If this is urgent, reply “urgent” to send a notification through.)",
        "I am out of the office until Monday.",
        "ack " * 1000,
    ],
)
def test_answers_what_holds_no_command_with_what_can_be_said(text: str) -> None:
    assert parse_text(text).meaning is Meaning.OTHER


@pytest.mark.parametrize("word", sorted(CARRIER_WORDS))
def test_leaves_the_carriers_words_to_the_carrier(word: str) -> None:
    for text in (word, word.lower(), f" {word.title()}.\n"):
        assert parse_text(text) == Reply(Meaning.CARRIER, word=word)
    assert parse_text(f"{word} 7K2QD").meaning in (Meaning.OTHER, Meaning.UNCLEAR)


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("7k2qd ack 30", Reply(Meaning.ACK, 30, "7K2QD")),
        ("ack7k2qd", Reply(Meaning.ACK, None, "7K2QD")),
        ("7K2QDack", Reply(Meaning.ACK, None, "7K2QD")),
        ("ACK 7K2QD (7k2qd)", Reply(Meaning.ACK, None, "7K2QD")),
        ('ack "7K2QD"', Reply(Meaning.ACK, None, "7K2QD")),
        ("Here 7K2QD", Reply(Meaning.HERE, None, "7K2QD")),
        ("#7K2QD: no, sorry", Reply(Meaning.NO, None, "7K2QD")),
        ("ETA 7K2QD 25", Reply(Meaning.ETA, 25, "7K2QD")),
        ("status 7k2qd?", Reply(Meaning.STATUS, None, "7K2QD")),
        ("ACK ALL", Reply(Meaning.ACK, is_all=True)),
        ("no all", Reply(Meaning.NO, is_all=True)),
        ("ack all 25", Reply(Meaning.ACK, 25, is_all=True)),
        ("hi all, omw", Reply(Meaning.ACK)),
        ("ok 7K2QD but I cannot", Reply(Meaning.UNCLEAR, None, "7K2QD")),
    ],
)
def test_takes_a_reference_or_all_from_anywhere(text: str, reply: Reply) -> None:
    assert parse_text(text) == reply


@pytest.mark.parametrize(
    ("digit", "meaning"),
    [
        *(("1", Meaning.ACK), ("2", Meaning.NO), ("3", Meaning.HERE), ("9", Meaning.STATUS)),
        *(
            ("0", Meaning.OTHER),
            ("", Meaning.OTHER),
            ("12", Meaning.OTHER),
            ("#", Meaning.OTHER),
            ("１", Meaning.OTHER),
        ),
    ],
)
def test_reads_a_key(digit: str, meaning: Meaning) -> None:
    assert parse_key(digit) == Reply(meaning)


@given(st.text() | st.text("ackonehrtilspw 0123456789.:-–'’\"“”👍\n", max_size=60))
def test_no_text_raises_or_names_an_impossible_eta(text: str) -> None:
    reply = parse_text(text)
    assert reply.minutes is None or (1 <= reply.minutes <= 999 and reply.meaning in (Meaning.ACK, Meaning.ETA))
    assert reply.reference is None or is_reference(reply.reference)


COMMANDS = {
    "ack": Meaning.ACK,
    "ok": Meaning.ACK,
    "omw": Meaning.ACK,
    "on my way": Meaning.ACK,
    "no": Meaning.NO,
    "decline": Meaning.NO,
    "pass": Meaning.NO,
    "here": Meaning.HERE,
    "arrived": Meaning.HERE,
    "status": Meaning.STATUS,
}
between = st.text(" .,;!?()*_/\t\n\u00a0\u2009", min_size=1, max_size=5)


@given(st.sampled_from(sorted(COMMANDS)), references, between, between, st.booleans(), st.data())
def test_case_spaces_and_punctuation_do_not_matter_and_a_reference_may_stand_anywhere(
    command: str, reference: str, outer: str, inner: str, is_first: bool, data: st.DataObject
) -> None:
    parts = [reference, command] if is_first else [command, reference]
    text = outer + inner.join(parts).replace(" ", inner) + outer
    shouted = "".join(data.draw(st.sampled_from([letter.upper(), letter.lower()])) for letter in text)
    assert parse_text(shouted) == Reply(COMMANDS[command], reference=reference)


@given(st.integers(1, 999), references, st.sampled_from(["ack", "omw", "ok"]))
def test_minutes_are_read_beside_any_reference(minutes: int, reference: str, command: str) -> None:
    expected = Reply(Meaning.ACK, minutes, reference)
    assert parse_text(f"{command} {minutes} {reference}") == expected
    assert parse_text(f"{reference} {command}{minutes}") == expected
    assert parse_text(f"{command} {reference} {minutes} min") == expected


@given(st.from_regex(r"[bdfgjqvwxz]{4,9}", fullmatch=True).filter(lambda word: not is_reference(word.upper())))
def test_a_command_beside_a_word_that_is_not_understood_is_never_an_answer(word: str) -> None:
    for command in COMMANDS:
        assert parse_text(f"{command} {word}").meaning is Meaning.UNCLEAR
        assert parse_text(f"{word}, {command}").meaning is Meaning.UNCLEAR


@pytest.mark.parametrize("piece", ["a", "1", "1 ", "1.", "-1", "“", '"a', "on my ", "7k2qd", "1 h ", "ﷺ", "\u0301"])
def test_a_long_text_is_read_at_once(piece: str) -> None:
    started = time.process_time()
    parse_text(piece * (1600 // len(piece)))
    parse_text(piece * 200_000)
    assert time.process_time() - started < 5

"""References: what is one, how one is made and spoken."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from pager.domain.reference import ALPHABET, LENGTH, is_reference, make_reference, spell


def scripted(characters: str) -> Callable[[str], str]:
    remaining = iter(characters)
    return lambda _alphabet: next(remaining)


@pytest.mark.parametrize("text", ["7K2QD", "B2222", "2222B", "Z9X8W"])
def test_five_of_the_alphabet_with_a_letter_and_a_digit_are_a_reference(text: str) -> None:
    assert is_reference(text)


@pytest.mark.parametrize(
    "text",
    ["", "7k2qd", "7K2Q", "7K2QDX", "22222", "BCDFG", "7K2Q0", "7K2Q1", "7K2QL", "7K2QA", "7K2QD\n", " 7K2QD", "٢K2QD"],
)
def test_anything_else_is_not(text: str) -> None:
    assert not is_reference(text)


@pytest.mark.parametrize("text", ["345PM", "45HRS", "25MNS"])
def test_what_people_type_for_a_time_is_no_reference(text: str) -> None:
    assert not is_reference(text)


def test_tries_again_until_there_is_a_letter_and_a_digit() -> None:
    assert make_reference(scripted("22222BCDFG345PM7K2QD")) == "7K2QD"


def test_makes_references_of_every_character_of_the_alphabet() -> None:
    made = [make_reference(random.Random(seed).choice) for seed in range(300)]
    assert all(map(is_reference, made))
    assert set("".join(made)) == set(ALPHABET)
    assert {len(reference) for reference in made} == {LENGTH}


def test_spells_in_the_nato_alphabet() -> None:
    assert spell("7K2QD") == "seven Kilo two Quebec Delta"


def test_can_spell_every_character() -> None:
    assert len(spell(ALPHABET).split()) == len(ALPHABET)

"""What a password may be, and what is said of one that may not."""

from __future__ import annotations

import pytest

from pager.domain.password import COMMON, SHORTEST, password_problem

EMAIL = "ana.ruiz-lopez@county.example"


@pytest.mark.parametrize("password", ["gate otter 11 lamps", "ünïcødé päss", "x7-Tq2-Lm9-Zr", "A" * 190 + "bcdefghij"])
def test_takes_what_is_long_and_unusual(password: str) -> None:
    assert password_problem(password, EMAIL) is None


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("short", "has 5 characters; it needs at least 12"),
        ("otter lamps" * 20, "has 220 characters; it may have at most 200"),
        (EMAIL, "is the email address"),
        (EMAIL.upper(), "is the email address"),
        ("ana.ruiz-lopez", "is the email address"),
        ("password1234", "one of the commonest"),
        ("Password-1234!", "one of the commonest"),
        ("Correct Horse Battery Staple", "one of the commonest"),
        ("aaaaaaaaaaaaa", "repeats the same few characters"),
        ("abababababab", "repeats the same few characters"),
    ],
)
def test_says_what_is_wrong_with_one_that_is_guessed_first(password: str, says: str) -> None:
    assert says in (password_problem(password, EMAIL) or "")


def test_every_common_one_is_long_enough_to_matter() -> None:
    assert [one for one in COMMON if len(one) < SHORTEST] == []

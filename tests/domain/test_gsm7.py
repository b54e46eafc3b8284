"""GSM-7: what fits, how long it is, and what stands in for the rest."""

# ruff: noqa: RUF001 - look-alike characters are what is tested
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pager.domain.gsm7 import is_gsm7, septets, to_gsm7


@pytest.mark.parametrize("text", ["", "ACK 25, please!", "Ñandú"[:1], "é ù à ö", "[€]", "\n"])
def test_knows_its_alphabet(text: str) -> None:
    assert is_gsm7(text)


@pytest.mark.parametrize("text", ["’", "ç", "á", "`", "\t", "\x1b", "😀", "—"])
def test_knows_what_is_outside_it(text: str) -> None:
    assert not is_gsm7(text)


def test_counts_extension_characters_twice() -> None:
    assert septets("abc") == 3
    assert septets("a[€]") == 7


def test_refuses_to_count_what_is_not_gsm7() -> None:
    with pytest.raises(ValueError, match="GSM-7"):
        septets("’")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        *(("“Ana’s”", '"Ana\'s"'), ("a – b — c", "a - b - c"), ("wait…", "wait..."), ("a\u00a0b\tc\u2028d", "a b c d")),
        *(("José Peña", "José Peña"), ("François Núñez", "Francois Nuñez"), ("Łukasz Şen", "Lukasz Sen")),
        *(
            ("Jose\u0301", "José"),
            ("ａｂ½", "ab1/2"),
            ("山田", "??"),
            ("a\u200bb\x00", "ab"),
            ("😀", "?"),
            ("Œuvre", "OEuvre"),
        ),
    ],
)
def test_substitutes_the_nearest_plain_character(text: str, plain: str) -> None:
    assert to_gsm7(text) == plain


@given(st.text())
def test_any_text_becomes_gsm7_and_stays_it(text: str) -> None:
    plain = to_gsm7(text)
    assert is_gsm7(plain)
    assert to_gsm7(plain) == plain

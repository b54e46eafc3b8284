"""Numbers as people write them: read or not, but never an error, and never anything but a number."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pager.adapters.phone_numbers import number_reader

read = number_reader("US")
E164 = re.compile(r"\+[1-9][0-9]{1,14}", re.ASCII)

near_numbers = st.text("0123456789\uff10\uff11\u0663 +()-./;=,xext*#\u200b\u202e\x00", max_size=40)
with_extension = st.from_regex(r"310-555-01[0-9]{2} ?(x|ext\.? ?)[0-9]{1,12}", fullmatch=True)


@given(st.text(st.characters(), max_size=300) | near_numbers | with_extension)
def test_no_text_raises_and_what_is_read_is_a_number_and_nothing_else(text: str) -> None:
    number = read(text)
    if number is not None:
        assert E164.fullmatch(number.e164)
        assert number.extension is None or re.fullmatch(r"[0-9]{1,20}", number.extension, re.ASCII)


@pytest.mark.parametrize("text", ["310-555-0100" * 1000, "+" * 100_000, "x" * 100_000, "\x00310-555-0100\n", "tel:"])
def test_a_text_without_end_is_not_read_for_long(text: str) -> None:
    number = read(text)
    assert number is None or E164.fullmatch(number.e164)

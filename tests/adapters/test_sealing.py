"""What people write freely is kept encrypted: by which key, and what becomes of it when a key is gone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pager.adapters.sealing import Sealer, UnreadableError, make_sealer, new_key

ONE, TWO = new_key(), new_key()


def sealed(keys: list[str], text: str = "side door") -> str:
    token = Sealer(keys).seal(text)
    assert token is not None
    return token


@given(st.text())
def test_opens_what_it_sealed_and_shows_nothing_of_it(text: str) -> None:
    token = sealed([ONE], text)
    assert Sealer([ONE]).open(token) == text
    assert len(text) < 4 or text not in token


def test_seals_with_the_first_key_and_opens_with_any() -> None:
    assert Sealer([TWO, ONE]).open(sealed([ONE])) == "side door"
    assert Sealer([TWO]).open(sealed([TWO, ONE])) == "side door"


@pytest.mark.parametrize("keys", [[], [TWO]])
def test_says_so_where_the_key_is_gone(keys: list[str]) -> None:
    with pytest.raises(UnreadableError):
        Sealer(keys).open(sealed([ONE]))


def test_a_changed_token_is_not_opened() -> None:
    token = sealed([ONE])
    changed = token[:50] + ("A" if token[50] != "A" else "B") + token[51:]
    with pytest.raises(UnreadableError):
        Sealer([ONE]).open(changed)


@pytest.mark.parametrize("plain", ["", "side door", "gAAAAA", "gAAAAA" + "x" * 91])
def test_reads_what_was_kept_before_anything_was_sealed(plain: str) -> None:
    assert Sealer([ONE]).open(plain) == Sealer().open(plain) == plain


def test_without_a_key_nothing_is_sealed() -> None:
    assert Sealer().seal("side door") is None
    assert not Sealer().can_seal


def test_seals_anew_what_is_plain_or_of_a_former_key_and_leaves_the_rest() -> None:
    sealer = Sealer([TWO, ONE])
    for kept in ("side door", sealed([ONE])):
        renewed = sealer.renew(kept)
        assert renewed is not None
        assert Sealer([TWO]).open(renewed) == "side door"
    assert sealer.renew(sealed([TWO])) is None


def test_a_key_is_derived_from_the_secret_and_still_opens_beside_keys_of_their_own() -> None:
    derived = make_sealer([], "secret").seal("side door")
    assert derived is not None
    assert make_sealer([ONE], "secret").open(derived) == "side door"
    assert Sealer([ONE]).open(make_sealer([ONE], "secret").seal("side door") or "") == "side door"
    with pytest.raises(UnreadableError):
        make_sealer([], "another secret").open(derived)


def test_there_is_no_key_where_nothing_is_set() -> None:
    assert not make_sealer([], None).can_seal

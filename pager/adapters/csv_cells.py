"""CSV for people who open it in a spreadsheet: no cell is ever taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

# By these a spreadsheet knows a formula, in their full-width forms too; a tab or a line end before one is skipped.
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def plain(cell: str) -> str:
    """Return a cell that is text to a spreadsheet: what looks like a formula gets an apostrophe before it."""
    return f"'{cell}" if cell.startswith(_STARTS) else cell


def as_written(cell: str) -> str:
    """Return what `plain` was made from: the cell without the apostrophe before what looks like a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_STARTS) else cell


def as_csv(rows: Iterable[Sequence[str]]) -> str:
    """Return rows as CSV, each cell plain, each line ended."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([plain(cell) for cell in row] for row in rows)
    return text.getvalue()

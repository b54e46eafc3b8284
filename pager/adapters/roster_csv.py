"""Shifts as CSV, `tier,responder,start,end,stations`: written for spreadsheets, and read however they save it."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pager.adapters.checked_file import did_you_mean
from pager.adapters.csv_cells import as_csv, as_written
from pager.domain.draft import Draft
from pager.domain.local_time import told
from pager.domain.roster import Shift, Tier
from pager.domain.roster_lines import Line, LineMistake, Table, TableError

COLUMNS = ("tier", "responder", "start", "end", "stations")
LARGEST_FILE = 2_000_000  # bytes
MOST_SHIFTS = 5_000
TOLD = 20  # mistakes; who made more of them has made the same one again and again

_DELIMITERS = ",;\t"
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe]")
_SEPARATOR_TOLD = re.compile(r'"?sep=[,;\t]"?[,;\t ]*(?=[\r\n]|$)', re.IGNORECASE)  # a first line for Excel
_IN_UTF_8 = "save it as UTF-8 (in Excel: Save As, CSV UTF-8)"


def write_shifts(shifts: Iterable[Shift], zone: ZoneInfo) -> str:
    """Return an agency's shifts as CSV, by their starts; a time that comes twice has its offset."""

    def order(shift: Shift) -> tuple[object, ...]:
        return shift.start_at, list(Tier).index(shift.tier), sorted(shift.stations)

    def row(shift: Shift) -> tuple[str, ...]:
        start, end = told(shift.starts, shift.start_at, zone), told(shift.ends, shift.end_at, zone)
        return shift.tier.value, shift.responder, start, end, " ".join(sorted(shift.stations))

    return as_csv([COLUMNS, *map(row, sorted(shifts, key=order))])


def decode(data: bytes) -> str:
    """Return the text of a file: UTF-8, or UTF-16 where it begins by saying so. Raises TableError."""
    if len(data) > LARGEST_FILE:
        raise _refused(0, f"is larger than {LARGEST_FILE // 1_000_000} MB; {_split_it()}")
    is_utf_16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    encoding = "utf-16" if is_utf_16 else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, "ignore")
        name = "UTF-16" if is_utf_16 else "UTF-8"
        raise _refused(_line_after(before), f"holds a character that is not {name}; {_IN_UTF_8}") from None


def read_shifts(text: str) -> Table:
    """Return what stands in the lines of a table.

    Commas, semicolons or tabs part the cells, and a first line like `sep=;` is passed over; columns may be in any
    order. Raises TableError where nothing of it can be used: no header, a column that is missing or unknown, more than
    MOST_SHIFTS lines.
    """
    text = text.removeprefix("\ufeff")
    if found := _NO_TEXT.search(text):
        raise _refused(
            _line_after(text[: found.start()]), f"holds a character that is no text ({found[0]!r}); {_IN_UTF_8}"
        )
    if separator := _SEPARATOR_TOLD.match(text):
        text = text[separator.end() :]  # its line end stays: lines are known by their numbers
    rows = _rows(text)
    header = next(rows, None)
    if header is None:
        raise _refused(0, f"is empty; its first line should be {','.join(COLUMNS)}")
    places = _places(header)
    lines: list[Line] = []
    mistakes: list[LineMistake] = []
    for row in rows:
        if len(lines) + len(mistakes) == MOST_SHIFTS:
            raise _refused(0, f"has {sum(1 for line in _lines(text) if line.strip()):,} lines; {_split_it()}")
        surplus = [cell for place, cell in enumerate(row.cells) if cell and place not in places.values()]
        if surplus:
            mistakes.append(LineMistake(row.line, "", _too_many(surplus[0])))
        else:
            lines.append(Line(row.line, _draft(row, places)))
    return Table(tuple(lines), tuple(mistakes))


class _Row(NamedTuple):
    """The cells of a row that is not empty, and the number of its first line."""

    line: int
    cells: Sequence[str]


def _rows(text: str) -> Iterator[_Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    line = 1
    try:
        for cells in reader:
            clean = [as_written(" ".join(cell.split())) for cell in cells]
            if any(clean):
                yield _Row(line, clean)
            line = reader.line_num + 1
    except csv.Error:
        message = "has quotation marks that do not fit: a cell begins and ends with one, one inside it is written twice"
        raise _refused(line, message) from None


def _delimiter(text: str) -> str:
    """Return what parts the cells: that of which the first line has most, outside its names."""
    header = next((line for line in _lines(text) if line.strip(" \t\r\n;,")), "")
    return max(_DELIMITERS, key=lambda delimiter: sum(_name(cell) in COLUMNS for cell in header.split(delimiter)))


def _lines(text: str) -> Iterator[str]:
    """Yield the lines, whatever ends them."""
    return iter(io.StringIO(text, newline=None))


def _line_after(text: str) -> int:
    """Return the number of the line in which a text ends."""
    return len(re.findall(r"\r\n?|\n", text)) + 1


def _name(cell: str) -> str:
    return "".join(cell.replace('"', "").split()).lower()


def _places(header: _Row) -> dict[str, int]:
    """Return in which place of a row each column stands. Raises TableError."""
    mistakes = []
    places: dict[str, int] = {}
    for place, cell in enumerate(header.cells):
        name = _name(cell)
        if name in places:
            mistakes.append(LineMistake(header.line, name, "is there twice; take one of the columns out"))
        elif name in COLUMNS:
            places[name] = place
        elif name:
            hint = did_you_mean(name, COLUMNS) or f"; the columns are {', '.join(COLUMNS)}"
            mistakes.append(LineMistake(header.line, cell[:40], f"is no column here{hint}"))
    if not places:
        raise _refused(header.line, f"does not name the columns; the first line should be {','.join(COLUMNS)}")
    missing = [name for name in COLUMNS if name not in places]
    mistakes += (LineMistake(header.line, name, f"is missing: there is no column {name}") for name in missing)
    if mistakes:
        raise TableError(mistakes)
    return places


def _draft(row: _Row, places: dict[str, int]) -> Draft:
    """Return what a row says; cells that are missing at its end are empty."""
    cells = {name: row.cells[place] if place < len(row.cells) else "" for name, place in places.items()}
    stations = tuple(filter(None, re.split(r"[\s,;]+", cells["stations"])))
    return Draft(cells["tier"].lower(), cells["responder"], cells["start"], cells["end"], stations)


def _too_many(cell: str) -> str:
    return (
        f"{cell[:40]} stands in no column; part stations by spaces, or put a cell that holds commas in quotation marks"
    )


def _split_it() -> str:
    return f"at most {MOST_SHIFTS:,} shifts are imported at a time, so split it"


def _refused(line: int, text: str) -> TableError:
    return TableError([LineMistake(line, "", text)])

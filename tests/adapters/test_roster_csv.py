"""Shifts as CSV: read however a spreadsheet saves them, and refused in words that say what to do."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pager.adapters.roster_csv import COLUMNS, LARGEST_FILE, MOST_SHIFTS, decode, read_shifts, write_shifts
from pager.domain.draft import Draft
from pager.domain.local_time import after_the_jump, instant
from pager.domain.roster import Shift, Tier
from pager.domain.roster_lines import Line, LineMistake, Table, TableError

ZONE = ZoneInfo("America/Los_Angeles")
HEADER = "tier,responder,start,end,stations\n"
ROW = "primary,dcfs-ana,2026-07-04T18:00,2026-07-05T08:00,compton lancaster\n"
DRAFT = Draft("primary", "dcfs-ana", "2026-07-04T18:00", "2026-07-05T08:00", ("compton", "lancaster"))


def read(data: bytes) -> Table:
    return read_shifts(decode(data))


def drafts(text: str) -> list[Draft]:
    return [line.draft for line in read_shifts(text).lines]


def mistakes(data: bytes) -> tuple[LineMistake, ...]:
    with pytest.raises(TableError) as caught:
        read(data)
    return caught.value.mistakes


@pytest.mark.parametrize(
    "data",
    [
        (HEADER + ROW).encode(),
        codecs.BOM_UTF8 + (HEADER + ROW).encode(),
        (HEADER + ROW).encode("utf-16"),
        codecs.BOM_UTF16_BE + (HEADER + ROW).encode("utf-16-be"),
        (HEADER + ROW).replace("\n", "\r\n").encode(),
        (HEADER + ROW).replace("\n", "\r").encode(),
        (HEADER + ROW).replace(",", ";").encode(),
        (HEADER + ROW).replace(",", "\t").encode(),
        (HEADER + ROW.replace("compton lancaster", '"compton, lancaster"')).encode(),
        (HEADER + ROW.replace("compton lancaster", "compton;lancaster")).encode(),
        (HEADER + ROW.replace("dcfs-ana", ' "dcfs-ana"'.strip())).encode(),
        ("sep=;\n" + (HEADER + ROW).replace(",", ";")).encode(),
        codecs.BOM_UTF8 + ('"SEP=,",,,,\r\n' + HEADER + ROW).encode(),
        f"\n  \n{HEADER}\n,,,,\n{ROW}\n\n".encode(),
        (HEADER.replace(",", " , ").title() + ROW).encode(),
        (HEADER.replace("\n", ",,\n") + ROW.replace("\n", ",,\n")).encode(),
        b"stations,end,Start,RESPONDER,tier\ncompton lancaster,2026-07-05T08:00,2026-07-04T18:00,dcfs-ana,Primary",
    ],
)
def test_reads_what_spreadsheets_make_of_a_table(data: bytes) -> None:
    table = read(data)
    assert ([line.draft for line in table.lines], table.mistakes) == ([DRAFT], ())


def test_a_line_is_known_by_its_number_in_the_file() -> None:
    text = f'{HEADER}\n{ROW}primary,"dcfs-\nana",2026-07-04T18:00,2026-07-05T08:00,\n{ROW}'
    assert [line.number for line in read_shifts(text).lines] == [3, 4, 6]


def test_a_first_line_that_tells_excel_the_separator_counts_as_a_line() -> None:
    assert [line.number for line in read_shifts(f"sep=,\n{HEADER}{ROW}").lines] == [3]


def test_cells_that_are_missing_at_the_end_of_a_line_are_empty() -> None:
    assert drafts(HEADER + "primary,dcfs-ana,2026-07-04T18:00,2026-07-05T08:00") == [
        Draft("primary", "dcfs-ana", "2026-07-04T18:00", "2026-07-05T08:00")
    ]


def test_the_apostrophe_before_what_looks_like_a_formula_is_taken_off() -> None:
    assert drafts(HEADER + "primary,'=1+1,'soon,,")[0].responder == "=1+1"
    assert drafts(HEADER + "primary,'=1+1,'soon,,")[0].start == "'soon"


@pytest.mark.parametrize(
    ("data", "line", "column", "said"),
    [
        (b"", 0, "", "is empty; its first line should be tier,responder,start,end,stations"),
        (b"\n,,\n", 0, "", "is empty"),
        (b"\n;;\n", 2, "", "does not name the columns"),
        (ROW.encode(), 1, "", "does not name the columns; the first line should be"),
        (b"tier,responder,start,stations\n", 1, "end", "is missing: there is no column end"),
        (b"\ntier,responder,start,end,station\n", 2, "station", "is no column here; did you mean stations?"),
        (b"tier,responder,start,end,stations,colour\n", 1, "colour", "is no column here; the columns are tier, "),
        (b"tier,start,responder,Start,end,stations\n", 1, "start", "is there twice; take one of the columns out"),
        (HEADER.encode() + b'primary,"dcfs-ana,2026\n', 2, "", "has quotation marks that do not fit"),
        (HEADER.encode() + b'primary,"dcfs"-ana,2026\n', 2, "", "has quotation marks that do not fit"),
        (HEADER.encode() + "primary,se\xf1or\n".encode("cp1252"), 2, "", "holds a character that is not UTF-8; save"),
        (HEADER.encode("utf-16") + b"x", 2, "", "holds a character that is not UTF-16; save it as UTF-8"),
        (HEADER.encode() + b"pri\0mary", 2, "", r"holds a character that is no text ('\x00'); save it as UTF-8"),
        (HEADER.encode("utf-16-le"), 1, "", r"holds a character that is no text ('\x00'); save it as UTF-8"),
        (b"x" * (LARGEST_FILE + 1), 0, "", "is larger than 2 MB; at most 5,000 shifts are imported at a time, so"),
    ],
)
def test_a_file_of_which_nothing_can_be_used_is_refused_in_a_sentence(
    data: bytes, line: int, column: str, said: str
) -> None:
    assert any((one.line, one.column) == (line, column) and one.text.startswith(said) for one in mistakes(data))


def test_as_many_shifts_as_can_be_looked_at_are_read_and_no_more() -> None:
    short = "primary,dcfs-ana,2026,2027,\n"
    assert len(read_shifts(HEADER + short * MOST_SHIFTS).lines) == MOST_SHIFTS
    (told,) = mistakes((HEADER + short * 49_999).encode())
    assert (told.line, told.text) == (
        0,
        "has 50,000 lines; at most 5,000 shifts are imported at a time, so split it",
    )


def test_a_cell_too_many_is_told_with_its_line_and_the_others_are_read() -> None:
    table = read_shifts(HEADER + ROW.replace("compton ", "compton,") + ROW)
    assert [line.number for line in table.lines] == [3]
    assert [(one.line, one.text[:30]) for one in table.mistakes] == [(2, "lancaster stands in no column;")]


def shifts_of(data: bytes) -> Sequence[Line]:
    """Return the lines that can be read, none where the file is refused as a whole."""
    with suppress(TableError):
        return read(data).lines
    return ()


@given(st.binary(max_size=300) | st.binary(max_size=200).map((HEADER + ROW).encode().__add__))
@example(codecs.BOM_UTF16_LE)
@example(codecs.BOM_UTF32_LE + b"x")
def test_no_bytes_bring_anything_but_shifts_or_a_refusal(data: bytes) -> None:
    assert all(line.number > 1 for line in shifts_of(data))


@given(st.text(st.sampled_from("\";,\t\r\n' =ab") | st.characters(codec="utf-8"), max_size=80))
def test_no_text_below_a_header_brings_anything_but_shifts_or_a_refusal(text: str) -> None:
    assert all("" not in line.draft.stations for line in shifts_of((HEADER + text).encode()))


@st.composite
def shifts(draw: st.DrawFn) -> Shift:
    first = draw(st.datetimes(datetime.fromisoformat("2026-10-31"), datetime.fromisoformat("2026-11-03")))
    starts, ends = (after_the_jump(at.replace(microsecond=0), ZONE) for at in (first, first + timedelta(hours=9)))
    places = draw(st.frozensets(st.sampled_from(["compton", "lancaster", "lapd-77th"])))
    tier = draw(st.sampled_from(Tier))
    return Shift("dcfs", tier, "dcfs-ana", places, starts, ends, instant(starts, ZONE), instant(ends, ZONE))


@given(st.lists(shifts(), max_size=5))
def test_what_is_written_is_read_as_it_was(written: list[Shift]) -> None:
    text = write_shifts(written, ZONE)
    assert text.splitlines()[0].split(",") == list(COLUMNS)
    found = drafts(text)
    ordered = sorted(written, key=lambda one: (one.start_at, list(Tier).index(one.tier), sorted(one.stations)))
    assert [(one.tier, frozenset(one.stations)) for one in found] == [(one.tier, one.stations) for one in ordered]


def test_a_time_that_comes_twice_is_written_with_its_offset() -> None:
    twice = datetime.fromisoformat("2026-11-01T01:30")
    ends = datetime.fromisoformat("2026-11-02")
    second = instant(twice, ZONE) + timedelta(hours=1)
    shift = Shift("dcfs", Tier.BACKUP, "dcfs-ben", frozenset(), twice, ends, second, second)
    assert write_shifts([shift], ZONE).splitlines()[1] == "backup,dcfs-ben,2026-11-01T01:30-08:00,2026-11-02T00:00,"

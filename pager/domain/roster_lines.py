"""Lines of a table of shifts: what they make of an agency's roster, or all that is wrong with them, line by line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from pager.domain.changes import Change, compare
from pager.domain.directory_file import Directory, DirectoryFile
from pager.domain.draft import Draft, Surroundings, overlap_told, read_draft
from pager.domain.local_time import LocalTimeError, Which, read_local, shown
from pager.domain.roster import EntryKind, Shift, Tier, overlaps
from pager.domain.written import DraftError

# How spreadsheets write a time once they have taken it for one: 7/4/2026 18:00, 4.7.26 18:00, 46207.75.
_REWRITTEN = re.compile(r"\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b|\d{5}([.,]\d+)?$")

ShiftKey = tuple[EntryKind, str, Tier, frozenset[str], datetime]


class Line(NamedTuple):
    """One shift of a table, and the number of its line, from 1."""

    number: int
    draft: Draft


class LineMistake(NamedTuple):
    """What is wrong in a line of a table, 0 for all of it, in which column, "" for all of them; and what is right."""

    line: int
    column: str
    text: str


@dataclass(frozen=True)
class Table:
    """The lines of a table that can be read, and what is wrong with the others."""

    lines: tuple[Line, ...] = ()
    mistakes: tuple[LineMistake, ...] = ()


class TableError(ValueError):
    """A table cannot be used. Holds every mistake, in the order of the lines."""

    def __init__(self, mistakes: Iterable[LineMistake]) -> None:
        self.mistakes = tuple(sorted(mistakes, key=lambda mistake: mistake.line))
        super().__init__("; ".join(f"{line}: {column}: {text}" for line, column, text in self.mistakes))


@dataclass(frozen=True)
class Plan:
    """What a table changes, in the order in which it can be carried out, and how many of its shifts change nothing."""

    changes: tuple[Change, ...]
    unchanged: int


def plan(table: Table, around: Surroundings, roster: Sequence[Shift]) -> Plan:
    """Return what the table makes of an agency's roster: its shifts are added, or changed where they are known.

    A shift is known by its tier, stations and start. `roster` holds the agency's shifts and overrides; what the table
    does not name stays. Raises TableError with everything that is wrong.
    """
    known = {one.key: one for one in roster if one.kind is EntryKind.SHIFT}
    mistakes = list(table.mistakes)
    shifts: list[tuple[int, Shift]] = []
    for line in table.lines:
        try:
            shifts.append((line.number, _read(line.draft, around, known)))
        except DraftError as error:
            mistakes += (
                LineMistake(line.number, field, _told(line.draft, field, text)) for field, text in error.mistakes
            )
    mistakes += _clashes(shifts, known)
    if mistakes:
        raise TableError(mistakes)
    wanted = DirectoryFile(shifts=tuple(shift for _, shift in shifts))
    changes = compare(Directory(shifts=tuple(known.values())), wanted, now=around.now, prune=False)
    return Plan(changes, len(shifts) - len(changes))


def _read(draft: Draft, around: Surroundings, known: Mapping[ShiftKey, Shift]) -> Shift:
    """Return the shift of a line. One that is as it was is not checked again: it may name who is deactivated by now."""
    old = _known(draft, around, known)
    if old is not None and _is_as_it_was(draft, old, around):
        return replace(old)  # a shift of its own, as each other line's is
    return read_draft(draft, EntryKind.SHIFT, around, replaced=old)


def _is_as_it_was(draft: Draft, old: Shift, around: Surroundings) -> bool:
    try:
        start = read_local(draft.start, around.zone, draft.start_which)
        end = read_local(draft.end, around.zone, draft.end_which)
    except LocalTimeError:
        return False
    return (draft.responder, start, end) == (old.responder, (old.starts, old.start_at), (old.ends, old.end_at))


def _known(draft: Draft, around: Surroundings, known: Mapping[ShiftKey, Shift]) -> Shift | None:
    """Return the shift of the roster that a line is about."""
    try:
        starts, _ = read_local(draft.start, around.zone, draft.start_which or Which.FIRST)
        key = (EntryKind.SHIFT, around.agency.code, Tier(draft.tier), frozenset(draft.stations), starts)
    except ValueError:  # no time, or no tier
        return None
    return known.get(key)


def _told(draft: Draft, field: str, text: str) -> str:
    written = {"start": draft.start, "end": draft.end}.get(field, "")
    if _REWRITTEN.match(written.strip()):
        return f"{text}; a spreadsheet has rewritten it: make the column text there, then type the times again"
    return text


def _clashes(shifts: Sequence[tuple[int, Shift]], known: Mapping[ShiftKey, Shift]) -> Iterator[LineMistake]:
    """Yield each shift that stands twice, or would put a second person on a tier at once."""
    first: dict[ShiftKey, int] = {}
    numbers: dict[int, int] = {}
    for number, shift in shifts:
        if first.setdefault(shift.key, number) == number:
            numbers[id(shift)] = number
        else:
            yield LineMistake(number, "", f"is the same shift as line {first[shift.key]}; take one of them out")
    named = [shift for _, shift in shifts if id(shift) in numbers]
    beside = [one for key, one in known.items() if key not in first]
    for one, other in overlaps([*named, *beside]):
        late, early = (other, one) if id(other) in numbers else (one, other)
        if id(late) in numbers:
            yield LineMistake(numbers[id(late)], "start", _overlap_told(early, numbers.get(id(early))))


def _overlap_told(other: Shift, line: int | None) -> str:
    if line is None:
        return overlap_told(other)
    period = f"{other.responder} from {shown(other.starts)} to {shown(other.ends)}"
    return (
        f"overlaps line {line}, {period}: two people on the {other.tier} tier at once; end one before the other begins"
    )

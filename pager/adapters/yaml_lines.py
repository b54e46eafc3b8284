"""Reads a YAML file into plain values and remembers the line of each, so that an error can say where it is.

Stricter than YAML: keys are unique, anchors and tags are refused, and only `true`, `false` and blanks are not text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

Loc = tuple[str | int, ...]

# The C parser reads ten thousand shifts in under a second, the Python one takes ten; the events are the same.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MAX_DEPTH = 10
_MAX_BYTES = 20_000_000
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
}


@dataclass(frozen=True)
class FileProblem:
    """One thing that is wrong in a file: where, and what would be right. Line 0 and field "" mean the whole file."""

    path: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.field}: {self.message}" if self.field else f"{place}: {self.message}"


class FileError(Exception):
    """A file that cannot be used; `problems` holds everything that is wrong with it, in the order of its lines."""

    def __init__(self, problems: list[FileProblem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.path, problem.line)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True)
class Document:
    """What a file holds: `data` of dicts, lists, str, bool and None, and the line of everything in it.

    `problems` are those that left the rest readable, e.g. a key that stands twice.
    """

    path: str
    data: dict[str, Any]
    lines: Mapping[Loc, int]
    problems: tuple[FileProblem, ...] = ()

    def line(self, loc: Loc) -> int:
        """Return the line of what stands at `loc`, or of the nearest thing around it."""
        while loc not in self.lines:
            loc = loc[:-1]
        return self.lines[loc]


def field_name(loc: Loc) -> str:
    """Write a place as people do: `ladder[2].at`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).removeprefix(".")


def load_yaml(path: Path) -> Document:
    """Read the file; raises FileError where it is not a readable YAML document of keys and values."""
    builder = _Builder(str(path), _read_text(path))
    try:
        data = builder.document()
    except _UnreadableError:
        raise FileError(builder.problems) from None
    if data is None:
        raise FileError([FileProblem(str(path), 0, "", "is empty")])
    if not isinstance(data, dict):
        kind = "a list" if isinstance(data, list) else "a single value"
        raise FileError([FileProblem(str(path), 1, "", f"should be keys with values (`key: value`), not {kind}")])
    return Document(str(path), data, builder.lines, tuple(builder.problems))


def _read_text(path: Path) -> str:
    def refuse(message: str, line: int = 0) -> FileError:
        return FileError([FileProblem(str(path), line, "", message)])

    try:
        with path.open("rb") as file:
            raw = file.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        raise refuse("there is no such file") from None
    except OSError as error:
        raise refuse(f"cannot be read: {error.strerror}") from None
    if len(raw) > _MAX_BYTES:
        raise refuse(f"is larger than {_MAX_BYTES // 1_000_000} MB, so it is not such a file")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refuse("is not UTF-8 text; save it as UTF-8", raw.count(b"\n", 0, error.start) + 1) from None
    if control := re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text):
        message = f"holds the control character U+{ord(control[0]):04X}; take it out"
        raise refuse(message, text.count("\n", 0, control.start()) + 1)
    return text


class _UnreadableError(Exception):
    """The file cannot be read past here; what is wrong is among the builder's problems."""


class _Builder:
    """Builds values from the parser's events; going by events, an alias is seen before it can multiply."""

    def __init__(self, path: str, text: str) -> None:
        self.lines: dict[Loc, int] = {}
        self.problems: list[FileProblem] = []
        self._path = path
        self._events = self._parse(text)

    def document(self) -> Any:
        """Return the one document of the stream, None where there is none; raises _UnreadableError."""
        value = None
        starts = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                starts += 1
                if starts == 1:
                    value = self._value(next(self._events), ())
                else:
                    self._refuse(_line(event), (), "a second document begins here; keep one, without `---` in between")
                    break
        return value

    def _parse(self, text: str) -> Iterator[yaml.Event]:
        try:
            yield from yaml.parse(text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 0
            self._refuse(line, (), _syntax_message(text.splitlines()[line - 1 : line], error))
            raise _UnreadableError from None
        except yaml.YAMLError as error:
            self._refuse(0, (), f"cannot be read as YAML: {error}")
            raise _UnreadableError from None

    def _value(self, event: yaml.Event, loc: Loc) -> Any:
        self.lines.setdefault(loc, _line(event))
        if len(loc) > _MAX_DEPTH:
            self._refuse(_line(event), loc[:2], "is nested too deeply")
            raise _UnreadableError
        if isinstance(event, yaml.AliasEvent):
            self._refuse(_line(event), loc, f"`*{event.anchor}` repeats another place; write it out")
            return ""
        if getattr(event, "tag", None):
            self._refuse(_line(event), loc, "a tag such as `!x` is not known here; leave it out and put text in quotes")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(loc)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(loc)
        return _scalar(cast(yaml.ScalarEvent, event))

    def _mapping(self, loc: Loc) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                self._refuse(_line(event), loc, "a key should be one plain word")
                raise _UnreadableError
            here = (*loc, event.value)
            if event.value in values:
                self._refuse(_line(event), here, f"stands here twice; it is in line {self.lines[here]} already")
            self.lines.setdefault(here, _line(event))
            values[event.value] = self._value(next(self._events), here)
        return values

    def _sequence(self, loc: Loc) -> list[Any]:
        values: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            values.append(self._value(event, (*loc, len(values))))
        return values

    def _refuse(self, line: int, loc: Loc, message: str) -> None:
        self.problems.append(FileProblem(self._path, line, field_name(loc), message))


def _syntax_message(source: list[str], error: yaml.MarkedYAMLError) -> str:
    if source and re.match(r" *\t", source[0]):
        return "is indented with a tab; use spaces"
    message = f"cannot be read as YAML: {error.problem}"
    if error.context and error.context_mark:
        message += f" ({error.context} that begins in line {error.context_mark.line + 1})"
    return f"{message}; look for a missing colon, bracket or quote, or a wrong indentation"


def _line(event: yaml.Event) -> int:
    return int(event.start_mark.line) + 1 if event.start_mark else 0


def _scalar(event: yaml.ScalarEvent) -> str | bool | None:
    text = str(event.value)
    is_plain = event.implicit[0]
    return _WORDS[text] if is_plain and text in _WORDS else text

"""Checks a YAML file part by part against pydantic models, and says everything that is wrong in the user's words."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from pager.adapters.yaml_lines import Document, FileProblem, Loc, field_name


class Section(BaseModel):
    """A part of a file: keys that it does not declare are refused, and keys without a value unless it says so."""

    allows_blanks: ClassVar[bool] = False
    model_config = ConfigDict(extra="forbid", frozen=True)


SectionT = TypeVar("SectionT", bound=Section)


@dataclass(frozen=True)
class Entry(Generic[SectionT]):
    """One item of a list in the file, and where it stands."""

    loc: Loc
    value: SectionT


class CheckedFile:
    """A file while it is checked. Problems are gathered, so that one run shows them all."""

    def __init__(self, document: Document, context: Mapping[str, Any] | None = None) -> None:
        """`context` is handed to the validators of the fields."""
        self.document = document
        self.problems = list(document.problems)
        self.warnings: list[str] = []
        self._context = dict(context or {})

    def line(self, loc: Loc) -> int:
        """Return the line of what stands at `loc`."""
        return self.document.line(loc)

    def refuse(self, loc: Loc, message: str) -> None:
        """Note that what stands at `loc` is wrong."""
        problem = self._problem(loc, message)
        known = {(one.line, one.field) for one in self.document.problems}
        if (problem.line, problem.field) not in known:
            self.problems.append(problem)

    def warn(self, loc: Loc, message: str) -> None:
        """Note that what stands at `loc` is doubtful, and used all the same."""
        self.warnings.append(str(self._problem(loc, message)))

    def read(self, loc: Loc, model: type[SectionT]) -> SectionT | None:
        """Return what stands at `loc`, or the model's defaults where nothing does; None where it was refused."""
        raw = self._raw(loc, {})
        if not isinstance(raw, dict):
            self.refuse(loc, f"should be keys with values: {', '.join(model.model_fields)}")
            return None
        blank = {key for key, value in raw.items() if value is None and key in model.model_fields}
        if not model.allows_blanks:
            for key in sorted(blank):
                self.refuse((*loc, key), "has no value; give it one, or take the key out")
        try:
            filled = {key: value for key, value in raw.items() if key not in blank}
            return model.model_validate(filled, context=self._context)
        except ValidationError as error:
            for detail in error.errors():
                if detail["loc"][0] not in blank:
                    self.refuse((*loc, *detail["loc"]), _in_plain_words(detail, model))
            return None

    def read_each(self, loc: Loc, model: type[SectionT]) -> list[Entry[SectionT]]:
        """Return the usable items of the list at `loc`; there are none where it is absent."""
        raw = self._raw(loc, [])
        if not isinstance(raw, list):
            self.refuse(loc, "should be a list, each item beginning with `- `")
            return []
        found = [((*loc, index), self.read((*loc, index), model)) for index in range(len(raw))]
        return [Entry(place, value) for place, value in found if value is not None]

    def is_empty_list(self, loc: Loc) -> bool:
        """Tell whether a list stands at `loc` with nothing in it."""
        return bool(self._raw(loc, None) == [])

    def names(self, loc: Loc, key: str) -> set[str]:
        """Return every `key` in the list at `loc`, also of items that were refused for something else."""
        raw = self._raw(loc, [])
        items = raw if isinstance(raw, list) else []
        return {item[key] for item in items if isinstance(item, dict) and isinstance(item.get(key), str)}

    def refuse_repeated(self, named: Iterable[tuple[Loc, str]]) -> None:
        """Refuse each name that an earlier place holds already."""
        first: dict[str, Loc] = {}
        for loc, name in named:
            if first.setdefault(name, loc) != loc:
                self.refuse(loc, f"{name} is named twice; it is in line {self.line(first[name])} already")

    def _raw(self, loc: Loc, default: Any) -> Any:
        value: Any = self.document.data
        for part in loc:
            if isinstance(value, dict) and value.get(str(part)) is None:
                return default
            value = value[part]
        return value

    def _problem(self, loc: Loc, message: str) -> FileProblem:
        return FileProblem(self.document.path, self.line(loc), field_name(loc), message)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean …?` where one of `known` looks like `word`, else ""."""
    close = difflib.get_close_matches(word, sorted(known), n=1)
    return f"; did you mean {close[0]}?" if close else ""


def _in_plain_words(error: ErrorDetails, model: type[Section]) -> str:
    given, kind = error["input"], error["type"]
    key = str(error["loc"][0])
    if kind == "extra_forbidden":
        known = model.model_fields
        return f"is not a key here{did_you_mean(key, known) or '; known are ' + ', '.join(known)}"
    if kind == "missing":
        examples = model.model_fields[key].examples or []
        return "is missing" + "".join(f"; write it like `{key}: {example}`" for example in examples)
    if kind == "value_error":
        return str(error["ctx"]["error"])
    if kind == "enum":
        choices = re.findall(r"'([^']+)'", error["ctx"]["expected"])
        return f"{shown(given)} is not one of {', '.join(choices)}{did_you_mean(shown(given), choices)}"
    return f"{shown(given)} should be {_WANTED.get(kind, error['msg'])}"


_WANTED = {
    "string_type": "text; put it in quotes if it is meant so",
    "bool_type": "true or false, without quotes",
    "list_type": "a list, such as [one, another]",
}


def shown(value: object) -> str:
    """Write a value of a file as its writer knows it."""
    if isinstance(value, dict | list):
        return "a list" if isinstance(value, list) else "a set of keys"
    if value is None:
        return "nothing"
    return str(value).lower() if isinstance(value, bool) else str(value)

"""The one table: what was measured, ours, what it is compared with, how many times that is, and what we aim at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

HEADINGS = ("what", "ours", "beside it, in the same run", "ratio", "aim", "")
NONE = "-"
MET, MISSED = "met", "missed"


@dataclass(frozen=True)
class Figure:
    """A number and its unit, with what it is a measure of where that is not plain."""

    value: float
    unit: str
    of: str = ""

    def __str__(self) -> str:
        text = f"{_rounded(self.value)} {self.unit}"
        return f"{text} {self.of}" if self.of else text


@dataclass(frozen=True)
class Aim:
    """What is aimed at; `is_met` judges our own figure and its ratio to the baseline."""

    text: str
    is_met: Callable[[float, float | None], bool]


def ratio_at_least(least: float) -> Aim:
    return Aim(f"ratio {least:g} or more", lambda _, ratio: ratio is not None and ratio >= least)


def ratio_below(most: float) -> Aim:
    return Aim(f"ratio below {most:g}", lambda _, ratio: ratio is not None and ratio < most)


def at_most(most: float, unit: str) -> Aim:
    return Aim(f"{most:g} {unit} or less", lambda ours, _: ours <= most)


@dataclass(frozen=True)
class Row:
    """One line. `beside` is the baseline, in the same unit as `ours`; `more` is told with ours and not judged."""

    what: str
    ours: Figure
    beside: Figure | None = None
    aim: Aim | None = None
    more: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours as a multiple of the baseline."""
        return None if self.beside is None else self.ours.value / self.beside.value

    def cells(self) -> tuple[str, ...]:
        ratio = NONE if self.ratio is None else f"{self.ratio:.2f}"
        ours = f"{self.ours}, {self.more}" if self.more else str(self.ours)
        beside = NONE if self.beside is None else str(self.beside)
        return (self.what, ours, beside, ratio, NONE if self.aim is None else self.aim.text, self._verdict())

    def _verdict(self) -> str:
        if self.aim is None:
            return ""
        return MET if self.aim.is_met(self.ours.value, self.ratio) else MISSED


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a table in Markdown, its columns in line."""
    lines = [HEADINGS, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    told = [_line(line, widths) for line in lines]
    rule = _line(["-" * width for width in widths], widths)
    return "\n".join([told[0], rule, *told[1:]])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "| " + " | ".join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True)) + " |"


def _rounded(value: float) -> str:
    """Return three digits of a number, all of those before the point."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"

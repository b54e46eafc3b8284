"""The after-action drawing: plain coordinates and words for a template that writes them as SVG.

Every agency has a lane, from top to bottom: rounds, rungs with their ticks, the bar of what the page was, and under it
words for what happened. Words that would cover others are left out; the shapes and the table say the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pager.adapters.web.after_action_shown import rung_words
from pager.adapters.web.encounter_words import Names
from pager.domain.history import History, Mark, MarkKind
from pager.domain.readable import clock_time
from pager.domain.scale import Scale, scale
from pager.lifecycle.after_action import AfterAction, AgencyAfter
from pager.lifecycle.turn import Turn

WIDTH, LEFT, RIGHT = 1000.0, 92.0, 34.0
HEAD, LANE, LANE_LEFT_OUT, AXIS = 40.0, 78.0, 28.0, 36.0
ROUND_Y, RUNG_Y, BAR_Y, WORD_ROWS_Y = 12.0, 25.0, 42.0, (61.0, 73.0)
LETTER = 6.6  # the width of one, rather too much than too little
MOST_TICKS = 8
NEAR_END = 1.25  # an end that is farther off would press all the rest together

WORDS = {
    MarkKind.ACKNOWLEDGED: "ACK",
    MarkKind.ETA: "ETA",
    MarkKind.DECLINED: "NO",
    MarkKind.RELEASED: "released",
    MarkKind.LAPSED: "lapsed",
    MarkKind.UNDONE: "taken back",
    MarkKind.ARRIVED: "on scene",
    MarkKind.LATE: "late",
}


@dataclass(frozen=True)
class Word:
    """Some text around a middle."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Tick:
    """A mark on the axis: its time of day, and the day where it is another than the mark's before."""

    x: float
    time: str
    day: str


@dataclass(frozen=True)
class Line:
    """An upright line through all lanes, of a `kind` that the template knows."""

    x: float
    kind: str
    word: Word


@dataclass(frozen=True)
class Bar:
    state: str
    x1: float
    x2: float


@dataclass(frozen=True)
class Shape:
    x: float
    kind: str


@dataclass(frozen=True)
class Lane:
    """One agency; `top` is where it begins, and all its own heights count from there."""

    name: str
    top: float
    height: float
    bars: Sequence[Bar] = ()
    shapes: Sequence[Shape] = ()
    words: Sequence[Word] = ()
    rungs: Sequence[Word] = ()


@dataclass(frozen=True)
class Drawing:
    """The whole drawing; `axis_y` is where the lanes end."""

    width: float
    height: float
    axis_y: float
    ticks: Sequence[Tick]
    lines: Sequence[Line]
    lanes: Sequence[Lane]


@dataclass
class Row:
    """A line of words, none of which covers another."""

    y: float
    taken: list[tuple[float, float]] = field(default_factory=list)

    def place(self, x: float, text: str) -> Word | None:
        """Put a word here around `x`, moved off the drawing's edge; None where there is no room."""
        half = len(text) * LETTER / 2
        x = min(max(x, LEFT - 10 + half), WIDTH - 4 - half)
        if any(x - half < right and left < x + half for left, right in self.taken):
            return None
        self.taken.append((x - half, x + half))
        return Word(round(x, 1), self.y, text)


def draw(turn: Turn, after: AfterAction, names: Names) -> Drawing:
    """Return an encounter's lanes, drawn to scale from its opening on."""
    to_scale = _scale(after)
    lanes, axis_y = _lanes(after, to_scale, names)
    return Drawing(
        width=WIDTH,
        height=axis_y + AXIS,
        axis_y=axis_y,
        ticks=_ticks(turn, to_scale),
        lines=_lines(turn, after, to_scale),
        lanes=lanes,
    )


def _scale(after: AfterAction) -> Scale:
    """From the opening to the window's end or the last mark, and to the encounter's end where that is near."""
    opened_at, marks = after.encounter.opened_at, [mark for one in after.agencies for mark in one.history.marks]
    last = max([after.encounter.respond_by, *(mark.at for mark in marks)])
    is_near = after.until - opened_at <= NEAR_END * (last - opened_at)
    return scale(opened_at, max(last, after.until) if is_near else last, WIDTH - LEFT - RIGHT)


def _x(to_scale: Scale, at: datetime) -> float:
    return round(LEFT + to_scale.x(at), 1)


def _ticks(turn: Turn, to_scale: Scale) -> Sequence[Tick]:
    ticks, day = [], ""
    for at in to_scale.ticks(turn.context.zone, MOST_TICKS):
        today = f"{at:%a %b} {at.day}"
        ticks.append(Tick(_x(to_scale, at), clock_time(at), today if today != day else ""))
        day = today
    return ticks


def _lines(turn: Turn, after: AfterAction, to_scale: Scale) -> Sequence[Line]:
    encounter = after.encounter
    wanted = [
        ("respond-by", encounter.respond_by, "window closes"),
        ("opened", encounter.opened_at, "opened"),
        ("ended", after.until, "now" if encounter.is_open else encounter.state.value),
    ]
    rows, lines = [Row(13.0), Row(27.0), Row(39.0)], []
    for kind, at, said in wanted:
        x = _x(to_scale, at)
        word = _place(rows, x, f"{said} {clock_time(turn.local(at))}")
        if word is not None and at <= to_scale.end:
            lines.append(Line(x, kind, word))
    return lines


def _lanes(after: AfterAction, to_scale: Scale, names: Names) -> tuple[Sequence[Lane], float]:
    """Return the lanes, and where they end."""
    lanes, top = [], HEAD
    for one in after.agencies:
        lanes.append(_lane(one, names.agency(one.agency), top, to_scale))
        top += LANE
    for code in after.encounter.left_out:
        word = Word(WIDTH / 2, LANE_LEFT_OUT - 9, "left out: not paged")
        lanes.append(Lane(names.agency(code), top, LANE_LEFT_OUT, words=[word]))
        top += LANE_LEFT_OUT
    return lanes, top


def _lane(one: AgencyAfter, name: str, top: float, to_scale: Scale) -> Lane:
    found = one.history
    drawn = [mark for mark in found.marks if not mark.is_void]
    others = [mark for mark in drawn if mark.kind is not MarkKind.PAGED]
    return Lane(
        name=name,
        top=top,
        height=LANE,
        bars=[
            Bar(span.state.value, _x(to_scale, span.start), _x(to_scale, span.end))
            for span in found.spans
            if span.start < span.end
        ],
        shapes=[Shape(_x(to_scale, mark.at), mark.kind.value) for mark in drawn],
        words=[*_words(others, to_scale), *_rounds(found, to_scale)],
        rungs=_rungs(found.of(MarkKind.PAGED), to_scale),
    )


def _words(marks: Sequence[Mark], to_scale: Scale) -> Sequence[Word]:
    """Return a word for each mark but pages. Arrivals and who is late come first: they must not be left out."""
    first = (MarkKind.ARRIVED, MarkKind.LATE)
    rows = [Row(y) for y in WORD_ROWS_Y]
    in_order = sorted(marks, key=lambda mark: mark.kind not in first)
    placed = [_place(rows, _x(to_scale, mark.at), WORDS[mark.kind]) for mark in in_order]
    return [word for word in placed if word is not None]


def _rounds(found: History, to_scale: Scale) -> Sequence[Word]:
    row = Row(ROUND_Y)
    later = enumerate(found.rounds[1:], start=2)
    placed = [row.place(_x(to_scale, at), f"round {number}") for number, at in later]
    return [word for word in placed if word is not None]


def _rungs(marks: Sequence[Mark], to_scale: Scale) -> Sequence[Word]:
    row = Row(RUNG_Y)
    placed = [row.place(_x(to_scale, mark.at), rung_words(mark)) for mark in marks]
    return [word for word in placed if word is not None]


def _place(rows: Sequence[Row], x: float, text: str) -> Word | None:
    """Put a word into the first row that has room."""
    for row in rows:
        word = row.place(x, text)
        if word is not None:
            return word
    return None

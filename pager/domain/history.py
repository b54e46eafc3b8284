"""What one agency's page went through, read from its timeline: each state from when to when, and what happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from pager.domain.page import PageState
from pager.domain.timeline import Event, EventKind


class MarkKind(StrEnum):
    PAGED = "paged"
    ACKNOWLEDGED = "acknowledged"
    ETA = "eta"
    DECLINED = "declined"
    RELEASED = "released"
    LAPSED = "lapsed"
    UNDONE = "undone"
    ARRIVED = "arrived"
    LATE = "late"


@dataclass(frozen=True)
class Mark:
    """Something that happened at an instant; an ETA lies at the instant that was promised.

    `rung` is that of a PAGED mark: everybody whom one rung paged at once is one mark. `is_void`: an ETA that nobody
    waited for any more when it came, since the one who gave it was no longer coming.
    """

    at: datetime
    kind: MarkKind
    responder: str | None = None
    round: int = 1
    rung: int | None = None
    is_void: bool = False


@dataclass(frozen=True)
class Span:
    """How long a page was in one state."""

    state: PageState
    start: datetime
    end: datetime


@dataclass(frozen=True)
class History:
    """One agency's page from its opening: `on_scene_at` is the arrival that was not taken back, None without one."""

    opened_at: datetime
    marks: Sequence[Mark]
    spans: Sequence[Span]
    rounds: Sequence[datetime]  # when each began
    on_scene_at: datetime | None

    def of(self, *kinds: MarkKind) -> Sequence[Mark]:
        """Return the marks of some kinds, in the order in which they were made."""
        return [mark for mark in self.marks if mark.kind in kinds]


def history(opened_at: datetime, events: Iterable[Event], until: datetime) -> History:
    """Return what a page opened then went through `until` it ended, or now; `events` are its own, in order."""
    reading = _Reading(opened_at)
    for event in events:
        reading.take(event)
    reading.end_span(until)
    return History(opened_at, reading.marks, reading.spans, reading.rounds, reading.on_scene_at)


def _eta(event: Event) -> datetime | None:
    eta = event.data.get("eta")
    return None if eta is None else datetime.fromisoformat(eta)


def _is_to_come(mark: Mark, now: datetime) -> bool:
    return mark.kind is MarkKind.ETA and mark.at > now


_PLAIN = {EventKind.DECLINED: MarkKind.DECLINED, EventKind.LATE: MarkKind.LATE}
_BEGINS_A_ROUND = {EventKind.RELEASED: MarkKind.RELEASED, EventKind.LAPSED: MarkKind.LAPSED}


@dataclass
class _Reading:
    """Follows a page through its events; `coming` is the one counted on last, `promised` the ETAs of who stands by."""

    since: datetime
    state: PageState = PageState.PAGING
    coming: str | None = None
    on_scene_at: datetime | None = None
    marks: list[Mark] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    rounds: list[datetime] = field(default_factory=list)
    promised: dict[str | None, datetime | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rounds.append(self.since)

    def take(self, event: Event) -> None:
        if event.kind in _PLAIN:
            self._mark(event, _PLAIN[event.kind])
        elif event.kind in _BEGINS_A_ROUND:
            self._begin_round(event, _BEGINS_A_ROUND[event.kind])
        elif event.kind is EventKind.PAGED:
            self._paged(event)
        elif event.kind is EventKind.ACKNOWLEDGED:
            self._acknowledged(event)
        elif event.kind is EventKind.STANDBY:
            self.promised[event.responder] = _eta(event)
        elif event.kind is EventKind.ARRIVED:
            self._arrived(event)
        elif event.kind is EventKind.UNDONE:
            self._undone(event)

    def end_span(self, at: datetime) -> None:
        self.spans.append(Span(self.state, self.since, at))
        self.since = at

    def _become(self, state: PageState, at: datetime) -> None:
        if state is not self.state:
            self.end_span(at)
            self.state = state

    def _mark(self, event: Event, kind: MarkKind, at: datetime | None = None, rung: int | None = None) -> None:
        self.marks.append(Mark(at or event.at, kind, event.responder, len(self.rounds), rung))

    def _paged(self, event: Event) -> None:
        rung, last = event.data.get("rung"), self.marks[-1] if self.marks else None
        is_same = last is not None and (last.at, last.kind, last.rung) == (event.at, MarkKind.PAGED, rung)
        if not is_same:
            self._mark(event, MarkKind.PAGED, rung=rung)

    def _acknowledged(self, event: Event) -> None:
        """Somebody comes, or who comes already says when. One who stood by comes when they have said before."""
        if self.state is PageState.PAGING or event.responder != self.coming:
            self._mark(event, MarkKind.ACKNOWLEDGED)
        eta = _eta(event) or self.promised.get(event.responder)
        if eta is not None and eta > event.at:
            self._mark(event, MarkKind.ETA, eta)
        self.coming = event.responder
        self._become(PageState.ACKNOWLEDGED, event.at)

    def _arrived(self, event: Event) -> None:
        """The first arrival counts; others who come later change nothing."""
        if self.on_scene_at is None:
            self._mark(event, MarkKind.ARRIVED)
            self.coming, self.on_scene_at = event.responder, event.at
            self._become(PageState.ON_SCENE, event.at)

    def _undone(self, event: Event) -> None:
        """An arrival was taken back where there was one, else an acknowledgement."""
        if self.on_scene_at is None:
            self._begin_round(event, MarkKind.UNDONE)
        else:
            self._mark(event, MarkKind.UNDONE)
            self.on_scene_at = None
            self._become(PageState.ACKNOWLEDGED, event.at)

    def _begin_round(self, event: Event, kind: MarkKind) -> None:
        self.marks = [replace(mark, is_void=mark.is_void or _is_to_come(mark, event.at)) for mark in self.marks]
        self._mark(event, kind)
        self.rounds.append(event.at)
        self.coming = None
        self._become(PageState.PAGING, event.at)

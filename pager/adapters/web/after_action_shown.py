"""The after-action page in words: what the drawing shows, agency by agency, and the whole timeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pager.adapters.web.encounter_shown import Happened, happened
from pager.adapters.web.encounter_words import Names, in_minutes, local_time
from pager.domain.decision import BY_HAND_RUNG, EVERYBODY_RUNG, STANDBY_RUNG
from pager.domain.follow_up import FollowUp
from pager.domain.history import Mark, MarkKind
from pager.lifecycle.after_action import AfterAction, AgencyAfter, Verdict
from pager.lifecycle.turn import Turn

NOTHING = "\N{EN DASH}"
SIDE_RUNG_WORDS = {STANDBY_RUNG: "standby", EVERYBODY_RUNG: "everybody", BY_HAND_RUNG: "by name"}
_MOST_RUNGS = 8  # what repeats go on past the window must not push the table off its sheet
_GIVEN_BACK = {
    MarkKind.DECLINED: "NO",
    MarkKind.RELEASED: "released",
    MarkKind.LAPSED: "lapsed",
    MarkKind.UNDONE: "taken back",
}


@dataclass(frozen=True)
class AgencyRow:
    """One agency in the table under the drawing; each cell holds lines."""

    name: str
    paged: Sequence[str]
    acknowledged: Sequence[str]
    on_scene: Sequence[str]
    window: str
    is_late: bool
    given_back: Sequence[str]


@dataclass(frozen=True)
class FollowUpRow:
    title: str
    agency: str
    due: str
    state: str


class Shown:
    """One encounter's after-action page in words. `users` has the emails of those who acted, by id."""

    def __init__(self, turn: Turn, after: AfterAction, names: Names, users: Mapping[int, str]) -> None:
        self._turn, self._after, self._names, self._users = turn, after, names, users

    def time(self, at: datetime) -> str:
        return local_time(self._turn, self._after.encounter, at)

    @property
    def state(self) -> str:
        """Say whether this is all: `closed at 4:50am`, or how an open one stands."""
        state = self._after.encounter.state.value
        said = f"{state}: this is how it stands" if self._after.encounter.is_open else state
        return f"{said} at {self.time(self._after.until)}"

    def agency_rows(self) -> Sequence[AgencyRow]:
        """Return a row for each agency, with those that were left out at the end."""
        left_out = [
            AgencyRow(self._names.agency(code), ["left out"], [NOTHING], [NOTHING], NOTHING, False, [NOTHING])
            for code in self._after.encounter.left_out
        ]
        return [*(self._agency_row(one) for one in self._after.agencies), *left_out]

    def _agency_row(self, one: AgencyAfter) -> AgencyRow:
        acknowledged = one.history.of(MarkKind.ACKNOWLEDGED)
        given_back = one.history.of(*_GIVEN_BACK)
        return AgencyRow(
            name=self._names.agency(one.agency),
            paged=list(self._paged(one)),
            acknowledged=[self._acknowledged(one, mark) for mark in acknowledged] or ["nobody"],
            on_scene=[self._after_minutes(one, mark) for mark in _arrivals(one)] or ["nobody"],
            window=verdict_words(one, self._after),
            is_late=one.verdict in (Verdict.LATE, Verdict.OVERDUE, Verdict.NEVER),
            given_back=[f"{self._who(mark)}: {_GIVEN_BACK[mark.kind]} {self.time(mark.at)}" for mark in given_back]
            or [NOTHING],
        )

    def _paged(self, one: AgencyAfter) -> Iterator[str]:
        if one.is_added:
            yield f"added {self.time(one.history.opened_at)}"
        paged = one.history.of(MarkKind.PAGED)
        yield f"first {self.time(paged[0].at)}" if paged else "nobody could be paged"
        for number in range(1, len(one.history.rounds) + 1):
            marks = [mark for mark in paged if mark.round == number]
            if marks:
                beginning = f"round {number}: " if len(one.history.rounds) > 1 else ""
                yield beginning + self._rungs(marks)

    def _rungs(self, marks: Sequence[Mark]) -> str:
        shown = ", ".join(f"{rung_words(mark)} at {self.time(mark.at)}" for mark in marks[:_MOST_RUNGS])
        more = len(marks) - _MOST_RUNGS
        return shown if more <= 0 else f"{shown} and {more} more until {self.time(marks[-1].at)}"

    def _acknowledged(self, one: AgencyAfter, mark: Mark) -> str:
        """Say who comes since when, and each ETA that they gave then."""
        etas = one.history.of(MarkKind.ETA)
        given = [eta.at for eta in etas if (eta.responder, eta.round) == (mark.responder, mark.round)]
        said = f", ETA {', then '.join(self.time(at) for at in given)}" if given else ""
        return self._after_minutes(one, mark) + said

    def _after_minutes(self, one: AgencyAfter, mark: Mark) -> str:
        return f"{self._who(mark)} after {in_minutes(mark.at - one.history.opened_at)} ({self.time(mark.at)})"

    def _who(self, mark: Mark) -> str:
        return self._names.person(mark.responder) if mark.responder else "somebody"

    def event_rows(self) -> Iterable[Happened]:
        after = self._after
        return happened(self._turn, after.encounter, after.events, after.words, self._names, self._users)

    def follow_up_rows(self) -> Sequence[FollowUpRow]:
        return [self._follow_up_row(one) for one in self._after.follow_ups]

    def _follow_up_row(self, one: FollowUp) -> FollowUpRow:
        state = "open" if one.due_at >= self._turn.now else "open, overdue"
        if one.outcome is not None:
            when = "" if one.closed_at is None else f", {self.time(one.closed_at)}"
            state = one.outcome.value.replace("_", " ") + when
        return FollowUpRow(one.title, self._names.agency(one.agency), self.time(one.due_at), state)


def _arrivals(one: AgencyAfter) -> Sequence[Mark]:
    """Return the arrival that counts: what was taken back stands elsewhere."""
    return [mark for mark in one.history.of(MarkKind.ARRIVED) if mark.at == one.history.on_scene_at]


def verdict_words(one: AgencyAfter, after: AfterAction) -> str:
    """Say how an agency's arrival stands to the window."""
    late_by = None if one.late_by is None else in_minutes(one.late_by)
    match one.verdict:
        case Verdict.IN_TIME:
            return "inside the window"
        case Verdict.LATE:
            return f"late by {late_by}"
        case Verdict.AWAITED:
            return f"not on scene so far; {in_minutes(after.encounter.respond_by - after.until)} left"
        case Verdict.OVERDUE:
            return f"not on scene so far; late by {late_by}"
        case Verdict.ENDED_BEFORE:
            return f"not on scene; {after.encounter.state.value} before the window closed"
        case Verdict.NEVER:
            return "not on scene; the window closed"


def rung_words(mark: Mark) -> str:
    """Return what a rung is called: its number, or what was paged beside the ladder."""
    return NOTHING if mark.rung is None else SIDE_RUNG_WORDS.get(mark.rung, str(mark.rung))

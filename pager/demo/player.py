"""Plays a scenario: opens an encounter as a dispatch system would, and does on the telephones what the script says."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pager.demo.clock import DemoClock
from pager.demo.scenarios import CALLBACK, CARRIER, DISPATCHER, SCENARIOS, STATION, Does, Line, Scenario, span
from pager.domain.encounter import ForbiddenTransitionError
from pager.domain.trigger_request import RefusedError, TriggerRequest
from pager.lifecycle.close import cancel, close
from pager.lifecycle.trigger import trigger
from pager.lifecycle.turn import Context, reading
from pager.sandbox.faults import Asked, Fault, FaultKind
from pager.sandbox.records import Mistake
from pager.sandbox.sandbox import Sandbox

UNKNOWN_NUMBER = 30005
BY = "pager demo"


@dataclass
class Play:
    """A scenario that plays, or has: `is_over` once it has ended or was stopped. `done` are numbers of its lines."""

    scenario: Scenario
    reference: str
    opened_at: datetime
    faults: list[Fault]
    done: set[int] = field(default_factory=set)
    ended_at: datetime | None = None
    was_stopped: bool = False

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None


class Player:
    """Plays one scenario at a time. `step` does what is due by the clock; the others are pressed on the wall."""

    def __init__(self, context: Context, sandbox: Sandbox, clock: DemoClock) -> None:
        self._context, self._sandbox, self._clock = replace(context, by=BY), sandbox, clock
        self._guard = threading.RLock()
        self.play: Play | None = None

    def start(self, name: str) -> None:
        """Play a scenario, at its speed. Raises Mistake where there is none of that name, or one plays already."""
        scenario = next((one for one in SCENARIOS if one.name == name), None)
        if scenario is None:
            raise Mistake(f"scenario: {name!r} is none of {', '.join(one.name for one in SCENARIOS)}")
        with self._guard:
            if self.play is not None and not self.play.is_over:
                raise Mistake(f"“{self.play.scenario.title}” is being played: stop it first, then play another")
            self.play = self._begin(scenario)
        self._clock.set_speed(scenario.speed)

    def stop(self) -> None:
        """Stop what plays: its encounter is cancelled and its faults are over. Raises Mistake where nothing plays."""
        with self._guard:
            if self.play is None or self.play.is_over:
                raise Mistake("nothing is being played")
            self.play.was_stopped = True
            self._end(self.play, cancel)

    def step(self) -> None:
        """Do the lines whose time has come, and end the scenario at its end, or when its encounter has ended."""
        with self._guard:
            play = self.play
            if play is None or play.is_over:
                return
            passed = self._clock.now() - play.opened_at
            due = [n for n, line in enumerate(play.scenario.lines) if n not in play.done and line.after <= passed]
            for number in due:
                if self._is_done(play, play.scenario.lines[number]):
                    play.done.add(number)
            if passed >= span(play.scenario.ends):
                self._end(play, close)
            elif due and not self._is_open(play):
                self._end(play)

    def _begin(self, scenario: Scenario) -> Play:
        """Put the faults of the beginning in place, then page."""
        play = Play(scenario, "", self._clock.now(), [])
        for number, line in enumerate(scenario.lines):
            if line.who == CARRIER and line.after == timedelta(0) and self._is_done(play, line):
                play.done.add(number)
        try:
            opened = trigger(self._context, TriggerRequest(STATION, CALLBACK)).overview.encounter
        except RefusedError as refusal:
            self._mend(play)
            raise Mistake(f"nobody can be paged: {refusal}") from None
        play.reference, play.opened_at = opened.reference, opened.opened_at
        return play

    def _end(self, play: Play, end: Callable[[Context, str, None], object] | None = None) -> None:
        self._mend(play)
        if end is not None:
            with suppress(ForbiddenTransitionError):  # somebody has ended it on its page
                end(self._context, play.reference, None)
        play.ended_at = self._clock.now()
        self._clock.set_speed(1)

    def _is_open(self, play: Play) -> bool:
        with reading(self._context) as turn:
            encounter = turn.work.encounters.find(play.reference)
            return encounter is not None and encounter.is_open

    def _is_done(self, play: Play, line: Line) -> bool:
        """Do one line, and tell whether it is done: a telephone may not ring yet."""
        match line.does:
            case Does.WRITES:
                # With the reference: somebody may be waited for on another encounter too.
                self._sandbox.reply(self._numbers(line.who)[0], None, f"{line.what} {play.reference}")
            case Does.PRESSES:
                return self._press(self._numbers(line.who)[1], line.what)
            case Does.WRONG_NUMBER:
                sms, voice = self._numbers(line.what)
                self._break(play, Fault(FaultKind.UNDELIVERED, sms, Asked.MESSAGE, code=UNKNOWN_NUMBER))
                self._break(play, Fault(FaultKind.FAILED, voice, Asked.CALL))
            case Does.DOWN:
                self._break(play, Fault(FaultKind.REFUSE))
            case Does.UP:
                self._mend(play)
        return True

    def _press(self, number: str, key: str) -> bool:
        """Pick up where it rings, and press the key once the call listens."""
        sid = self._sandbox.open_call(number)
        if sid is None:
            return False
        with suppress(Mistake):  # it was picked up at an earlier step
            self._sandbox.answer(sid)
        try:
            self._sandbox.press(sid, key)
        except Mistake:
            return False
        return True

    def _numbers(self, who: str) -> tuple[str, str]:
        """Return where somebody is written to and where they are called, as the directory has it now."""
        if who == DISPATCHER:
            return CALLBACK, CALLBACK
        with reading(self._context) as turn:
            responder = turn.work.directory.responder(who)
            sms, voice = responder.sms or responder.voice, responder.voice or responder.sms
            return sms or CALLBACK, voice or CALLBACK  # who has no number any more is played by somebody else

    def _break(self, play: Play, fault: Fault) -> None:
        play.faults.append(fault)
        self._sandbox.add_fault(fault)

    def _mend(self, play: Play) -> None:
        for fault in play.faults:
            self._sandbox.remove_fault(fault)
        play.faults.clear()

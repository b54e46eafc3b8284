"""The demonstration's shop window: time that can be sped up, a guided tour and scenarios, above the telephones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from flask import render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from pager.demo.clock import DemoClock
from pager.demo.player import Play, Player
from pager.demo.scenarios import CALLBACK, SCENARIOS
from pager.demo.shown import Link, ShownPlay, lead_in_words, show_play, show_steps
from pager.demo.tour import STATION, STEPS, Tour
from pager.domain.directory import Responder
from pager.domain.trigger_request import RefusedError, TriggerRequest
from pager.lifecycle.trigger import trigger
from pager.lifecycle.turn import Context, Turn, reading
from pager.sandbox.actions import Fields
from pager.sandbox.records import Mistake
from pager.sandbox.sandbox import Sandbox
from pager.sandbox.wall import Stage

SPEEDS = (1, 10, 45)
FASTEST = max(SPEEDS)
LONGEST_WAIT = timedelta(minutes=10)


class ShopWindow:
    """What the visitor can do beside answering telephones."""

    def __init__(self, context: Context, sandbox: Sandbox, clock: DemoClock) -> None:
        self._context, self._sandbox, self._clock = context, sandbox, clock
        self._awaited: tuple[str, datetime] | None = None  # time is fast until this number is called, or until then
        self.player = Player(context, sandbox, clock)
        self.tour = Tour(clock.now())

    def stage(self) -> Stage:
        """Return what the wall shows above the telephones, and what its buttons do."""
        return Stage(
            self._show,
            {
                "speed": self._set_speed,
                "play": lambda fields: self._play(str(fields.get("scenario", ""))),
                "stop": lambda _: self.player.stop(),
                "page-compton": lambda _: self._page(),
                "until-it-rings": self._let_time_pass,
                "hide-tour": lambda _: self.tour.hide(),
                "begin-tour": lambda _: self.tour.begin(self._clock.now()),
            },
        )

    def look(self) -> None:
        """Let time run as it does once the telephone rings that was waited for, or if it does not for long."""
        if self._awaited is None:
            return
        number, until = self._awaited
        if self._sandbox.open_call(number) is not None or self._clock.now() >= until:
            self._awaited = None
            self._clock.set_speed(1)

    def note_visit(self, response: Response) -> Response:
        """Note after each request which page was opened: that is how some steps of the tour are done."""
        if request.method == "GET" and response.status_code == 200:
            self.tour.note_visit(request.path)
        return response

    def _set_speed(self, fields: Fields) -> None:
        speed = str(fields.get("speed", ""))
        if speed not in map(str, SPEEDS):
            raise Mistake(f"speed: {speed!r} is none of {', '.join(map(str, SPEEDS))}")
        self._awaited = None
        self._clock.set_speed(int(speed))

    def _play(self, name: str) -> None:
        self._awaited = None
        self.player.start(name)

    def _page(self) -> None:
        try:
            trigger(self._context, TriggerRequest(STATION, CALLBACK))
        except RefusedError as refusal:
            raise Mistake(f"nobody can be paged: {refusal}") from None

    def _let_time_pass(self, fields: Fields) -> None:
        """Be fast until somebody's telephone rings."""
        number = self._called().get(str(fields.get("person", "")))
        if number is None:
            raise Mistake("person: name somebody of the tour who can be called, like dmh-arpi")
        self._awaited = number, self._clock.now() + LONGEST_WAIT
        self._clock.set_speed(FASTEST)

    def _called(self) -> Mapping[str, str]:
        """Return where the people of the tour are called."""
        with reading(self._context) as turn:
            found = [turn.work.directory.find_responder(step.person) for step in STEPS]
        return {one.id: number for one in found if one is not None and (number := one.voice or one.sms)}

    def _show(self) -> Markup:
        play = self.player.play
        with reading(self._context) as turn:
            people = {one.id: one for one in turn.work.directory.responders()}
            seen = self.tour.look(turn)
            shown = None if play is None else self._show_play(turn, play, people)
        return Markup(  # noqa: S704 - the template has escaped what stands in it
            render_template(
                "demo/stage.html",
                now=turn.local(self._clock.now()),
                lead=lead_in_words(self._clock.is_ahead_by),
                speed=self._clock.speed,
                speeds=SPEEDS,
                is_hidden=self.tour.is_hidden,
                encounter=seen.encounter,
                steps=show_steps(seen, self._telephones(people)),
                scenarios=SCENARIOS,
                play=shown,
            )
        )

    def _show_play(self, turn: Turn, play: Play, people: Mapping[str, Responder]) -> ShownPlay:
        encounter = turn.work.encounters.find(play.reference)
        pages = [] if encounter is None else turn.work.encounters.pages(encounter.id)
        names = {code: one.name for code, one in people.items()}
        names |= {one.code: one.short for one in turn.work.directory.agencies()}
        return show_play(play, turn.now, names, pages)

    def _telephones(self, people: Mapping[str, Responder]) -> dict[str, Link]:
        """Return the way to the telephone of each person whom the tour names."""
        found = [people[step.person] for step in STEPS if step.person in people]
        return {
            one.id: Link(f"#{self._sandbox.telephone_id(number)}", f"To {one.name.split()[0]}'s telephone")
            for one in found
            if (number := one.sms or one.voice)
        }

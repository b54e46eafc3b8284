"""What the demonstration shows above the telephones, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pager.demo.player import Play
from pager.demo.scenarios import Line, Scenario, span
from pager.demo.tour import STEPS, Seen, Step
from pager.domain.page import Page, PageState

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Link:
    """Where a step is done."""

    href: str
    words: str


@dataclass(frozen=True)
class ShownStep:
    """One step of the tour; `is_next`: the first that is not done yet."""

    step: Step
    is_done: bool
    is_next: bool
    links: Sequence[Link]


@dataclass(frozen=True)
class ShownLine:
    """One line of a script, e.g. "Ana Ruiz writes ACK 25"."""

    at: str
    words: str
    is_done: bool


@dataclass(frozen=True)
class ShownAgency:
    """Where one agency's page stands; `sign` is a shape that says it too."""

    short: str
    sign: str
    words: str


@dataclass(frozen=True)
class ShownPlay:
    """How far a scenario is; `minute` of `minutes` since its encounter opened."""

    scenario: Scenario
    reference: str
    minute: int
    minutes: int
    lines: Sequence[ShownLine]
    agencies: Sequence[ShownAgency]
    is_over: bool
    was_stopped: bool


def show_steps(seen: Seen, telephones: Mapping[str, Link]) -> list[ShownStep]:
    """Return the tour; `telephones` leads to people's telephones, by responder."""
    done = [step.is_done(seen) for step in STEPS]
    now = done.index(False) if False in done else None
    return [
        ShownStep(step, is_done, number == now, list(_links(step, seen, telephones)))
        for number, (step, is_done) in enumerate(zip(STEPS, done, strict=True))
    ]


def _links(step: Step, seen: Seen, telephones: Mapping[str, Link]) -> Iterator[Link]:
    if step.person in telephones:
        yield telephones[step.person]
    if seen.encounter is not None and step.page:
        own = f"/encounters/{seen.encounter.reference}"
        if step.page == "encounter":
            yield Link(own, f"The page of {seen.encounter.reference}")
            yield Link("/", "The board")
        else:
            yield Link(f"{own}/after-action", f"After-action page of {seen.encounter.reference}")


def show_play(play: Play, now: datetime, names: Mapping[str, str], pages: Sequence[Page]) -> ShownPlay:
    """Return how far a scenario is; `names` are what people and agencies are called, by id and by code."""
    minutes = span(play.scenario.ends) // MINUTE
    return ShownPlay(
        scenario=play.scenario,
        reference=play.reference,
        minute=min(((play.ended_at or now) - play.opened_at) // MINUTE, minutes),
        minutes=minutes,
        lines=[
            ShownLine(line.at, _words(line, names), number in play.done)
            for number, line in enumerate(play.scenario.lines)
        ],
        agencies=[_agency(page, names) for page in pages],
        is_over=play.is_over,
        was_stopped=play.was_stopped,
    )


def _agency(page: Page, names: Mapping[str, str]) -> ShownAgency:
    who = names.get(page.acknowledged_by or "", "")
    late = ", past the window" if page.is_late and page.on_scene_at is None else ""
    match page.state:
        case PageState.PAGING:
            sign, words = "…", f"is paged, rung {page.rung + 1}{late}"
        case PageState.ACKNOWLEDGED:
            sign, words = "→", f"{who} comes{late}"
        case PageState.ON_SCENE:
            sign, words = "✓", f"{who} is on scene"
        case _:
            sign = "✓" if page.on_scene_at is not None else "✗"
            words = f"{who} was there" if page.on_scene_at else f"{who} was coming" if who else f"nobody came{late}"
    return ShownAgency(names.get(page.agency, page.agency), sign, words)


def _words(line: Line, names: Mapping[str, str]) -> str:
    who, what = names.get(line.who, line.who), names.get(line.what, line.what)
    return f"{who[0].upper()}{who[1:]} {line.does} {what}".rstrip()


def lead_in_words(ahead: timedelta) -> str:
    """Say how far the demonstration's clock is ahead of the machine's, e.g. "3 h 12 min ahead of this machine"."""
    hours, minutes = divmod(ahead // MINUTE, 60)
    if not hours and not minutes:
        return "as on this machine"
    return f"{f'{hours} h ' if hours else ''}{minutes} min ahead of this machine"

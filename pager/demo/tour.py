"""The guided tour: what to do next, and which steps are done by what has really happened."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pager.domain.encounter import Encounter
from pager.domain.page import Page
from pager.domain.timeline import Event, EventKind
from pager.lifecycle.turn import Turn

STATION = "compton"
ENCOUNTERS_AT_MOST = 50
VISITS_AT_MOST = 1000


@dataclass(frozen=True)
class Seen:
    """What has happened since the tour began; `visited` are the addresses that somebody has opened."""

    encounter: Encounter | None = None
    pages: Mapping[str, Page] = field(default_factory=dict)
    events: Sequence[Event] = ()
    visited: Collection[str] = ()

    def is_coming(self, agency: str) -> bool:
        page = self.pages.get(agency)
        return page is not None and page.acknowledged_at is not None

    def is_there(self, agency: str) -> bool:
        page = self.pages.get(agency)
        return page is not None and page.on_scene_at is not None

    def has(self, kind: EventKind, agency: str) -> bool:
        return any(event.kind is kind and event.agency == agency for event in self.events)

    def has_visited(self, ending: str = "") -> bool:
        return self.encounter is not None and f"/encounters/{self.encounter.reference}{ending}" in self.visited


@dataclass(frozen=True)
class Step:
    """One step of the tour. `person` is a responder at whose telephone it is done, `action` a button of the wall.

    `page` is a page on which it is done: `board`, `encounter` or `after-action`.
    """

    title: str
    words: str
    is_done: Callable[[Seen], bool]
    person: str = ""
    page: str = ""
    action: str = ""
    action_words: str = ""


STEPS = (
    Step(
        "Page Compton",
        "Officers at Compton need five agencies on scene within 90 minutes. One button, here or on the board, pages all"
        " of them at once; the encounter gets a short name that is easy to say.",
        lambda seen: seen.encounter is not None,
        action="page-compton",
        action_words="Page Compton",
    ),
    Step(
        "Answer on Ana's telephone",
        "Ana Ruiz is on call for DCFS, and her message has come. Press ACK 25 there: she comes in 25 minutes.",
        lambda seen: seen.is_coming("dcfs"),
        person="dcfs-ana",
    ),
    Step(
        "Say no on Thuy's telephone",
        "Thuy Tran of DHS cannot come: press NO there. Her backup, Farid Rahimi, is written to in the same moment.",
        lambda seen: seen.has(EventKind.DECLINED, "dhs"),
        person="dhs-thuy",
    ),
    Step(
        "See who is coming",
        "The encounter's page shows whom each agency has sent, who was paged and what the carrier said. The board shows"
        " every open encounter, and what needs a human first.",
        lambda seen: seen.has_visited(),
        page="encounter",
    ),
    Step(
        "Pick up Arpi's telephone",
        "Arpi Hakobyan of DMH has not answered her message, so she is called after two minutes. Let time pass until it"
        " rings; then answer there, listen, and press 1.",
        lambda seen: seen.is_coming("dmh"),
        person="dmh-arpi",
        action="until-it-rings",
        action_words="Let time pass until it rings",
    ),
    Step(
        "Ana is there",
        "An answer stops the paging, not the clock: that stops when somebody is on scene. Press HERE on Ana's"
        " telephone.",
        lambda seen: seen.is_there("dcfs"),
        person="dcfs-ana",
    ),
    Step(
        "Close the encounter",
        "On its page, press Close. Some agencies are not there yet, so you are asked once more. Whoever was paged and"
        " is not needed any more is told so.",
        lambda seen: seen.encounter is not None and not seen.encounter.is_open,
        page="encounter",
    ),
    Step(
        "Look back",
        "The after-action page draws every agency against the 90 minutes, and lists all that happened.",
        lambda seen: seen.has_visited("/after-action"),
        page="after-action",
    ),
)


class Tour:
    """Where the visitor is: when the tour began, which pages were opened since, and whether it is hidden."""

    def __init__(self, now: datetime) -> None:
        self._guard = threading.Lock()
        self.begin(now)

    def begin(self, now: datetime) -> None:
        """Begin again: what was opened before `now` no longer counts."""
        with self._guard:
            self.is_hidden, self._began_at, self._visited = False, now, set[str]()

    def hide(self) -> None:
        self.is_hidden = True

    def note_visit(self, path: str) -> None:
        """Note that a page was opened."""
        with self._guard:
            if path.startswith("/encounters/") and len(self._visited) < VISITS_AT_MOST:
                self._visited.add(path)

    def look(self, turn: Turn) -> Seen:
        """Return what has happened on the first encounter at Compton since the tour began."""
        with self._guard:
            began_at, visited = self._began_at, frozenset(self._visited)
        newest_first = turn.work.encounters.listing(
            state=None, stations=[STATION], before=None, limit=ENCOUNTERS_AT_MOST
        )
        ours = [one for one in newest_first if one.opened_at >= began_at]
        if not ours:
            return Seen(visited=visited)
        encounter = ours[-1]
        pages = {page.agency: page for page in turn.work.encounters.pages(encounter.id)}
        return Seen(encounter, pages, turn.work.timeline.of(encounter.id), visited)

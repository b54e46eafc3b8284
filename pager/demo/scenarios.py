"""The scenarios that the demonstration plays: who does what, and when after the encounter has opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

# Not the tour's station: other people are on call there, and both can go on at once.
STATION, CALLBACK = "lancaster", "+13105550100"
DISPATCHER, CARRIER = "the dispatcher", "the carrier"


class Does(StrEnum):
    """What somebody does: on a telephone WRITES words or PRESSES keys, which waits until it rings.

    The carrier's are WRONG_NUMBER, of a responder, and DOWN: they last until it is UP again, or the scenario ends.
    """

    WRITES = "writes"
    PRESSES = "picks up and presses"
    WRONG_NUMBER = "reaches nobody under the number of"
    DOWN = "goes down: it refuses everything"
    UP = "is back"


@dataclass(frozen=True)
class Line:
    """One thing that somebody does `at` minutes:seconds; `who` is a responder's id, DISPATCHER or CARRIER."""

    at: str
    who: str
    does: Does
    what: str = ""

    @property
    def after(self) -> timedelta:
        """Return how long after the opening it is done."""
        return span(self.at)


@dataclass(frozen=True)
class Scenario:
    """What is played at `speed`, until the encounter is closed at `ends`; `watch` says what is worth looking at."""

    name: str
    title: str
    watch: str
    speed: int
    ends: str
    lines: tuple[Line, ...]


def span(text: str) -> timedelta:
    """Return how long e.g. `91:30` is, minutes and seconds."""
    minutes, seconds = text.split(":")
    return timedelta(minutes=int(minutes), seconds=int(seconds))


SCENARIOS = (
    Scenario(
        "all",
        "Everybody answers",
        "Three write back at once, two are called after two minutes and press 1. On the board each agency turns to"
        " Coming, then to On scene, and its clock stops.",
        speed=45,
        ends="50:00",
        lines=(
            Line("0:30", "dcfs-ben", Does.WRITES, "ACK 30"),
            Line("0:50", "advocates-mei", Does.WRITES, "OMW 25"),
            Line("1:10", "dhs-rosa", Does.WRITES, "ack 40"),
            Line("2:00", "dmh-david", Does.PRESSES, "1"),
            Line("2:00", "probation-kim", Does.PRESSES, "1"),
            Line("4:00", "dmh-david", Does.WRITES, "ETA 35"),
            Line("5:00", "probation-kim", Does.WRITES, "ETA 40"),
            Line("25:00", "advocates-mei", Does.WRITES, "HERE"),
            Line("29:00", "dcfs-ben", Does.WRITES, "HERE"),
            Line("38:00", "dmh-david", Does.WRITES, "HERE"),
            Line("40:00", "dhs-rosa", Does.WRITES, "HERE"),
            Line("44:00", "probation-kim", Does.WRITES, "HERE"),
        ),
    ),
    Scenario(
        "nobody",
        "Nobody answers",
        "SMS, then a call, then the backup, the supervisor, everybody: the ladder is climbed agency by agency. After"
        " fifteen minutes the dispatcher is called, and told to pick up a telephone. At the end the window closes, and"
        " paging goes on.",
        speed=45,
        ends="92:00",
        lines=(Line("15:00", DISPATCHER, Does.PRESSES, "1"),),
    ),
    Scenario(
        "wrong-number",
        "A wrong number",
        "Ben's number does not exist any more. The message comes back undelivered and the call fails: nobody waits for"
        " his two minutes, his backup Darnell is paged at once, and the encounter's page says why.",
        speed=10,
        ends="4:00",
        lines=(
            Line("0:00", CARRIER, Does.WRONG_NUMBER, "dcfs-ben"),
            Line("0:20", "dhs-rosa", Does.WRITES, "ACK 20"),
            Line("0:25", "dmh-david", Does.WRITES, "ACK 30"),
            Line("0:30", "probation-kim", Does.WRITES, "ACK 45"),
            Line("0:35", "advocates-mei", Does.WRITES, "ACK 15"),
            Line("1:00", "dcfs-darnell", Does.WRITES, "ACK 25"),
        ),
    ),
    Scenario(
        "carrier-down",
        "The carrier goes down",
        "For a minute and a half the carrier refuses everything. Nothing is lost: each page is tried again with growing"
        " pauses, and goes out within half a minute of the carrier's return, once. Then everybody answers.",
        speed=10,
        ends="5:00",
        lines=(
            Line("0:00", CARRIER, Does.DOWN),
            Line("1:30", CARRIER, Does.UP),
            Line("2:10", "dcfs-ben", Does.WRITES, "ACK 25"),
            Line("2:15", "dhs-rosa", Does.WRITES, "ACK 20"),
            Line("2:20", "dmh-david", Does.WRITES, "ACK 30"),
            Line("2:25", "probation-kim", Does.WRITES, "ACK 45"),
            Line("2:30", "advocates-mei", Does.WRITES, "ACK 15"),
        ),
    ),
    Scenario(
        "decline",
        "Somebody says no",
        "Ben writes NO. His backup Darnell is paged in the same moment, not six minutes later; he says no on the"
        " telephone, by pressing 2, and Grace, the supervisor, is paged at once.",
        speed=10,
        ends="5:00",
        lines=(
            Line("0:20", "dcfs-ben", Does.WRITES, "NO"),
            Line("0:25", "dhs-rosa", Does.WRITES, "ACK 20"),
            Line("0:30", "dmh-david", Does.WRITES, "ACK 30"),
            Line("0:35", "probation-kim", Does.WRITES, "ACK 45"),
            Line("0:40", "advocates-mei", Does.WRITES, "ACK 15"),
            Line("0:45", "dcfs-darnell", Does.PRESSES, "2"),
            Line("3:00", "dcfs-grace", Does.WRITES, "ACK 25"),
        ),
    ),
)

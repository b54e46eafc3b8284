"""Whatever dies in a page's life, and wherever: each message is brought once, by what the carrier itself holds."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.crash.conftest import NewDatabase
from tests.crash.life import ANA, BEN, EXPECTED, Ended, live
from tests.crash.points import Kind, Point

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

COMMITS = (Kind.BEFORE_COMMIT, Kind.AFTER_COMMIT)
REQUESTS = (Kind.BEFORE_REQUEST, Kind.AFTER_REQUEST)
TRIGGER = "POST /api/v1/encounters, queued"
CLAIM = "beat, sending"
RUNG = "beat, queued"
ANSWER = "POST /twilio/sms, queued"  # the first is the acknowledgement, the second the arrival
# With CRASH_POINTS=all a process dies at every other point, too, which takes minutes.
IS_COMPLETE = os.environ.get("CRASH_POINTS") == "all"


def request(kind: Kind, number: str, said: str) -> Point:
    return Point(kind, f"{said} to {number}")


SAMPLE = [
    *(Point(kind, what) for what in (TRIGGER, CLAIM, RUNG, ANSWER) for kind in COMMITS),
    *(request(kind, *message) for message in EXPECTED for kind in REQUESTS),
]
SAMPLE_ON_POSTGRESQL = [
    Point(Kind.AFTER_COMMIT, TRIGGER),
    Point(Kind.BEFORE_COMMIT, CLAIM),
    Point(Kind.AFTER_COMMIT, CLAIM),
    request(Kind.AFTER_REQUEST, ANA, "page"),
    request(Kind.BEFORE_REQUEST, ANA, "call"),
    Point(Kind.BEFORE_COMMIT, ANSWER),
    Point(Kind.AFTER_COMMIT, ANSWER),
]
# The second process dies while it makes up for the first: as it takes over, asks the carrier, has asked, sends again.
TWO_DEATHS = [
    (request(Kind.AFTER_REQUEST, ANA, "page"), Point(Kind.AFTER_COMMIT, "beat", 2)),
    (request(Kind.AFTER_REQUEST, ANA, "page"), request(Kind.BEFORE_REQUEST, ANA, "list")),
    (request(Kind.AFTER_REQUEST, ANA, "page"), request(Kind.AFTER_REQUEST, ANA, "list")),
    (request(Kind.BEFORE_REQUEST, ANA, "page"), request(Kind.AFTER_REQUEST, ANA, "page")),
]


def check(life: Ended) -> None:
    assert Counter(life.told) == EXPECTED
    assert all(what not in ("page", "call") for _, what in life.told[life.acknowledged_after :])
    assert life.unfinished == 0
    assert life.broken is None
    *died, _ = life.service.exit_codes()
    assert died == [-signal.SIGKILL] * len(died)


def check_deaths(life: Ended) -> None:
    """Check that the process died wherever it was to."""
    deaths, died = life.service.deaths, len(life.service.exit_codes()) - 1
    assert died == len(deaths), f"it never came by {deaths[died]}, but by {dict(life.service.passed(died))}"


def test_a_life_without_a_fault_brings_each_message_once(new_sqlite: NewDatabase, tmp_path: Path) -> None:
    life = live(new_sqlite(), tmp_path / "life")
    check(life)
    assert life.acknowledged_after == life.told.index((BEN, "page")) + 1
    passed = life.service.passed()
    assert all(passed[kind, f"{said} to {number}"] == 1 for number, said in EXPECTED for kind in REQUESTS)


@pytest.mark.parametrize("point", SAMPLE, ids=str)
def test_wherever_the_process_dies_each_message_is_brought_once(
    point: Point, new_sqlite: NewDatabase, tmp_path: Path
) -> None:
    life = live(new_sqlite(), tmp_path / "life", [point])
    check(life)
    check_deaths(life)


@pytest.mark.parametrize("point", SAMPLE_ON_POSTGRESQL, ids=str)
def test_wherever_the_process_dies_on_postgresql_each_message_is_brought_once(
    point: Point, new_postgresql: NewDatabase, tmp_path: Path
) -> None:
    life = live(new_postgresql(), tmp_path / "life", [point])
    check(life)
    check_deaths(life)


@pytest.mark.parametrize("deaths", TWO_DEATHS, ids=lambda deaths: " then ".join(map(str, deaths)))
def test_where_the_next_process_dies_too_each_message_is_brought_once(
    deaths: Sequence[Point], new_sqlite: NewDatabase, tmp_path: Path
) -> None:
    life = live(new_sqlite(), tmp_path / "life", deaths)
    check(life)
    check_deaths(life)


if IS_COMPLETE:

    @pytest.mark.parametrize("kind", Kind)
    def test_whichever_point_the_process_dies_at_each_message_is_brought_once(
        kind: Kind, new_sqlite: NewDatabase, tmp_path: Path
    ) -> None:
        passed = live(new_sqlite(), tmp_path / "undisturbed").service.passed()
        points = [
            Point(kind, what, n + 1) for (way, what), times in passed.items() if way is kind for n in range(times)
        ]
        died = sum(dies_at(point, new_sqlite(), tmp_path / f"life-{n}") for n, point in enumerate(points))
        # Which thread is first to record a state differs from life to life, and how many outcomes are recorded at once.
        assert died >= 0.9 * len(points)


def dies_at(point: Point, url: str, folder: Path) -> bool:
    """Live and check a life; tell whether the process came by the point at which it was to die."""
    try:
        life = live(url, folder, [point])
        check(life)
    except AssertionError as error:
        error.add_note(f"it was to die at {point}")
        raise
    return len(life.service.exit_codes()) > 1

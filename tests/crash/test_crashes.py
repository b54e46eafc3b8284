"""Whatever dies in a page's life, and wherever: each message is brought once, by what the carrier itself holds."""

from __future__ import annotations

import logging
import os
import shutil
import signal
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.crash.life import BEN, EXPECTED, Ended, live, prepare
from tests.crash.points import Kind, Point

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

LIVES_AT_ONCE = 4
# All of them take minutes, and are passed with CRASH_POINTS=all; else every so many, each kind beginning elsewhere.
IS_COMPLETE = os.environ.get("CRASH_POINTS") == "all"
FIRST = dict.fromkeys(Kind, 1) if IS_COMPLETE else dict(zip(Kind, (1, 9, 1, 2), strict=True))
EVERY = dict.fromkeys(Kind, 1) if IS_COMPLETE else dict(zip(Kind, (16, 16, 3, 3), strict=True))


@pytest.fixture(scope="module")
def prepared(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database that lives can begin with."""
    folder = tmp_path_factory.mktemp("prepared")
    shutil.copy(sqlite_template, folder / "pager.db")
    return prepare(folder)


@pytest.fixture(scope="module", autouse=True)
def _quiet_carrier() -> Iterator[None]:
    """The sandbox's server tells of every request."""
    log = logging.getLogger("werkzeug")
    level = log.level
    log.setLevel(logging.ERROR)
    yield
    log.setLevel(level)


@pytest.fixture(scope="module")
def undisturbed(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Ended:
    return live(prepared, tmp_path_factory.mktemp("undisturbed") / "life")


def lives(prepared: Path, folder: Path, plans: Sequence[Sequence[Point]]) -> list[Ended]:
    """Live one life for each plan of deaths, several at once, and check each."""

    def one(plan: Sequence[Point]) -> Ended:
        name = ", ".join(f"{point.kind} {point.number}" for point in plan)
        try:
            ended = live(prepared, folder / name, plan)
            check(ended)
        except AssertionError as error:
            error.add_note(f"the service died at: {name}")
            raise
        return ended

    with ThreadPoolExecutor(LIVES_AT_ONCE) as pool:
        return list(pool.map(one, plans))


def check(life: Ended) -> None:
    assert Counter(life.told) == EXPECTED
    assert all(what not in ("page", "call") for _, what in life.told[life.acknowledged_after :])
    assert life.unfinished == 0
    assert life.broken is None


def test_a_life_without_a_fault_passes_each_kind_of_point(undisturbed: Ended) -> None:
    check(undisturbed)
    assert undisturbed.acknowledged_after == undisturbed.told.index((BEN, "page")) + 1
    passed = undisturbed.service.passed()
    assert passed[Kind.BEFORE_REQUEST] == passed[Kind.AFTER_REQUEST] == EXPECTED.total()
    assert passed[Kind.BEFORE_COMMIT] == passed[Kind.AFTER_COMMIT] > EXPECTED.total()


@pytest.mark.parametrize("kind", Kind)
def test_whenever_the_process_dies_each_message_is_brought_once(
    kind: Kind, undisturbed: Ended, prepared: Path, tmp_path: Path
) -> None:
    numbers = range(FIRST[kind], undisturbed.service.passed()[kind] + 1, EVERY[kind])
    ended = lives(prepared, tmp_path, [[Point(kind, number)] for number in numbers])
    died = [life for life in ended if len(life.service.processes) == 2]
    # In which order threads record is not the same each time, so that a life may pass a point or two fewer.
    assert len(died) >= len(numbers) - (2 if IS_COMPLETE else 1)
    assert all(life.service.exit_codes()[0] == -signal.SIGKILL for life in died)


def test_where_the_next_process_dies_too_each_message_is_brought_once(prepared: Path, tmp_path: Path) -> None:
    """The second one dies while it makes up for the first: as it takes over, asks the carrier, or has asked."""
    seconds = [Point(Kind.AFTER_COMMIT, 2), *(Point(kind, 1) for kind in (Kind.BEFORE_REQUEST, Kind.AFTER_REQUEST))]
    plans = [[Point(Kind.AFTER_REQUEST, 1), second] for second in seconds]
    plans.append([Point(Kind.BEFORE_REQUEST, 2), Point(Kind.BEFORE_COMMIT, 3)])
    for life in lives(prepared, tmp_path, plans):
        assert len(life.service.processes) == 3

"""The scenarios of the demonstration, each played to its end by a moved clock on the demonstration's own county."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from pager.demo.clock import DemoClock
from pager.demo.player import Play, Player
from pager.demo.scenarios import CARRIER, DISPATCHER, SCENARIOS, Does, Scenario, span
from pager.demo.service import COUNTY
from pager.domain.encounter import EncounterState
from pager.domain.page import PageState
from pager.domain.timeline import EventKind
from pager.lifecycle.close import close
from pager.lifecycle.turn import reading
from pager.sandbox.actions import perform
from pager.sandbox.records import Mistake
from tests.world import World, policy_of

BEN = "+16615550101"
STEP, MINUTE = timedelta(seconds=5), timedelta(minutes=1)


class Stage:
    """A world with a player; only these agencies are paged, so that less happens at once."""

    def __init__(self, url: str, *agencies: str) -> None:
        self.world = World(url, policies=policy_of(*agencies), county=COUNTY)
        self.clock = DemoClock(self.world.clock)
        self.player = Player(self.world.context, self.world.sandbox, self.clock)

    @property
    def play(self) -> Play:
        assert self.player.play is not None
        return self.player.play

    def start(self, name: str) -> None:
        self.player.start(name)
        self.world.settle()

    def go_on(self, to: str, step: timedelta = STEP) -> None:
        """Let time pass up to so many minutes and seconds after the opening; small steps where somebody is called."""
        while not self.play.is_over and self.world.clock.now() - self.play.opened_at < span(to):
            self.world.pass_time(step)
            self.player.step()
            self.world.settle()

    def happened(self, kind: EventKind) -> list[tuple[str | None, timedelta]]:
        """Return who, and how long after the opening, of each event of a kind."""
        with reading(self.world.context) as turn:
            encounter = turn.work.encounters.find(self.play.reference)
            assert encounter is not None
            events = turn.work.timeline.of(encounter.id)
        return [(event.responder, event.at - self.play.opened_at) for event in events if event.kind is kind]

    def coming(self) -> list[str | None]:
        return [page.acknowledged_by for page in self.world.overview(self.play.reference).pages]

    def state(self) -> EncounterState:
        return self.world.overview(self.play.reference).encounter.state

    def faults(self) -> list[object]:
        return list(self.world.sandbox.state()["faults"])


@pytest.fixture
def stage(sqlite_url: str) -> Iterator[Stage]:
    stage = Stage(sqlite_url, "dcfs")
    yield stage
    stage.world.close()


def test_everybody_answers_by_text_or_by_key_and_is_there_in_time(sqlite_url: str) -> None:
    stage = Stage(sqlite_url, "dcfs", "dmh")
    stage.start("all")
    assert stage.clock.speed == 45
    stage.go_on("3:00")
    stage.go_on("49:00", MINUTE)
    pages = stage.world.overview(stage.play.reference).pages
    assert {page.state for page in pages} == {PageState.ON_SCENE}
    stage.go_on("51:00", MINUTE)
    assert (stage.play.is_over, stage.state(), stage.clock.speed) == (True, EncounterState.CLOSED, 1)
    stage.world.close()


def test_where_nobody_answers_everybody_is_paged_the_dispatcher_called_and_the_window_closes(stage: Stage) -> None:
    stage.start("nobody")
    stage.go_on("14:00", 5 * MINUTE)
    stage.go_on("15:30")
    assert next(at for _, at in stage.happened(EventKind.ALERTED)) == span("15:00")
    assert stage.play.done == {0}, "the dispatcher has picked up"
    stage.go_on("93:00", 5 * MINUTE)
    assert [at for _, at in stage.happened(EventKind.LATE)] == [span("90:00")]
    assert {who for who, _ in stage.happened(EventKind.PAGED)} >= {"dcfs-ana", "dcfs-ben", "dcfs-grace", "dcfs-duty"}
    assert stage.state() is EncounterState.CLOSED


def test_a_wrong_number_brings_the_backup_at_once_and_is_right_again_at_the_end(stage: Stage) -> None:
    stage.start("wrong-number")
    stage.go_on("0:10")
    assert [who for who, _ in stage.happened(EventKind.PAGED)] == ["dcfs-ben", "dcfs-darnell"]
    stage.go_on("5:00")
    assert stage.coming() == ["dcfs-darnell"]
    assert (stage.play.is_over, stage.faults()) == (True, [])


def test_what_could_not_go_out_goes_out_when_the_carrier_is_back(stage: Stage) -> None:
    stage.start("carrier-down")
    stage.go_on("1:25")
    assert stage.world.messages(BEN) == []
    stage.go_on("2:00")
    assert len(stage.world.messages(BEN)) == 1
    stage.go_on("5:00")
    assert (stage.coming(), stage.faults(), stage.state()) == (["dcfs-ben"], [], EncounterState.CLOSED)


def test_who_declines_is_followed_by_the_next_at_once(stage: Stage) -> None:
    stage.start("decline")
    stage.go_on("4:00")
    assert [who for who, _ in stage.happened(EventKind.DECLINED)] == ["dcfs-ben", "dcfs-darnell"]
    assert stage.coming() == ["dcfs-grace"]


def test_one_that_is_stopped_cancels_its_encounter_and_leaves_no_fault(stage: Stage) -> None:
    stage.start("carrier-down")
    assert stage.faults() != []
    stage.player.stop()
    assert (stage.state(), stage.faults(), stage.clock.speed) == (EncounterState.CANCELLED, [], 1)
    assert stage.play.was_stopped


def test_a_fault_that_somebody_else_asked_for_stays(stage: Stage) -> None:
    stage.start("wrong-number")
    perform(stage.world.sandbox, "fault", {"kind": "doubled_receipts"})
    stage.player.stop()
    assert [fault["kind"] for fault in stage.world.sandbox.state()["faults"]] == ["doubled_receipts"]


def test_ends_when_its_encounter_was_ended_on_its_page(stage: Stage) -> None:
    stage.start("decline")
    close(stage.world.context, stage.play.reference, None)
    stage.go_on("1:00")
    assert (stage.play.is_over, stage.play.was_stopped) == (True, False)


def test_says_what_is_in_the_way(stage: Stage) -> None:
    with pytest.raises(Mistake, match="nothing is being played"):
        stage.player.stop()
    with pytest.raises(Mistake, match="'flood' is none of all, nobody, wrong-number, carrier-down, decline"):
        stage.player.start("flood")
    stage.start("nobody")
    with pytest.raises(Mistake, match="“Nobody answers” is being played: stop it first"):
        stage.player.start("all")


def test_pages_nobody_and_leaves_no_fault_where_its_station_is_gone(stage: Stage) -> None:
    with stage.world.store.writing() as work:
        station = work.directory.find_station("lancaster")
        assert station is not None
        station.is_active = False
    with pytest.raises(Mistake, match="nobody can be paged: station is unknown"):
        stage.player.start("carrier-down")
    assert (stage.player.play, stage.faults()) == (None, [])


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.name)
def test_a_script_is_in_order_ends_after_its_last_line_and_names_people_there_are(
    scenario: Scenario, stage: Stage
) -> None:
    times = [line.after for line in scenario.lines]
    assert times == sorted(times)
    assert times[-1] < span(scenario.ends)
    with reading(stage.world.context) as turn:
        known = {one.id for one in turn.work.directory.responders()} | {DISPATCHER, CARRIER}
    named = {line.who for line in scenario.lines} | {
        line.what for line in scenario.lines if line.does is Does.WRONG_NUMBER
    }
    assert named <= known

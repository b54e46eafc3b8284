"""A follow-up is reminded of until it is closed."""

from __future__ import annotations

from datetime import timedelta

from pager.domain.follow_up import Outcome
from pager.lifecycle.close import cancel, close
from pager.lifecycle.follow_up import close_follow_up
from tests.people import DAN, EVA
from tests.world import World

HOUR = timedelta(hours=1)


def ended(world: World) -> str:
    """Open an encounter and close it: its follow-up stays."""
    reference = world.trigger().overview.encounter.reference
    close(world.context, reference, None)
    world.settle()
    return reference


def reminded(world: World, number: str) -> int:
    return sum("follow-up" in text for text in world.messages(number))


def pass_hours(world: World, hours: float) -> None:
    world.clock.move(hours * HOUR)
    world.settle()


def test_who_is_on_call_is_reminded_by_the_policy_when_it_is_due_and_daily_then(world: World) -> None:
    ended(world)
    counts = []
    for hours in (23.9, 0.2, 24, 18, 6, 24, 24):
        pass_hours(world, hours)
        counts.append(reminded(world, DAN))
    assert counts == [0, 1, 2, 3, 4, 5, 6]
    assert reminded(world, EVA) == 0


def test_nobody_is_reminded_of_what_is_done_or_was_cancelled(world: World) -> None:
    close_follow_up(world.context, ended(world), "health_evaluation", Outcome.COMPLETED)
    cancel(world.context, world.trigger().overview.encounter.reference, None)
    pass_hours(world, 80)
    assert reminded(world, DAN) == 0


def test_what_was_missed_in_an_outage_is_said_once_and_it_ends_after_a_week(world: World) -> None:
    ended(world)
    pass_hours(world, 80)
    assert reminded(world, DAN) == 1
    pass_hours(world, 24 * 30)
    assert reminded(world, DAN) == 2
    pass_hours(world, 24 * 30)
    assert reminded(world, DAN) == 2


def test_a_reminder_does_not_say_of_what(world: World) -> None:
    reference = ended(world)
    pass_hours(world, 25)
    text = next(text for text in world.messages(DAN) if "follow-up" in text)
    assert text.startswith(f"{reference} DHS: a follow-up is due by ")
    assert "health" not in text.lower()

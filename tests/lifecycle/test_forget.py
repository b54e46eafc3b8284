"""Old rows that belong to no encounter go; what keeps an old webhook harmless stays."""

from __future__ import annotations

from datetime import timedelta

from pager.domain.user import ResetLink, Role, Session, User
from pager.lifecycle.erase import Eraser
from pager.lifecycle.forget import Forgotten
from pager.lifecycle.hold import place_hold
from pager.lifecycle.reply import Message, keep, reply
from pager.lifecycle.turn import reading, writing
from pager.sandbox.faults import Asked, Fault, FaultKind
from tests.lifecycle.purging import LONG, RETENTION, everything, forgotten, past, purged
from tests.people import ANA, STRANGER
from tests.world import OURS, World


def bodies(world: World) -> list[str]:
    """Return the texts of all messages that the carrier keeps, oldest first."""
    return [one["body"] for one in reversed(world.sandbox.list_messages({"PageSize": "1000"})["messages"])]


def test_what_a_stranger_wrote_and_was_answered_is_forgotten_here_and_at_the_carrier(world: World) -> None:
    world.text(STRANGER, "who is this?")
    world.clock.move(LONG)
    assert forgotten(world) == Forgotten(rows=2, refused=0)
    assert bodies(world) == []
    assert STRANGER not in everything(world)
    assert forgotten(world) == Forgotten(rows=0, refused=0)


def test_what_came_within_the_retention_stays(world: World) -> None:
    world.text(STRANGER, "who is this?")
    world.clock.move(RETENTION)
    assert forgotten(world) == Forgotten(rows=0, refused=0)
    assert len(bodies(world)) == 2


def test_what_came_while_a_held_encounter_was_open_stays_with_it(world: World) -> None:
    reference = past(world)
    place_hold(world.context, reference, "tests")
    world.clock.move(timedelta(hours=1))
    world.text(STRANGER, "who is this?")
    world.clock.move(LONG)
    purged(world)
    forgotten(world)
    assert "ACK 25" in bodies(world)
    assert "who is this?" not in bodies(world)


def test_an_old_message_sent_again_changes_nothing(world: World) -> None:
    old = Message("SM" + "1" * 32, ANA, OURS, "ACK")
    reply(world.context, old)
    world.clock.move(LONG)
    forgotten(world)
    triggered = world.trigger()
    reply(world.context, old)
    assert world.page(triggered, "dcfs").acknowledged_at is None


def test_what_was_never_handled_stays(world: World) -> None:
    keep(world.context, Message("SM" + "1" * 32, ANA, OURS, "ACK"))
    world.clock.move(LONG)
    assert forgotten(world) == Forgotten(rows=0, refused=0)


def test_what_the_carrier_refuses_to_delete_goes_the_next_time(world: World) -> None:
    world.text(STRANGER, "who is this?")
    world.clock.move(LONG)
    world.sandbox.add_fault(Fault(FaultKind.REFUSE, on=Asked.READ, times=1, http_status=409, code=20009))
    assert forgotten(world) == Forgotten(rows=1, refused=1)
    assert forgotten(world) == Forgotten(rows=1, refused=0)


def test_nothing_is_asked_of_a_carrier_that_is_away(world: World) -> None:
    world.text(STRANGER, "who is this?")
    world.clock.move(LONG)
    asked = len(world.sandbox.ledger())
    assert forgotten(world, Eraser(erasure=None, is_away=True)) == Forgotten(rows=0, refused=2)  # type: ignore[arg-type] # never asked
    assert len(world.sandbox.ledger()) == asked


def test_traces_of_signing_in_go_after_three_months(world: World) -> None:
    with writing(world.context) as turn:
        user = User("ann@example.org", Role.VIEWER, turn.now)
        turn.work.users.add(user)
        turn.work.flush()
        turn.work.users.add_session(Session("a", user.id, turn.now, turn.now))
        turn.work.users.add_link(ResetLink("b", user.id, turn.now, turn.now))
        turn.work.users.note_failure("c", turn.now, since=turn.now)
    assert traces(world, timedelta(days=89)) == [True, True, True]
    assert traces(world, timedelta(days=2)) == [False, False, False]


def traces(world: World, later: timedelta) -> list[bool]:
    """Tell which traces are there, that much later and after forgetting."""
    world.clock.move(later)
    forgotten(world)
    with reading(world.context) as turn:
        users = turn.work.users
        return [one is not None for one in (users.session("a"), users.link("b"), users.failures("c"))]

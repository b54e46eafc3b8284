"""Signing in, staying in, being let in no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pager.adapters.db.session import SqlStore, open_database
from pager.domain.api_key import hash_secret
from pager.domain.user import Role
from pager.lifecycle.access_ports import PasswordsBusyError
from pager.lifecycle.change_password import change_password
from pager.lifecycle.manage_users import deactivate_user
from pager.lifecycle.prove_password import Attempt, PausedError, WrongPasswordError
from pager.lifecycle.reset_password import reset_password, set_password
from pager.lifecycle.sign_in import sign_in
from pager.lifecycle.sign_out import sign_out
from pager.lifecycle.turn import reading
from tests.lifecycle.access import ADMIN, ANA, HERE, Door
from tests.passwords import GOOD, OTHER
from tests.world import World

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def door(world: World) -> Door:
    door = Door(world)
    door.add()
    return door


def fail(door: Door, times: int, email: str = ANA, network: str = HERE) -> None:
    for _ in range(times):
        with pytest.raises(WrongPasswordError):
            door.sign_in(email, "wrong", network)


def wait_of(door: Door, email: str = ANA, password: str = GOOD, network: str = HERE) -> float:
    """Return for how many seconds a sign-in is refused."""
    with pytest.raises(PausedError) as caught:
        door.sign_in(email, password, network)
    return caught.value.wait.total_seconds()


def busy(_password: str, _hash: str | None) -> bool:
    raise PasswordsBusyError


def test_a_right_password_begins_a_session_however_the_email_is_written(door: Door) -> None:
    secret = door.sign_in(f" {ANA.upper()} ")
    assert door.who(secret) == ANA
    assert door.who("guessed") is None


def test_two_sessions_never_share_a_secret_and_only_its_hash_is_kept(door: Door, world: World) -> None:
    first, second = door.sign_in(), door.sign_in()
    assert first != second
    with reading(world.context) as turn:
        assert turn.work.users.session(first) is None


def test_an_unknown_email_takes_as_long_and_hears_the_same(door: Door) -> None:
    fail(door, 1, "nobody@county.example")
    assert door.passwords.checked == [None]


def test_nobody_signs_in_before_they_have_set_a_password(door: Door, world: World) -> None:
    with world.store.writing() as work:
        work.users.get(door.user().id).password = None
    fail(door, 1)


def test_a_deactivated_user_is_out_at_once_and_cannot_come_back(door: Door, world: World) -> None:
    secret = door.sign_in()
    deactivate_user(world.context, door.user().id, ADMIN)
    assert door.who(secret) is None
    with pytest.raises(WrongPasswordError):
        door.sign_in()


def test_signing_out_ends_this_session_and_no_other(door: Door, world: World) -> None:
    here, there = door.sign_in(), door.sign_in()
    sign_out(world.context, here)
    assert (door.who(here), door.who(there)) == (None, ANA)


def test_an_hour_without_a_request_ends_a_session(door: Door, world: World) -> None:
    secret = door.sign_in()
    world.clock.move(HOUR)
    assert door.who(secret) is None


def test_each_request_keeps_a_session_alive_but_for_twelve_hours_only(door: Door, world: World) -> None:
    secret = door.sign_in()
    for _ in range(15):
        world.clock.move(48 * MINUTE - MINUTE)
        assert door.who(secret) == ANA
    world.clock.move(15 * MINUTE)
    assert door.who(secret) is None


def test_that_a_session_was_used_is_written_once_a_minute(door: Door, world: World) -> None:
    secret = door.sign_in()
    began = world.clock.now()
    for _ in range(7):
        world.clock.move(timedelta(seconds=10))
        door.who(secret)
    with reading(world.context) as turn:
        session = turn.work.users.session(hash_secret(secret))
    assert session is not None
    assert session.seen_at == began + MINUTE


def test_five_failures_in_a_row_bring_a_pause_that_grows(door: Door, world: World) -> None:
    fail(door, 5)
    assert wait_of(door) == 5
    world.clock.move(timedelta(seconds=5))
    fail(door, 1)
    assert wait_of(door) == 10


def test_the_pause_holds_for_the_right_password_and_from_everywhere(door: Door, world: World) -> None:
    fail(door, 5)
    world.clock.move(timedelta(seconds=2))
    assert wait_of(door, password=GOOD, network="198.51.100.9") == 3


def test_the_pause_does_not_tell_whether_there_is_such_a_user(door: Door) -> None:
    fail(door, 5, "nobody@county.example")
    assert wait_of(door, "nobody@county.example") == 5


def test_the_pause_holds_in_every_process(door: Door, world: World) -> None:
    fail(door, 5)
    other = SqlStore(open_database(world.url), sealer=world.sealer)
    with pytest.raises(PausedError):
        sign_in(replace(world.context, store=other), door.passwords, Attempt(ANA, GOOD, HERE))
    other.engine.dispose()


def test_attempts_made_while_another_is_looked_at_are_counted_too(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    def is_right(_password: str, _hash: str | None) -> bool:
        monkeypatch.undo()
        fail(door, 4)
        wait_of(door)  # with the one that is looked at now they are five
        return False

    monkeypatch.setattr(door.passwords, "is_right", is_right)
    fail(door, 1)


def test_a_password_that_nobody_had_time_to_look_at_was_no_failure(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(door.passwords, "is_right", busy)
        for _ in range(25):
            with pytest.raises(PasswordsBusyError):
                door.sign_in()
    assert door.who(door.sign_in()) == ANA


def test_what_can_be_no_email_is_nobody(door: Door) -> None:
    fail(door, 1, "a\0na@county.example")


def test_asking_during_the_pause_does_not_make_it_longer(door: Door, world: World) -> None:
    fail(door, 5)
    for _ in range(3):
        wait_of(door)
    world.clock.move(timedelta(seconds=5))
    assert door.who(door.sign_in()) == ANA


def test_success_forgets_the_failures_of_the_email(door: Door) -> None:
    fail(door, 4)
    door.sign_in()
    fail(door, 4)
    assert door.who(door.sign_in()) == ANA


def test_an_address_that_tries_many_emails_is_slowed_down_too(door: Door) -> None:
    for number in range(20):
        fail(door, 1, f"guess{number}@county.example")
    assert wait_of(door) == 5
    assert door.who(door.sign_in(network="198.51.100.9")) == ANA


def guess_much(door: Door) -> None:
    """Fail so often from HERE that it is slowed down for as long as an address ever is."""
    for number in range(40):
        fail(door, 1, f"guess{number}@county.example")
        door.world.clock.move(timedelta(seconds=10))


def test_a_right_password_from_a_shared_address_pauses_nobody(door: Door) -> None:
    guess_much(door)
    for _ in range(3):
        assert door.who(door.sign_in()) == ANA


def test_an_address_is_never_slowed_down_by_more_than_seconds(door: Door) -> None:
    guess_much(door)
    fail(door, 1)
    assert wait_of(door, "ben@county.example") == 10


def test_an_address_is_forgotten_after_an_hour_without_a_failure_however_many_succeed(door: Door, world: World) -> None:
    guess_much(door)
    for _ in range(4):
        world.clock.move(15 * MINUTE)
        door.sign_in()
    for number in range(19):
        fail(door, 1, f"again{number}@county.example")
    assert door.who(door.sign_in()) == ANA


def test_a_fresh_link_lets_its_user_in_though_others_guess_from_their_address(door: Door, world: World) -> None:
    guess_much(door)
    link = reset_password(world.context, door.user().id, ADMIN)
    set_password(world.context, door.passwords, link, OTHER)
    fail(door, 1, "guess@county.example")
    world.clock.move(timedelta(seconds=10))
    assert door.who(door.sign_in(password=OTHER)) == ANA


def test_a_password_that_nobody_had_time_to_look_at_begins_no_pause_anew(
    door: Door, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(door, 5)
    world.clock.move(timedelta(seconds=5))
    with monkeypatch.context() as patched:
        patched.setattr(door.passwords, "is_right", busy)
        with pytest.raises(PasswordsBusyError):
            door.sign_in()
    assert door.who(door.sign_in()) == ANA


def test_right_passwords_count_for_nothing_against_an_address(door: Door) -> None:
    for _ in range(25):
        door.sign_in()
    assert door.who(door.sign_in()) == ANA


def test_an_outdated_hash_is_made_anew_at_the_next_sign_in(door: Door) -> None:
    door.passwords.way = "better"
    door.sign_in()
    assert door.user().password == f"better:{GOOD}"


def test_changing_the_password_ends_every_other_session(door: Door) -> None:
    here, there = door.sign_in(), door.sign_in()
    door.change(GOOD, OTHER, here)
    assert (door.who(here), door.who(there)) == (ANA, None)
    assert door.who(door.sign_in(password=OTHER)) == ANA
    fail(door, 1)


def test_changing_the_password_needs_the_old_one_and_guesses_are_slowed_down(door: Door, world: World) -> None:
    here = door.sign_in()
    for _ in range(5):
        with pytest.raises(WrongPasswordError):
            door.change("wrong", OTHER, here)
    with pytest.raises(PausedError):
        change_password(world.context, door.passwords, Attempt(ANA, GOOD, HERE), OTHER, session=here)


def test_what_is_long_over_is_swept_out(door: Door, world: World) -> None:
    old = door.sign_in()
    fail(door, 1, "nobody@county.example")
    world.clock.move(timedelta(days=91))
    door.sign_in()
    with reading(world.context) as turn:
        assert turn.work.users.session(hash_secret(old)) is None
    with world.store.engine.connect() as connection:
        left = connection.exec_driver_sql("SELECT count(*) FROM sign_in_failures").scalar()
    assert left == 0


def test_failures_stay_as_traces_for_three_months_and_slow_nobody_down(door: Door, world: World) -> None:
    fail(door, 5, "nobody@county.example")
    world.clock.move(timedelta(days=89))
    door.sign_in()
    with world.store.engine.connect() as connection:
        left = connection.exec_driver_sql("SELECT count(*) FROM sign_in_failures").scalar()
    assert left == 2  # the email and the address
    fail(door, 5, "nobody@county.example")


def test_an_administrator_signs_in_as_anybody_does(door: Door) -> None:
    door.add(ADMIN, Role.ADMIN)
    assert door.who(door.sign_in(ADMIN)) == ADMIN

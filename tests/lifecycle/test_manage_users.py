"""Who may do what, how that changes, the links by which passwords are set, and what the audit keeps of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pager.domain.user import Role, User
from pager.lifecycle.manage_users import (
    Rights,
    UserRefusedError,
    change_user,
    create_user,
    deactivate_user,
    reactivate_user,
)
from pager.lifecycle.new_password import UnusablePasswordError
from pager.lifecycle.prove_password import WrongPasswordError
from pager.lifecycle.reset_password import LinkError, reset_password, set_password, user_of_link
from tests.lifecycle.access import ADMIN, ANA, Door
from tests.passwords import GOOD, OTHER
from tests.world import World

DISPATCHER = Rights(Role.DISPATCHER)


@pytest.fixture
def door(world: World) -> Door:
    return Door(world)


def invite(door: Door, email: str = ANA) -> tuple[User, str]:
    """Make a user without a password and return them with the secret of their link."""
    user, secret = create_user(door.world.context, email, DISPATCHER, ADMIN)
    assert secret is not None
    return user, secret


def test_a_new_user_sets_their_password_by_the_link_and_signs_in(door: Door, world: World) -> None:
    user, secret = invite(door)
    assert user_of_link(world.context, secret).id == user.id
    set_password(world.context, door.passwords, secret, GOOD)
    assert door.who(door.sign_in()) == ANA


def test_a_link_is_good_once(door: Door, world: World) -> None:
    _, secret = invite(door)
    set_password(world.context, door.passwords, secret, GOOD)
    with pytest.raises(LinkError):
        set_password(world.context, door.passwords, secret, OTHER)
    assert door.user().password == f"plain:{GOOD}"


def test_a_link_is_good_for_a_day(door: Door, world: World) -> None:
    _, secret = invite(door)
    world.clock.move(timedelta(hours=24))
    with pytest.raises(LinkError):
        user_of_link(world.context, secret)


def test_a_newer_link_voids_the_older_one(door: Door, world: World) -> None:
    user, older = invite(door)
    newer = reset_password(world.context, user.id, ADMIN)
    with pytest.raises(LinkError):
        set_password(world.context, door.passwords, older, GOOD)
    set_password(world.context, door.passwords, newer, GOOD)


def test_an_unusable_password_leaves_the_link_as_it_was(door: Door, world: World) -> None:
    _, secret = invite(door)
    with pytest.raises(UnusablePasswordError):
        set_password(world.context, door.passwords, secret, "short")
    set_password(world.context, door.passwords, secret, GOOD)


def test_setting_a_password_by_a_link_ends_every_session_and_every_pause(door: Door, world: World) -> None:
    user = door.add()
    session = door.sign_in()
    for _ in range(5):
        with pytest.raises(WrongPasswordError):
            door.sign_in(password="wrong")
    set_password(world.context, door.passwords, reset_password(world.context, user.id, ADMIN), OTHER)
    assert door.who(session) is None
    assert door.who(door.sign_in(password=OTHER)) == ANA


def test_changing_the_password_voids_the_links(door: Door, world: World) -> None:
    secret = reset_password(world.context, door.add().id, ADMIN)
    door.change(GOOD, OTHER, door.sign_in())
    with pytest.raises(LinkError):
        user_of_link(world.context, secret)


def test_deactivation_voids_the_links_and_makes_no_new_one(door: Door, world: World) -> None:
    user, secret = invite(door)
    deactivate_user(world.context, user.id, ADMIN)
    with pytest.raises(LinkError):
        user_of_link(world.context, secret)
    with pytest.raises(LinkError):
        reset_password(world.context, user.id, ADMIN)


def test_a_reactivated_user_signs_in_with_the_password_from_before(door: Door, world: World) -> None:
    user = door.add()
    deactivate_user(world.context, user.id, ADMIN)
    reactivate_user(world.context, user.id, ADMIN)
    assert door.who(door.sign_in()) == ANA


def test_an_email_is_taken_once(door: Door) -> None:
    invite(door)
    with pytest.raises(UserRefusedError, match=r"There is a user ana@county\.example already"):
        invite(door)


@pytest.mark.parametrize(
    ("rights", "field", "says"),
    [
        (Rights(Role.AGENCY_ADMIN), "agency", "needs an agency"),
        (Rights(Role.AGENCY_ADMIN, "dcsf"), "agency", "There is no agency dcsf"),
        (Rights(Role.DISPATCHER, "dcfs"), "agency", "for agency administrators only"),
        (Rights(Role.VIEWER, sms="12"), "sms", "no number for SMS"),
        (Rights(Role.VIEWER, sms="213-555-0100 x12"), "sms", "no number for SMS"),
    ],
)
def test_rights_that_make_no_sense_are_refused(door: Door, world: World, rights: Rights, field: str, says: str) -> None:
    with pytest.raises(UserRefusedError, match=says) as caught:
        create_user(world.context, ANA, rights, ADMIN)
    assert caught.value.field == field
    user, _ = invite(door)
    with pytest.raises(UserRefusedError, match=says):
        change_user(world.context, user.id, rights, ADMIN)


def test_a_number_is_kept_as_it_is_dialled(world: World) -> None:
    user, _ = create_user(world.context, ANA, Rights(Role.VIEWER, sms="213-555-0177"), ADMIN)
    assert user.sms == "+12135550177"


def test_the_last_active_administrator_stays_one(door: Door, world: World) -> None:
    admin = door.add(ADMIN, Role.ADMIN)
    with pytest.raises(UserRefusedError, match="last active administrator"):
        change_user(world.context, admin.id, DISPATCHER, ADMIN)
    with pytest.raises(UserRefusedError, match="last active administrator"):
        deactivate_user(world.context, admin.id, ADMIN)
    door.add("other@county.example", Role.ADMIN)
    deactivate_user(world.context, admin.id, ADMIN)
    assert not door.user(ADMIN).is_active


def test_a_deactivated_administrator_does_not_count_as_one(door: Door, world: World) -> None:
    admin, other = door.add(ADMIN, Role.ADMIN), door.add("other@county.example", Role.ADMIN)
    deactivate_user(world.context, other.id, ADMIN)
    with pytest.raises(UserRefusedError):
        deactivate_user(world.context, admin.id, ADMIN)


def test_an_administrator_who_has_set_no_password_yet_does_not_count_as_one(door: Door, world: World) -> None:
    admin = door.add(ADMIN, Role.ADMIN)
    invited, secret = create_user(world.context, ANA, Rights(Role.ADMIN), ADMIN)
    assert secret is not None
    with pytest.raises(UserRefusedError, match="administrator with a password"):
        deactivate_user(world.context, admin.id, ADMIN)
    set_password(world.context, door.passwords, secret, GOOD)
    deactivate_user(world.context, admin.id, ADMIN)
    with pytest.raises(UserRefusedError):
        change_user(world.context, invited.id, DISPATCHER, ADMIN)


def test_the_audit_says_who_changed_what_and_how_it_was(door: Door, world: World) -> None:
    user, _ = invite(door)
    change_user(world.context, user.id, Rights(Role.AGENCY_ADMIN, "dcfs"), ADMIN)
    deactivate_user(world.context, user.id, "pager user deactivate")
    deactivated, changed, created = door.audit()
    assert (created.by, created.what, created.name, created.before) == (ADMIN, "user", ANA, {})
    assert created.after == {"role": "dispatcher", "active": True}
    assert changed.before == {"role": "dispatcher", "agency": None}
    assert (changed.after, changed.agency) == ({"role": "agency_admin", "agency": "dcfs"}, "dcfs")
    assert (deactivated.by, deactivated.before, deactivated.after) == (
        "pager user deactivate",
        {"active": True},
        {"active": False},
    )


def test_the_audit_keeps_that_a_password_was_set_and_nothing_of_it(door: Door, world: World) -> None:
    user, first = invite(door)
    set_password(world.context, door.passwords, first, GOOD)
    second = reset_password(world.context, user.id, ADMIN)
    door.change(GOOD, OTHER, door.sign_in())
    entries = door.audit()
    assert [entry.after for entry in entries[:3]] == [
        {"password": "changed"},
        {"link": "made"},
        {"password": "set by a link"},
    ]
    assert [entry.by for entry in entries[:3]] == [ANA, ADMIN, ANA]
    assert not any(secret in str(entries) for secret in (GOOD, OTHER, first, second, "plain:"))


def test_a_change_that_changes_nothing_is_not_noted(door: Door, world: World) -> None:
    user, _ = invite(door)
    change_user(world.context, user.id, DISPATCHER, ADMIN)
    reactivate_user(world.context, user.id, ADMIN)
    assert len(door.audit()) == 1


def test_an_agency_administrator_who_becomes_another_is_noted_for_the_agency_they_leave(
    door: Door, world: World
) -> None:
    user = door.add(role=Role.AGENCY_ADMIN, agency="dcfs")
    change_user(world.context, user.id, DISPATCHER, ADMIN)
    assert door.audit()[0].agency == "dcfs"

"""`pager user …`: who can sign in, made and unmade from a shell."""

from __future__ import annotations

import pytest

from pager.adapters.db.session import SqlStore
from pager.domain.api_key import hash_secret
from pager.domain.user import Role, User
from tests.cli.conftest import COUNTY, Pager
from tests.passwords import GOOD, FakePasswords

ANA = "ana@county.example"
PIPED = ("--password-stdin",)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pager.cli.users.ArgonPasswords", FakePasswords)


def create(pager: Pager, email: str = ANA, role: str = "dispatcher", *more: str) -> None:
    pager("user", "create", email, "--role", role, *more, *PIPED, stdin=f"{GOOD}\n")


def user(store: SqlStore, email: str = ANA) -> User:
    with store.reading() as work:
        found = work.users.by_email(email)
    assert found is not None
    return found


def test_makes_a_user_with_the_password_from_standard_input(pager_on: Pager, sqlite_store: SqlStore) -> None:
    create(pager_on, "Ana@County.example")
    made = user(sqlite_store)
    assert made.role is Role.DISPATCHER
    assert FakePasswords().is_right(GOOD, made.password)


def test_asks_for_the_password_twice_and_again_until_it_can_be_used(pager_on: Pager, sqlite_store: SqlStore) -> None:
    typed = ["short", "short", GOOD, "other", GOOD, GOOD]
    result = pager_on("user", "create", ANA, "--role", "viewer", stdin="\n".join(typed) + "\n")
    assert "has 5 characters; it needs at least 12" in result.stderr
    assert result.stdout.strip() == f"{ANA} can sign in, as viewer."
    assert FakePasswords().is_right(GOOD, user(sqlite_store).password)
    assert GOOD not in result.output


def test_an_agency_administrator_needs_their_agency_and_nobody_else_has_one(
    pager_on: Pager, sqlite_store: SqlStore
) -> None:
    pager_on("load", COUNTY)
    create(pager_on, ANA, "agency_admin", "--agency", "dcfs", "--sms", "213-555-0177")
    assert (user(sqlite_store).agency, user(sqlite_store).sms) == ("dcfs", "+12135550177")
    for role, more, says in (
        ("agency_admin", (), "An agency administrator needs an agency"),
        ("viewer", ("--agency", "dcfs"), "An agency is for agency administrators only"),
        ("agency_admin", ("--agency", "dcsf"), "dcsf is unknown; did you mean dcfs?"),
        ("viewer", ("--sms", "12"), "no number for SMS"),
    ):
        arguments = ("user", "create", "ben@county.example", "--role", role, *more, *PIPED)
        assert says in pager_on(*arguments, exit_code=2, stdin=f"{GOOD}\n").stderr


@pytest.mark.parametrize(
    ("email", "password", "says"),
    [
        ("ana", GOOD, "This is no email address"),
        (ANA, "short", "needs at least 12"),
        (ANA, ANA, "is the email address"),
    ],
)
def test_says_what_is_wrong_with_an_email_or_a_password(pager_on: Pager, email: str, password: str, says: str) -> None:
    arguments = ("user", "create", email, "--role", "viewer", *PIPED)
    assert says in pager_on(*arguments, exit_code=2, stdin=f"{password}\n").stderr


def test_an_email_is_taken_once(pager_on: Pager) -> None:
    create(pager_on)
    result = pager_on("user", "create", ANA, "--role", "viewer", *PIPED, exit_code=1, stdin=f"{GOOD}\n")
    assert result.stderr == f"There is a user {ANA} already.\n"


def test_lists_everybody_and_who_is_gone(pager_on: Pager) -> None:
    assert "There is no user yet" in pager_on("user", "list", exit_code=1).stderr
    create(pager_on)
    create(pager_on, "b@county.example", "admin")
    pager_on("user", "deactivate", ANA)
    assert pager_on("user", "list").stdout.splitlines() == [
        "ana@county.example  dispatcher  (deactivated)",
        "b@county.example    admin",
    ]


def test_a_reset_prints_a_link_alone_on_the_last_line_and_keeps_its_hash(
    pager_on: Pager, sqlite_store: SqlStore
) -> None:
    create(pager_on)
    result = pager_on("user", "reset", ANA, PAGER_PUBLIC_URL="https://pager.example.org/")
    address, _, secret = result.stdout.splitlines()[-1].rpartition("/")
    assert address == "https://pager.example.org/password"
    with sqlite_store.reading() as work:
        link = work.users.link(hash_secret(secret))
    assert link is not None
    assert link.user_id == user(sqlite_store).id


def test_nobody_is_reset_or_deactivated_by_a_mistyped_email(pager_on: Pager) -> None:
    create(pager_on)
    for command in ("reset", "deactivate", "reactivate"):
        result = pager_on("user", command, "anna@county.example", exit_code=2)
        assert f"anna@county.example is unknown; did you mean {ANA}?" in result.stderr


def test_a_deactivated_user_gets_no_link(pager_on: Pager) -> None:
    create(pager_on)
    pager_on("user", "deactivate", ANA)
    assert "is deactivated" in pager_on("user", "reset", ANA, exit_code=1).stderr


def test_a_deactivated_user_is_taken_back(pager_on: Pager, sqlite_store: SqlStore) -> None:
    create(pager_on)
    pager_on("user", "deactivate", ANA)
    assert pager_on("user", "reactivate", ANA.upper()).stdout == f"{ANA} can sign in again.\n"
    assert user(sqlite_store).is_active


def test_a_password_that_is_no_text_is_refused_in_one_sentence(pager_on: Pager) -> None:
    arguments = ("user", "create", ANA, "--role", "viewer", *PIPED)
    result = pager_on(*arguments, exit_code=2, stdin=b"x\xff\xfe\n")
    assert "no text in UTF-8" in result.stderr
    assert "fault" not in result.stderr


def test_where_there_is_no_user_that_is_said(pager_on: Pager) -> None:
    assert "there is no user yet" in pager_on("user", "deactivate", ANA, exit_code=2).stderr


def test_the_last_administrator_stays(pager_on: Pager) -> None:
    create(pager_on, ANA, "admin")
    result = pager_on("user", "deactivate", ANA, exit_code=1)
    assert result.stderr.startswith(f"{ANA} is the last active administrator")

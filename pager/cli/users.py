"""`pager user …`: who signs in with a browser."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from pager.adapters.emails import read_email
from pager.adapters.passwords import ArgonPasswords
from pager.app import make_context
from pager.cli.choices import check_code
from pager.cli.failures import Failure
from pager.cli.opening import current_settings, opened_store
from pager.domain.password import password_problem
from pager.domain.sign_in import LINK_LASTS
from pager.domain.user import Role, User
from pager.lifecycle.manage_users import Rights, UserRefusedError, create_user, deactivate_user, reactivate_user
from pager.lifecycle.reset_password import LinkError, reset_password
from pager.lifecycle.turn import Context, reading

OPTIONS = {"email": "EMAIL", "agency": "--agency", "sms": "--sms"}


@click.group()
def user() -> None:
    """Who signs in with a browser."""


@user.command()
@click.argument("email")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    required=True,
    help="admin: everything; agency_admin: one agency's people and rosters; dispatcher: opens encounters and acts "
    "on them; viewer: looks.",
)
@click.option("--agency", metavar="A", help="The agency of an agency_admin, and of nobody else.")
@click.option("--sms", metavar="N", help="The number to which warnings go.")
@click.option("--password-stdin", "is_piped", is_flag=True, help="Read the password from standard input.")
def create(email: str, role: str, agency: str | None, sms: str | None, is_piped: bool) -> None:
    """Make a user who signs in as EMAIL.

    Asks for the password twice, unless it is read from standard input.
    """
    email = _email(email)
    with _opened() as context:
        if agency is not None:
            check_code(agency, _agencies(context), "--agency")
        password = _piped_password(email) if is_piped else _asked_password(email)
        hash_ = ArgonPasswords().hash(password)
        try:
            create_user(context, email, Rights(Role(role), agency, sms), "pager user create", password=hash_)
        except UserRefusedError as error:
            raise _refusal(error) from None
    click.echo(f"{email} can sign in, as {role}{f' of {agency}' if agency else ''}.")


@user.command("list")
def list_users() -> None:
    """List everybody who signs in, those who no longer can too."""
    with _opened() as context, reading(context) as turn:
        found = turn.work.users.all()
    if not found:
        raise Failure("There is no user yet; make one with `pager user create EMAIL --role admin`.")
    width = max(len(one.email) for one in found)
    for one in found:
        click.echo(f"{one.email:<{width}}  {'  '.join(_told(one))}".rstrip())


@user.command()
@click.argument("email")
def reset(email: str) -> None:
    """Print a link by which EMAIL sets a new password, once, alone on the last line.

    Earlier links of theirs are void; until this one is used their password goes on.
    """
    settings = current_settings()
    with _opened() as context:
        found = _known(context, email)
        try:
            secret = reset_password(context, found.id, "pager user reset")
        except LinkError:
            raise Failure(f"{found.email} is deactivated; `pager user reactivate {found.email}` comes first.") from None
    hours = LINK_LASTS.total_seconds() / 3600
    click.echo(f"For {found.email}, good once and for {hours:.0f} hours. It is shown now and never again:")
    click.echo(f"{settings.public_url}/password/{secret}")


@user.command()
@click.argument("email")
def deactivate(email: str) -> None:
    """Let EMAIL sign in no more, and sign them out everywhere."""
    with _opened() as context:
        found = _known(context, email)
        try:
            deactivate_user(context, found.id, "pager user deactivate")
        except UserRefusedError as error:
            raise Failure(str(error)) from None
    click.echo(f"{found.email} is signed out and cannot sign in any more.")


@user.command()
@click.argument("email")
def reactivate(email: str) -> None:
    """Let EMAIL sign in again, with the password from before."""
    with _opened() as context:
        found = _known(context, email)
        reactivate_user(context, found.id, "pager user reactivate")
    forgotten = f"; `pager user reset {found.email}` gives them a link to set a password"
    click.echo(f"{found.email} can sign in again{forgotten if found.password is None else ''}.")


@contextmanager
def _opened() -> Iterator[Context]:
    settings = current_settings()
    with opened_store(settings) as store:
        yield make_context(settings, store)


def _email(text: str) -> str:
    try:
        return read_email(text)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="EMAIL") from None


def _agencies(context: Context) -> list[str]:
    with reading(context) as turn:
        return [agency.code for agency in turn.work.directory.agencies()]


def _known(context: Context, email: str) -> User:
    email = email.strip().lower()
    with reading(context) as turn:
        users = {one.email: one for one in turn.work.users.all()}
    check_code(email, list(users), "EMAIL", nothing="there is no user yet")
    return users[email]


def _piped_password(email: str) -> str:
    line = sys.stdin.buffer.readline()
    try:
        password = line.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise click.UsageError("What came from standard input is no text in UTF-8; write the password so.") from None
    if problem := password_problem(password, email):
        raise click.UsageError(problem)
    return password


def _asked_password(email: str) -> str:
    while True:
        password: str = click.prompt("Password", hide_input=True, confirmation_prompt="Once more", err=True)
        problem = password_problem(password, email)
        if problem is None:
            return password
        click.echo(problem, err=True)


def _refusal(error: UserRefusedError) -> Exception:
    """Who exists already is a finding, what makes no sense is wrong usage."""
    if error.field == "email":
        return Failure(str(error))
    return click.BadParameter(str(error), param_hint=OPTIONS.get(error.field or ""))


def _told(one: User) -> Iterator[str]:
    yield f"{one.role.value}{f' of {one.agency}' if one.agency else ''}"
    if one.sms:
        yield one.sms
    if not one.is_active:
        yield "(deactivated)"
    elif one.password is None:
        yield "(no password yet)"

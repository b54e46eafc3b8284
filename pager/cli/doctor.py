"""`pager doctor`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import click

from pager.adapters.db.migrate import is_current
from pager.adapters.db.session import SqlStore
from pager.adapters.policy_files import read_policies
from pager.adapters.twilio.credentials import Credentials
from pager.adapters.twilio.http import CarrierHttpClient
from pager.adapters.yaml_lines import FileError
from pager.app import make_context
from pager.cli.doctor_coverage import look_at_coverage
from pager.cli.failures import Failure, as_failure
from pager.cli.opening import unchecked_store
from pager.clock import JUMP, SystemClock, wall_time
from pager.config import REQUIRED_TO_SERVE, Settings, SettingsError, environment, read_settings
from pager.domain.policy import Policy
from pager.lifecycle.ports import Work
from pager.lifecycle.trigger import ENGINE_IS_SILENT_AFTER
from pager.lifecycle.turn import Turn

WIDTH = 12
LOCAL = ("localhost", "127.0.0.1", "::1", "0.0.0.0")  # noqa: S104 -- named, not listened on


@dataclass(frozen=True)
class Finding:
    """What one check came to. `why` is empty where all is well; `is_failure`: it must be put right."""

    check: str
    why: str = ""
    is_failure: bool = True

    def __str__(self) -> str:
        kind = "fails" if self.is_failure else "warning"
        return f"{self.check:<{WIDTH}}{f'{kind}: {self.why}' if self.why else 'ok'}"


@click.command()
def doctor() -> None:
    """Check settings, database, schema, policies, coverage, carrier, public URL and engine.

    Prints a line for each check and exits with 1 when one fails. Nothing is changed, nobody is paged.
    """
    failed = []
    for finding in _findings():
        click.echo(str(finding))
        if finding.why and finding.is_failure:
            failed.append(finding.check)
    if failed:
        raise Failure(f"To be put right: {', '.join(failed)}.")


def _findings() -> Iterator[Finding]:
    """Yield the findings in the order in which they are best put right; what hangs on what fails is left out."""
    settings, finding = _settings()
    yield finding
    if settings is None:
        return
    policies, finding = _policies(settings)
    yield finding
    yield from _of_database(settings, policies)
    if settings.account_sid and settings.auth_tokens:
        yield Finding("carrier", _carrier(settings.account_sid, settings.auth_tokens, settings.twilio_api_url))
    yield Finding("public URL", _public_url(settings))


def _settings() -> tuple[Settings | None, Finding]:
    """Return the settings, None where they cannot be read at all, and everything that is wrong with them."""
    env = environment()
    try:
        settings = read_settings(env, REQUIRED_TO_SERVE)
    except SettingsError as error:
        finding = Finding("settings", "; ".join(str(error).splitlines()))
        try:
            return read_settings(env), finding
        except SettingsError:
            return None, finding
    unset = {"PAGER_ALARM_TO": settings.alarm_to, "PAGER_HEARTBEAT_URL": settings.heartbeat_url}
    missing = [name for name, value in unset.items() if not value]
    if missing:
        why = f"without {' and '.join(missing)} nobody is told when the service itself fails"
        return settings, Finding("settings", why, is_failure=False)
    return settings, Finding("settings")


def _policies(settings: Settings) -> tuple[dict[str, Policy], Finding]:
    try:
        return read_policies(settings.policies), Finding("policies")
    except FileError as error:
        first, more = error.problems[0], len(error.problems) - 1
        others = f"; and {more} more, see `pager policy check`" if more else ""
        return {}, Finding("policies", f"{first}{others}")


def _of_database(settings: Settings, policies: dict[str, Policy]) -> Iterator[Finding]:
    try:
        store = unchecked_store(settings)
    except Exception as error:  # a URL that cannot be read, a driver that is not there
        yield Finding("database", as_failure(error).message)
        return
    try:
        if not store.is_reachable():
            yield Finding("database", "it cannot be reached; check PAGER_DATABASE_URL, or run `pager db upgrade`")
            return
        yield Finding("database")
        if not is_current(store.engine):
            yield Finding("schema", "it is not the one of this version; run `pager db upgrade`")
            return
        yield Finding("schema")
        yield from _of_content(settings, store, policies)
    finally:
        store.engine.dispose()


def _of_content(settings: Settings, store: SqlStore, policies: dict[str, Policy]) -> Iterator[Finding]:
    with store.reading() as work:
        if policies:
            turn = Turn(make_context(settings, store, SystemClock()), work, wall_time())
            yield Finding("coverage", *look_at_coverage(turn))
        yield _engine(work)


def _engine(work: Work) -> Finding:
    beat_at, now = work.engines.last_beat_at(), wall_time()
    if beat_at is None or now - beat_at > ENGINE_IS_SILENT_AFTER:
        return Finding("engine", "none runs, so nobody is paged; start `pager serve` or `pager worker`")
    if beat_at - now > JUMP:
        ahead = f"{(beat_at - now).total_seconds():.0f} s"
        return Finding("engine", f"its clock is {ahead} ahead of this machine's; check both", is_failure=False)
    return Finding("engine")


def _carrier(account_sid: str, auth_tokens: Sequence[str], api_url: str | None) -> str:
    """Return "" where the carrier takes one of the tokens, else what is wrong with the first."""
    wrong = [Credentials(account_sid, token, lambda: CarrierHttpClient(api_url)).check() or "" for token in auth_tokens]
    return min(wrong, key=bool)


def _public_url(settings: Settings) -> str:
    """Return why the carrier could not reach us; an emulator beside us may."""
    if settings.twilio_api_url is not None:
        return ""
    parts = urlsplit(settings.public_url)
    if parts.scheme != "https":
        return "PAGER_PUBLIC_URL must begin with https:// for answers to stay private"
    if parts.hostname is None or parts.hostname in LOCAL:
        return "PAGER_PUBLIC_URL names this machine itself, where the carrier cannot reach it"
    return ""

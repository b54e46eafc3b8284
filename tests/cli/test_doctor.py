"""`pager doctor`: a line for each check, and exit code 1 when one fails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests
import responses
from flask import Flask

from pager.adapters.db.session import SqlStore
from pager.adapters.twilio.credentials import Credentials
from pager.clock import SystemClock, wall_time
from pager.domain.directory import Station
from pager.domain.roster import Tier
from pager.lifecycle.ports import Work
from pager.sandbox.bridge import BridgedHttpClient
from pager.sandbox.carrier import carrier_blueprint
from pager.sandbox.records import Account
from pager.sandbox.sandbox import Sandbox
from tests.cli.conftest import COUNTY, Pager

SID = "AC" + "0" * 32
TOKEN = "a-secret-token"
ACCOUNT = f"https://api.twilio.com/2010-04-01/Accounts/{SID}.json"
CHECKS = ("settings", "policies", "database", "schema", "coverage", "engine", "carrier", "public URL")
SETTINGS = {
    "PAGER_SECRET_KEY": "secret",
    "PAGER_PUBLIC_URL": "https://pager.example",
    "PAGER_ALARM_TO": "+13105550199",
    "PAGER_HEARTBEAT_URL": "https://monitor.example/ping",
    "TWILIO_ACCOUNT_SID": SID,
    "TWILIO_AUTH_TOKEN": TOKEN,
    "TWILIO_FROM": "+12135550190",
}


class Patient:
    """An installation to look at: all is well with it but for what a test changes."""

    def __init__(self, pager: Pager, store: SqlStore, carrier: responses.RequestsMock) -> None:
        self.pager, self.store, self.carrier = pager, store, carrier

    def beat(self, ahead: timedelta = timedelta(0)) -> None:
        with self.store.writing() as work:
            work.engines.beat("engine", wall_time() + ahead, is_carrier_ok=True)

    def account(self, **answer: Any) -> None:
        """Let the carrier answer so, when it is asked for the account."""
        self.carrier.upsert("GET", ACCOUNT, **answer)

    def look(self, exit_code: int = 0, **env: str) -> dict[str, str]:
        """Run the doctor and return what it says by check."""
        result = self.pager("doctor", exit_code=exit_code, **(SETTINGS | env))
        assert TOKEN not in result.output
        return {line[:12].strip(): line[12:] for line in result.stdout.splitlines()}


@pytest.fixture
def patient(pager_on_each: Pager, store: SqlStore) -> Iterator[Patient]:
    pager_on_each("load", COUNTY)
    with responses.RequestsMock(assert_all_requests_are_fired=False) as carrier:
        patient = Patient(pager_on_each, store, carrier)
        patient.account(json={"sid": SID, "status": "active"})
        patient.beat()
        yield patient


def test_all_is_well(patient: Patient) -> None:
    assert patient.look() == dict.fromkeys(CHECKS, "ok")


def test_tells_at_the_end_what_is_to_be_put_right(patient: Patient) -> None:
    wrong = {"TWILIO_FROM": "", "PAGER_PUBLIC_URL": "http://pager.example"}
    result = patient.pager("doctor", exit_code=1, **(SETTINGS | wrong))
    assert result.stderr == "To be put right: settings, public URL.\n"


def test_tells_everything_that_is_wrong_with_the_settings(patient: Patient) -> None:
    found = patient.look(exit_code=1, PAGER_SECRET_KEY="", PAGER_ENGINE="maybe")
    assert found == {"settings": "fails: PAGER_SECRET_KEY is missing; PAGER_ENGINE must be on or off"}


def test_what_is_missing_for_serving_keeps_nothing_else_from_being_checked(patient: Patient) -> None:
    found = patient.look(exit_code=1, TWILIO_AUTH_TOKEN="")
    assert found.pop("settings") == "fails: TWILIO_AUTH_TOKEN is missing"
    assert found == dict.fromkeys(set(CHECKS) - {"settings", "carrier"}, "ok")


def test_warns_where_nobody_is_told_when_the_service_fails(patient: Patient) -> None:
    found = patient.look(PAGER_ALARM_TO="", PAGER_HEARTBEAT_URL="")
    assert found["settings"].startswith("warning: without PAGER_ALARM_TO and PAGER_HEARTBEAT_URL nobody is told")


@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all.db", "not a url", "oracle://somewhere/db"])
def test_a_database_that_cannot_be_used(patient: Patient, url: str) -> None:
    found = patient.look(exit_code=1, PAGER_DATABASE_URL=url)
    assert found["database"].startswith("fails: ")
    assert "schema" not in found
    assert found["carrier"] == "ok"


def test_a_database_that_was_never_migrated(patient: Patient, tmp_path: Path) -> None:
    found = patient.look(exit_code=1, PAGER_DATABASE_URL=f"sqlite:///{tmp_path / 'empty.db'}")
    assert found["database"] == "ok"
    assert found["schema"] == "fails: it is not the one of this version; run `pager db upgrade`"
    assert "coverage" not in found


def test_policies_that_are_wrong(patient: Patient, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("policy: mine\nwindow: soon\n")
    found = patient.look(exit_code=1, PAGER_POLICIES=str(tmp_path))
    assert found["policies"].startswith(f"fails: {tmp_path / 'mine.yaml'}:")
    assert found["policies"].endswith("more, see `pager policy check`")


def leave(work: Work, agency: str, stations: frozenset[str] = frozenset()) -> None:
    """Take the agency's duty phone and shifts away, but for one shift for these stations where there are any."""
    work.directory.responder(f"{agency}-duty").is_active = False
    shifts = [shift for shift in work.directory.shifts() if shift.agency == agency]
    for shift in shifts[1:] if stations else shifts:
        work.directory.remove(shift)
    shifts[0].stations = stations


def test_an_agency_with_nobody_on_call_and_no_duty_phone(patient: Patient) -> None:
    with patient.store.writing() as work:
        leave(work, "dcfs")
        leave(work, "dhs", frozenset({"compton"}))
        others = [one.code for one in work.directory.stations() if one.code != "compton"]
    found = patient.look(exit_code=1)
    assert found["coverage"] == f"fails: nobody of dcfs for any station; nobody of dhs for {', '.join(others)}"


def test_a_duty_phone_alone_is_somebody_but_a_gap_all_the_same(patient: Patient) -> None:
    with patient.store.writing() as work:
        for shift in work.directory.shifts():
            work.directory.remove(shift)
    warned = patient.look()["coverage"]
    assert warned == (
        "warning: nobody is primary of advocates for 9 stations now; 14 more within 7 days; see `pager roster gaps`"
    )


def leave_later(work: Work, agency: str, days: int) -> datetime:
    """Let an agency's supervisor go in so many days, at six in the evening, and return when."""
    at = (wall_time() + timedelta(days=days)).astimezone(ZoneInfo("America/Los_Angeles"))
    at = at.replace(hour=18, minute=0, second=0, microsecond=0)
    next(one for one in work.directory.shifts([agency]) if one.tier is Tier.SUPERVISOR).end_at = at
    return at


def test_a_gap_within_seven_days_is_a_warning_that_names_the_first(patient: Patient) -> None:
    with patient.store.writing() as work:
        leave_later(work, "dhs", 4)
        first = leave_later(work, "dcfs", 3)
        leave_later(work, "dmh", 9)
    assert patient.look()["coverage"] == (
        f"warning: nobody is supervisor of dcfs for 9 stations from {first:%Y-%m-%d} 18:00; 1 more within 7 days; "
        "see `pager roster gaps`"
    )


def test_a_gap_must_be_put_right_where_no_duty_phone_is_called_then(patient: Patient) -> None:
    with patient.store.writing() as work:
        leave_later(work, "dhs", 3)
        first = leave_later(work, "dcfs", 4)
        work.directory.agency("dcfs").duty_phone = None
    failed = patient.look(exit_code=1)["coverage"]
    assert failed.startswith(f"fails: nobody is supervisor of dcfs for 9 stations from {first:%Y-%m-%d} 18:00;")


def test_a_station_whose_policy_is_missing(patient: Patient) -> None:
    with patient.store.writing() as work:
        work.directory.add(Station("far", "Far", "Far", "elsewhere"))
    assert patient.look(exit_code=1)["coverage"] == "fails: the policy elsewhere of far is missing"


def test_a_directory_that_was_never_loaded(patient: Patient) -> None:
    with patient.store.writing() as work:
        for station in work.directory.stations():
            station.is_active = False
    assert patient.look(exit_code=1)["coverage"] == "fails: no station is loaded; run `pager load FILE`"


def test_an_engine_that_is_silent(patient: Patient) -> None:
    patient.beat(-timedelta(seconds=11))
    assert patient.look(exit_code=1)["engine"].startswith("fails: none runs, so nobody is paged")


def test_an_engine_whose_clock_is_ahead(patient: Patient) -> None:
    patient.beat(timedelta(hours=1))
    assert patient.look()["engine"].startswith("warning: its clock is 3600 s ahead of this machine's")


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ({"json": {"code": 20003}, "status": 401}, "the carrier refuses TWILIO_ACCOUNT_SID with TWILIO_AUTH_TOKEN"),
        ({"json": {"code": 20500}, "status": 500}, "the carrier answers 500, code 20500"),
        ({"json": {"sid": SID, "status": "suspended"}}, "the account is suspended"),
        ({"json": {}}, "the account is not described by the answer"),
        ({"body": "<html>"}, "the carrier cannot be asked (JSONDecodeError)"),
        ({"body": requests.ConnectTimeout("no")}, "the carrier cannot be asked (ConnectTimeout)"),
    ],
)
def test_a_carrier_that_does_not_take_our_credentials(patient: Patient, answer: dict[str, Any], why: str) -> None:
    patient.account(**answer)
    assert patient.look(exit_code=1)["carrier"] == f"fails: {why}"


@pytest.mark.parametrize("url", ["http://pager.example", "https://localhost:8000", "https://127.0.0.1"])
def test_a_public_url_that_the_carrier_cannot_use(patient: Patient, url: str) -> None:
    assert patient.look(exit_code=1, PAGER_PUBLIC_URL=url)["public URL"].startswith("fails: PAGER_PUBLIC_URL ")


def test_an_emulator_may_reach_us_on_this_machine(patient: Patient) -> None:
    emulated = "http://127.0.0.1:9000"
    patient.carrier.get(ACCOUNT.replace("https://api.twilio.com", emulated), json={"sid": SID, "status": "active"})
    found = patient.look(PAGER_PUBLIC_URL="http://127.0.0.1:8000", TWILIO_API_URL=emulated)
    assert (found["carrier"], found["public URL"]) == ("ok", "ok")


def test_the_sandbox_account_is_in_order() -> None:
    carrier = Flask("carrier")
    sandbox = Sandbox(SystemClock(), Account(SID, TOKEN, ("+12135550190",)), "http://pager.test")
    carrier.register_blueprint(carrier_blueprint(sandbox))

    def check(token: str) -> str | None:
        return Credentials(SID, token, lambda: BridgedHttpClient("http://carrier.test", carrier)).check()

    assert check(TOKEN) is None
    assert check("wrong") == "the carrier refuses TWILIO_ACCOUNT_SID with TWILIO_AUTH_TOKEN"

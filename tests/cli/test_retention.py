"""`pager purge` and `pager hold`."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from pager.adapters.db.session import SqlStore
from pager.cli import retention
from pager.sandbox.bridge import BridgedHttpClient
from pager.sandbox.carrier import carrier_blueprint
from pager.sandbox.faults import Fault, FaultKind
from pager.sandbox.sandbox import Sandbox
from tests.cli.conftest import COUNTY, Pager
from tests.clock import FakeClock
from tests.world import ACCOUNT, CARRIER_URL, OURS, PUBLIC_URL


def purge(pager: Pager, exit_code: int = 0) -> Result:
    return pager("purge", exit_code=exit_code, TWILIO_ACCOUNT_SID=ACCOUNT.sid, TWILIO_AUTH_TOKEN=ACCOUNT.token)


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """The carrier that the command reaches, with what it asks for to delete."""
    sandbox = Sandbox(FakeClock(), ACCOUNT, PUBLIC_URL)
    app = Flask("carrier")
    app.register_blueprint(carrier_blueprint(sandbox))
    monkeypatch.setattr(retention, "CarrierHttpClient", lambda _: BridgedHttpClient(CARRIER_URL, app))
    return sandbox


@pytest.fixture
def old(pager_on: Pager, sqlite_url: str, sandbox: Sandbox) -> Iterator[list[str]]:
    """The references of two encounters that were cancelled long ago; the carrier keeps a message of each."""
    pager_on("load", COUNTY)
    trigger = ("trigger", "--station", "compton", "--callback", "310-555-0100")
    references = [pager_on(*trigger).stdout.split()[0] for _ in range(2)]
    message = {"To": "+12135550101", "From": OURS, "Body": "Encounter"}
    sids = [sandbox.create_message(message)["sid"] for _ in references]
    sandbox.settle()
    with sqlite3.connect(Path(sqlite_url.removeprefix("sqlite:///"))) as connection:
        connection.execute("UPDATE encounters SET state = 'cancelled', ended_at = '2020-01-01 00:00:00'")
        for reference, sid in zip(references, sids, strict=True):
            first = "SELECT min(d.id) FROM deliveries d JOIN encounters e ON e.id = encounter_id WHERE reference = ?"
            connection.execute(f"UPDATE deliveries SET carrier_sid = ? WHERE id = ({first})", (sid, reference))
    yield references
    connection.close()


def test_a_purge_prints_a_certificate_a_line_and_says_what_it_did(
    pager_on: Pager, old: list[str], sandbox: Sandbox
) -> None:
    result = purge(pager_on)
    [certificate] = [json.loads(line) for line in result.stdout.splitlines()]
    assert (certificate["number"], certificate["encounters"], len(certificate["purged"])) == (1, 2, 2)
    assert result.stderr == "Purged: 2 encounters, and 0 messages of no encounter.\n"
    assert sandbox.list_messages({})["messages"] == []
    assert not [one for one in old if one in result.stdout]
    verified = pager_on("audit", "verify").stdout.splitlines()
    assert verified[0].endswith("0 encounters with 0 events, 1 certificates of 2 purged encounters.")
    assert verified[1] == f"Anchor: 2 encounters, 12 events, certificate 1 {certificate['hash']}"


def test_the_second_time_there_is_nothing_to_purge(pager_on: Pager, old: list[str]) -> None:
    purge(pager_on)
    assert purge(pager_on).stdout == ""
    assert len(old) == 2


def test_a_dry_run_tells_what_would_go_and_needs_no_carrier(pager_on: Pager, old: list[str], sandbox: Sandbox) -> None:
    pager_on("hold", "place", old[0])
    told = pager_on("purge", "--dry-run").stdout.splitlines()
    assert told[0].endswith(" UTC: 1 encounter to go.")
    assert told[1:3] == [
        "Under a legal hold: 1. Messages of no encounter: 0 to go.",
        "Messages and calls at the carrier: 1 to go.",
    ]
    assert len(sandbox.list_messages({})["messages"]) == 2
    assert "2 encounters" in pager_on("audit", "verify").stdout


def test_a_carrier_that_is_away_is_told_and_everything_stays(pager_on: Pager, old: list[str], sandbox: Sandbox) -> None:
    sandbox.add_fault(Fault(FaultKind.REFUSE, http_status=503))
    result = purge(pager_on, exit_code=1)
    assert result.stderr.splitlines()[1] == (
        f"2 encounters (the first is {old[0]}) and 0 messages of no encounter stay: the carrier is away "
        "(503, code 20500). Run this again later."
    )
    assert "2 encounters" in pager_on("audit", "verify").stdout


def test_without_credentials_nothing_is_purged(pager_on: Pager, old: list[str]) -> None:
    result = pager_on("purge", exit_code=2)
    assert result.stderr == "TWILIO_ACCOUNT_SID is missing\nTWILIO_AUTH_TOKEN is missing\n"
    assert len(old) == 2


def test_a_hold_is_placed_listed_lifted_and_audited(pager_on: Pager, old: list[str], sqlite_store: SqlStore) -> None:
    assert pager_on("hold", "list").stdout == "No encounter is under a legal hold.\n"
    for _ in range(2):
        assert "is under a legal hold since" in pager_on("hold", "place", old[0].lower()).stdout
    [line] = pager_on("hold", "list").stdout.splitlines()
    assert (line.split()[0], line.endswith("by pager hold")) == (old[0], True)
    purge(pager_on)
    assert "is lifted" in pager_on("hold", "lift", old[0]).stdout
    assert "under no legal hold" in pager_on("hold", "lift", old[0], exit_code=1).stderr
    with sqlite_store.reading() as work:
        entries = [entry for _, entry in work.audit.listing(agency=None, before=None, limit=100)]
    holds = [entry for entry in entries if entry.what == "hold"]
    assert [(entry.name, entry.by, bool(entry.before), bool(entry.after)) for entry in holds] == [
        (old[0], "pager hold", True, False),
        (old[0], "pager hold", False, True),
    ]


def test_a_reference_that_no_encounter_has_is_told(pager_on: Pager, old: list[str]) -> None:
    for verb in ("place", "lift"):
        assert "No encounter has the reference 22222" in pager_on("hold", verb, "22222", exit_code=1).stderr
    purge(pager_on)
    assert "it was purged" in pager_on("hold", "place", old[0], exit_code=1).stderr


def test_a_changed_certificate_is_named(pager_on: Pager, old: list[str], sqlite_url: str) -> None:
    purge(pager_on)
    with sqlite3.connect(Path(sqlite_url.removeprefix("sqlite:///"))) as connection:
        connection.execute("DROP TRIGGER no_update_of_certificates")
        connection.execute("UPDATE certificates SET encounters = 1")
    connection.close()
    assert pager_on("audit", "verify", exit_code=1).stderr == "certificate 1 was changed.\n"
    assert len(old) == 2


def test_an_encounter_said_to_be_purged_that_is_there_is_named(
    pager_on: Pager, old: list[str], sqlite_url: str
) -> None:
    with sqlite3.connect(Path(sqlite_url.removeprefix("sqlite:///"))) as connection:
        connection.execute("INSERT INTO purged_encounters SELECT min(id), 7, 1, 'abc' FROM encounters")
    connection.close()
    assert pager_on("audit", "verify", exit_code=1).stderr == (
        "the certificate of the purged encounter with the id 1 is missing. Further findings: 1.\n"
    )
    assert len(old) == 2

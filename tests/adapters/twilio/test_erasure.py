"""Deleting what the carrier keeps, through the real SDK, from the sandbox carrier."""

from __future__ import annotations

import pytest
from flask import Flask
from requests import ConnectTimeout
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response

from pager.adapters.twilio.erasure import TwilioErasure
from pager.domain.directory import Channel
from pager.domain.retention import CarrierCopy
from pager.lifecycle.carrier import CarrierUnavailableError
from pager.lifecycle.retention_ports import NotErasedError
from pager.sandbox.bridge import BridgedHttpClient
from pager.sandbox.carrier import carrier_blueprint
from pager.sandbox.faults import Fault, FaultKind
from pager.sandbox.sandbox import Sandbox
from tests.clock import FakeClock
from tests.people import ANA
from tests.world import ACCOUNT, CARRIER_URL, OURS, PUBLIC_URL

TOKEN = ACCOUNT.token


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(FakeClock(), ACCOUNT, PUBLIC_URL)


def erasure(sandbox: Sandbox, *tokens: str) -> TwilioErasure:
    app = Flask("carrier")
    app.register_blueprint(carrier_blueprint(sandbox))
    return TwilioErasure(ACCOUNT.sid, tokens or (TOKEN,), lambda: BridgedHttpClient(CARRIER_URL, app))


def message(sandbox: Sandbox) -> CarrierCopy:
    sid = sandbox.create_message({"To": ANA, "From": OURS, "Body": "Encounter 7K2QD"})["sid"]
    return CarrierCopy(Channel.SMS, sid)


def test_messages_and_calls_are_deleted_and_deleting_them_again_is_no_error(sandbox: Sandbox) -> None:
    call = sandbox.create_call({"To": ANA, "From": OURS, "Url": PUBLIC_URL})["sid"]
    copies = [message(sandbox), CarrierCopy(Channel.VOICE, call)]
    sandbox.settle()
    sandbox.reject(call)
    for copy in [*copies, *copies]:
        erasure(sandbox).erase(copy)
    assert (sandbox.list_messages({})["messages"], sandbox.list_calls({})["calls"]) == ([], [])


def test_what_is_still_under_way_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(NotErasedError, match="409, code 20009"):
        erasure(sandbox).erase(message(sandbox))


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_carrier_that_takes_nothing_is_away(sandbox: Sandbox, status: int) -> None:
    sandbox.add_fault(Fault(FaultKind.REFUSE, http_status=status))
    with pytest.raises(CarrierUnavailableError, match=str(status)):
        erasure(sandbox).erase(message(sandbox))


def test_so_is_one_that_cannot_be_reached() -> None:
    class Unreachable(TwilioHttpClient):  # type: ignore[misc] # the SDK ships no types
        def request(self, *_: object, **__: object) -> Response:
            raise ConnectTimeout

    unreachable = TwilioErasure(ACCOUNT.sid, (TOKEN,), Unreachable)
    with pytest.raises(CarrierUnavailableError, match="ConnectTimeout"):
        unreachable.erase(CarrierCopy(Channel.SMS, "SM" + "0" * 32))


def test_while_auth_tokens_are_exchanged_either_is_tried(sandbox: Sandbox) -> None:
    copies = [message(sandbox), message(sandbox)]
    sandbox.settle()
    both = erasure(sandbox, "old-token", TOKEN)
    for copy in copies:
        both.erase(copy)
    assert [line["status"] for line in sandbox.ledger() if line["kind"] == "request"] == [401, 204, 204]


def test_credentials_that_are_refused_are_said_to_be(sandbox: Sandbox) -> None:
    with pytest.raises(CarrierUnavailableError, match="TWILIO_AUTH_TOKEN"):
        erasure(sandbox, "wrong").erase(message(sandbox))

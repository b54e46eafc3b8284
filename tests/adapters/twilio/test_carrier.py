"""The SDK as it is, against answers and faults that a carrier gives: what is known to be sent, and what is not."""

from __future__ import annotations

from base64 import b64decode
from typing import Any
from urllib.parse import parse_qs

import pytest
import requests
import responses
from urllib3.exceptions import MaxRetryError, NewConnectionError
from urllib3.util import Url

from pager.adapters.twilio.carrier import TwilioCarrier
from pager.adapters.twilio.faults import LASTING, PASSING, is_final, is_lasting
from pager.adapters.twilio.http import CarrierHttpClient
from pager.domain.delivery import Delivery, DeliveryKind, Priority
from pager.domain.directory import Channel
from pager.lifecycle.carrier import Outcome, OutcomeKind
from tests.clock import START

SID = "AC" + "0" * 32
MESSAGES = f"https://api.twilio.com/2010-04-01/Accounts/{SID}/Messages.json"
CALLS = f"https://api.twilio.com/2010-04-01/Accounts/{SID}/Calls.json"


def carrier(api_url: str | None = None) -> TwilioCarrier:
    return TwilioCarrier(SID, ("token",), "https://pager.example", lambda: CarrierHttpClient(api_url))


def delivery(channel: Channel = Channel.SMS) -> Delivery:
    made = Delivery(
        key="k",
        token="t0k",
        kind=DeliveryKind.PAGE,
        priority=Priority.FIRST_PAGE,
        channel=channel,
        to_number="+12135550101",
        from_number="+12135550190",
        body="7K2QD DCFS: …",
        created_at=START,
        due_at=START,
    )
    made.id = 7
    return made


def answered(**answer: Any) -> Outcome:
    with responses.RequestsMock() as carrier_side:
        carrier_side.post(MESSAGES, **answer)
        return carrier().send(delivery())


def test_a_message_carries_its_token_and_a_short_validity() -> None:
    with responses.RequestsMock() as carrier_side:
        carrier_side.post(MESSAGES, json={"sid": "SM1"}, status=201)
        outcome = carrier().send(delivery())
        form = parse_qs(str(carrier_side.calls[0].request.body))
    assert outcome == Outcome(7, OutcomeKind.TAKEN, sid="SM1")
    assert form["StatusCallback"] == ["https://pager.example/twilio/sms/status?delivery=t0k"]
    assert form["ValidityPeriod"] == ["600"]
    assert (form["To"], form["From"]) == (["+12135550101"], ["+12135550190"])


def test_a_call_is_about_its_delivery_and_tells_of_each_event() -> None:
    with responses.RequestsMock() as carrier_side:
        carrier_side.post(CALLS, json={"sid": "CA1"}, status=201)
        outcome = carrier().send(delivery(Channel.VOICE))
        form = parse_qs(str(carrier_side.calls[0].request.body))
    assert outcome.sid == "CA1"
    assert form["Url"] == ["https://pager.example/twilio/voice?delivery=t0k"]
    assert form["StatusCallbackEvent"] == ["initiated", "ringing", "answered", "completed"]


def test_another_host_takes_every_request_where_one_is_set() -> None:
    with responses.RequestsMock() as carrier_side:
        carrier_side.post(
            MESSAGES.replace("https://api.twilio.com", "http://emulator:1"), json={"sid": "SM1"}, status=201
        )
        assert carrier("http://emulator:1").send(delivery()).kind is OutcomeKind.TAKEN


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, 21211, OutcomeKind.REFUSED),
        (400, 21610, OutcomeKind.REFUSED),
        (400, 21614, OutcomeKind.REFUSED),
        (400, 21611, OutcomeKind.NOT_TAKEN),
        (400, 99999, OutcomeKind.NOT_TAKEN),
        (429, 20429, OutcomeKind.NOT_TAKEN),
        (401, 20003, OutcomeKind.UNAUTHORISED),
        (500, 20500, OutcomeKind.UNKNOWN),
        (503, 20503, OutcomeKind.UNKNOWN),
    ],
)
def test_a_refusal_is_judged_by_its_status_and_code(status: int, code: int, kind: OutcomeKind) -> None:
    outcome = answered(json={"code": code, "message": "no", "status": status}, status=status)
    assert (outcome.kind, outcome.error) == (kind, str(code))


def never_connected() -> requests.ConnectionError:
    reason = NewConnectionError(None, "refused")  # type: ignore[arg-type] # no connection, that is the point
    return requests.ConnectionError(MaxRetryError(None, str(Url()), reason))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (requests.ReadTimeout(), OutcomeKind.UNKNOWN),
        (requests.ConnectionError(ConnectionResetError()), OutcomeKind.UNKNOWN),
        (requests.exceptions.ChunkedEncodingError(), OutcomeKind.UNKNOWN),
        (requests.ConnectTimeout(), OutcomeKind.NOT_TAKEN),
        (never_connected(), OutcomeKind.NOT_TAKEN),
    ],
)
def test_unknown_is_never_taken_for_refused(fault: Exception, kind: OutcomeKind) -> None:
    assert answered(body=fault).kind is kind


@pytest.mark.parametrize("body", ["{}", "<html>busy</html>", ""])
def test_a_201_without_a_sid_is_unknown(body: str) -> None:
    assert answered(body=body, status=201).kind is OutcomeKind.UNKNOWN


def test_refused_credentials_are_known_until_they_are_right_again() -> None:
    one = carrier()
    with responses.RequestsMock() as carrier_side:
        carrier_side.post(MESSAGES, json={"code": 20003, "status": 401}, status=401)
        one.send(delivery())
        assert not one.is_authorised
    with responses.RequestsMock() as carrier_side:
        carrier_side.post(MESSAGES, json={"sid": "SM1"}, status=201)
        one.send(delivery())
        assert one.is_authorised


def test_where_one_auth_token_is_refused_the_other_is_used_at_once_and_from_then_on() -> None:
    one = TwilioCarrier(SID, ("old", "new"), "https://pager.example", lambda: CarrierHttpClient(None))
    used = []

    def take_the_new_one(request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        used.append(request.headers["Authorization"])
        is_new = b64decode(used[-1].removeprefix("Basic ")).endswith(b":new")
        return (201, {}, '{"sid": "SM1"}') if is_new else (401, {}, '{"code": 20003, "status": 401}')

    with responses.RequestsMock() as carrier_side:
        carrier_side.add_callback("POST", MESSAGES, take_the_new_one)
        assert [one.send(delivery()).kind for _ in range(2)] == [OutcomeKind.TAKEN, OutcomeKind.TAKEN]
    assert one.is_authorised
    assert len(used) == 3


def test_faults_each_have_their_reason_and_what_passes_is_told_from_what_lasts() -> None:
    assert all(reason for reason in (LASTING | PASSING).values())
    assert not LASTING.keys() & PASSING.keys()
    assert (is_final("21211"), is_lasting("21211")) == (True, True)
    assert (is_final("30003"), is_lasting("30003")) == (True, False)
    assert not any(is_final(code) for code in ("30008", None, "x", ""))

"""What the sandbox does wrong when it is told to, as the real SDK sees it."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
import requests
from twilio.base.exceptions import TwilioRestException

from pager.sandbox.actions import perform
from pager.sandbox.records import Mistake
from tests.sandbox.support import ANA, BEN, World


def fault(world: World, kind: str, **fields: object) -> None:
    perform(world.sandbox, "fault", {"kind": kind, **fields})


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [({"http_status": 429}, 429, 20429), ({}, 503, 20500), ({"http_status": 400, "code": 21614}, 400, 21614)],
)
def test_refuses_and_does_nothing(world: World, fields: dict[str, int], status: int, code: int) -> None:
    fault(world, "refuse", times=1, **fields)
    with pytest.raises(TwilioRestException) as refused:
        world.text()
    assert (refused.value.status, refused.value.code) == (status, code)
    assert world.twilio.messages.list() == []


def test_a_fault_is_used_up(world: World) -> None:
    fault(world, "refuse", times=1, on="message")
    with pytest.raises(TwilioRestException):
        world.text()
    assert world.text().status == "queued"


def test_a_fault_concerns_its_number_and_its_kind_of_request_only(world: World) -> None:
    fault(world, "refuse", number=ANA, on="message")
    assert world.text(to=BEN).status == world.call(to=ANA).status == "queued"
    with pytest.raises(TwilioRestException):
        world.text(to=ANA)


def test_faults_can_be_taken_back(world: World) -> None:
    fault(world, "refuse")
    perform(world.sandbox, "clear-faults", {})
    assert world.text().status == "queued"


def test_a_lost_answer_is_a_broken_connection_and_the_message_goes_out(world: World) -> None:
    fault(world, "lose", times=1)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        world.text()
    world.sandbox.settle()
    assert [one.status for one in world.twilio.messages.list(to=ANA)] == ["delivered"]


def test_an_empty_answer_has_no_sid_and_a_web_page_no_json(world: World) -> None:
    fault(world, "empty", times=1)
    assert world.text().sid is None
    fault(world, "html", times=1)
    with pytest.raises(json.JSONDecodeError):
        world.text()
    assert len(world.twilio.messages.list()) == 2


def test_a_delayed_answer_sleeps_after_the_message_was_taken(world: World) -> None:
    fault(world, "delay", seconds=12, times=1)
    assert world.text().status == "queued"
    assert world.slept == [12]


def test_a_lagging_list_shows_a_message_later(world: World) -> None:
    fault(world, "lag", seconds=4, times=1)
    world.text()
    assert world.twilio.messages.list() == []
    world.pass_time(4)
    assert len(world.twilio.messages.list()) == 1


def test_a_lagging_list_shows_a_call_later(world: World) -> None:
    fault(world, "lag", on="call", seconds=4, times=1)
    world.call()
    assert world.twilio.calls.list() == []
    world.pass_time(4)
    assert len(world.twilio.calls.list()) == 1


def test_receipts_can_fail_to_come(world: World) -> None:
    fault(world, "no_receipts")
    message = world.text()
    world.sandbox.settle()
    assert world.office.hooks == []
    assert world.twilio.messages(message.sid).fetch().status == "delivered"


@pytest.mark.parametrize(
    ("kind", "told"),
    [("reversed_receipts", ["delivered", "sent"]), ("doubled_receipts", ["sent", "sent", "delivered", "delivered"])],
)
def test_receipts_can_come_in_another_order_or_twice(world: World, kind: str, told: list[str]) -> None:
    fault(world, kind)
    world.text()
    world.sandbox.settle()
    assert world.office.told("MessageStatus") == told


def test_the_events_of_a_call_can_come_in_another_order(world: World) -> None:
    fault(world, "reversed_receipts", on="call")
    world.sandbox.reject(world.ring())
    world.sandbox.settle()
    assert world.office.told("CallStatus") == ["busy", "ringing", "initiated"]


def test_a_message_can_end_undelivered_with_a_code(world: World) -> None:
    fault(world, "undelivered", code=30006)
    message = world.text()
    world.sandbox.settle()
    assert world.office.told("MessageStatus") == ["sent", "undelivered"]
    assert world.office.told("ErrorCode") == ["30006"]
    assert world.twilio.messages(message.sid).fetch().error_code == 30006
    assert world.telephone()["messages"] == []


def test_a_delivered_message_can_turn_out_undelivered(world: World) -> None:
    message = world.text()
    world.sandbox.settle()
    world.sandbox.undeliver(message.sid, 30005)
    world.sandbox.settle()
    assert world.office.told("MessageStatus") == ["sent", "delivered", "undelivered"]


def test_a_message_or_a_call_can_fail_outright(world: World) -> None:
    fault(world, "failed", code=30034)
    world.text()
    world.ring()
    assert world.office.told("MessageStatus") == ["failed"]
    assert world.office.told("CallStatus") == ["failed"]


def test_a_stuck_message_fails_when_its_validity_ends(world: World) -> None:
    fault(world, "stuck")
    message = world.text(validity_period=300)
    world.pass_time(299)
    assert world.twilio.messages(message.sid).fetch().status == "queued"
    world.pass_time(1)
    assert (world.office.told("MessageStatus"), world.office.told("ErrorCode")) == (["failed"], ["30036"])


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "flood"}, "kind: 'flood'"),
        ({"kind": "refuse", "number": "911"}, "number"),
        ({"kind": "refuse", "times": "some"}, "times: 'some' is not a number"),
        ({"kind": "delay", "seconds": -1}, "seconds"),
        ({"kind": "delay", "seconds": "nan"}, "seconds"),
        ({"kind": "refuse", "on": "fax"}, "on: 'fax'"),
        ({"kind": "refuse", "whom": ANA}, "unknown field 'whom'"),
    ],
)
def test_says_which_field_of_a_fault_is_wrong(world: World, fields: Mapping[str, object], words: str) -> None:
    with pytest.raises(Mistake, match=words):
        perform(world.sandbox, "fault", fields)


class Line:
    """A way to the application that raises `error` for the first `failures` posts."""

    def __init__(self, error: OSError, failures: int) -> None:
        self.error, self.failures, self.tokens = error, failures, list[str]()

    def __call__(self, _url: str, _form: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, str]:
        self.tokens.append(headers["I-Twilio-Idempotency-Token"])
        if len(self.tokens) <= self.failures:
            raise self.error
        return 200, ""


@pytest.mark.parametrize(
    ("error", "failures", "outcomes"),
    [
        (ConnectionRefusedError(), 1, ["no connection", "answered"]),
        (ConnectionRefusedError(), 9, ["no connection", "no connection"]),
        (TimeoutError(), 1, ["no answer"]),
    ],
)
def test_a_webhook_is_tried_again_once_and_only_where_no_connection_was_made(
    world: World, error: OSError, failures: int, outcomes: list[str]
) -> None:
    world.sandbox.post = line = Line(error, failures)
    world.sandbox.reply(ANA, None, "ACK")
    world.sandbox.settle()
    assert [entry["outcome"] for entry in world.sandbox.ledger()] == outcomes
    assert len(set(line.tokens)) == 1


def test_the_ledger_holds_every_request_and_its_answer(world: World) -> None:
    world.text()
    world.twilio.messages.list(to=ANA)
    asked = [(entry["method"], entry["status"]) for entry in world.sandbox.ledger() if entry["kind"] == "request"]
    assert asked == [("POST", 201), ("GET", 200)]

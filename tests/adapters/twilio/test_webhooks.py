"""The carrier's calls to us: signed or refused, acted on once, never lost, and answered without a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from pager.adapters.twilio.webhooks import create_webhooks
from pager.domain.page import PageState
from pager.lifecycle import reply as reply_module
from tests.people import ANA, DAN
from tests.world import ACCOUNT, OURS, PUBLIC_URL, World


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    world = World(sqlite_url)
    yield world
    world.close()


@pytest.fixture
def client(world: World) -> FlaskClient:
    return world.app.test_client()


def post(client: FlaskClient, path: str, form: dict[str, str], *, token: str = ACCOUNT.token) -> TestResponse:
    signature = RequestValidator(token).compute_signature(f"{PUBLIC_URL}{path}", form)
    return client.post(path, data=form, headers={"X-Twilio-Signature": signature}, base_url=PUBLIC_URL)


def message(sid: str = "SM1", body: str = "ack", **more: str) -> dict[str, str]:
    return {"MessageSid": sid, "From": ANA, "To": OURS, "Body": body, **more}


PATHS = ["/sms", "/sms/status", "/voice", "/voice/keypress", "/voice/status", "/voice/inbound"]


@pytest.mark.parametrize("path", PATHS)
def test_an_unsigned_or_badly_signed_request_changes_nothing(world: World, client: FlaskClient, path: str) -> None:
    triggered = world.trigger()
    assert client.post(f"/twilio{path}", data=message()).status_code == 403
    assert post(client, f"/twilio{path}", message(), token="other").status_code == 403
    assert client.post(f"/twilio{path}", headers={"X-Twilio-Signature": ""}).status_code == 403
    assert world.page(triggered, "dcfs").state is PageState.PAGING


def test_the_signature_covers_blank_fields_and_the_raw_query(world: World, client: FlaskClient) -> None:
    world.trigger()
    assert post(client, "/twilio/sms?a=%7E&b=", message(NumMedia="0", Blank="")).status_code == 200


def test_the_public_url_is_signed_for_and_not_the_address_behind_the_proxy(client: FlaskClient) -> None:
    signature = RequestValidator(ACCOUNT.token).compute_signature(f"{PUBLIC_URL}/twilio/sms", message())
    for behind in ("http://127.0.0.1:8000", "http://10.0.0.5"):
        answer = client.post("/twilio/sms", data=message(), headers={"X-Twilio-Signature": signature}, base_url=behind)
        assert answer.status_code == 200


def test_while_auth_tokens_are_exchanged_either_signs(world: World) -> None:
    app = Flask("two-tokens")
    app.register_blueprint(create_webhooks(world.context, auth_tokens=["old", "new"], public_url=PUBLIC_URL))
    answers = [post(app.test_client(), "/twilio/sms", message(), token=token) for token in ("old", "new", "other")]
    assert [answer.status_code for answer in answers] == [200, 200, 403]


def test_a_signed_message_is_acted_on_once(world: World, client: FlaskClient) -> None:
    triggered = world.trigger()
    for _ in range(2):
        response = post(client, "/twilio/sms", message())
        assert response.status_code == 200
        assert response.mimetype == "text/xml"
    kinds = [event.kind.value for event in world.timeline(triggered, "dcfs")]
    assert kinds.count("acknowledged") == 1


def test_what_our_own_error_keeps_us_from_handling_is_kept_and_handled_by_the_beat(
    world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    triggered = world.trigger()

    def fail(*_: Any) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(reply_module, "parse_text", fail)
        assert post(client, "/twilio/sms", message()).status_code == 200
        assert world.page(triggered, "dcfs").state is PageState.PAGING
    world.settle()
    assert world.page(triggered, "dcfs").state is PageState.ACKNOWLEDGED


def test_a_call_about_nothing_that_we_know_says_nothing(client: FlaskClient) -> None:
    response = post(client, "/twilio/voice?delivery=unknown", {"CallSid": "CA1"})
    assert response.status_code == 200
    assert "Gather" not in response.text


def test_every_caller_hears_the_same_sentence(world: World, client: FlaskClient) -> None:
    world.trigger()
    one = post(client, "/twilio/voice/inbound", {"CallSid": "CA1", "From": ANA})
    other = post(client, "/twilio/voice/inbound", {"CallSid": "CA2", "From": "+17145550100"})
    assert one.text == other.text


def test_a_call_says_the_page_twice_listens_for_a_key_and_is_valid_xml(world: World, client: FlaskClient) -> None:
    with world.store.writing() as work:
        work.directory.station("compton").short = 'A & B <"Stn">'
    triggered = world.trigger()
    world.pass_time(timedelta(minutes=2, seconds=1))
    token = next(one.token for one in world.deliveries(triggered) if one.channel == "voice")
    response = post(client, f"/twilio/voice?delivery={token}", {"CallSid": "CA1"})
    document = ElementTree.fromstring(response.text)
    assert [child.tag for child in document] == ["Gather", "Gather", "Say", "Hangup"]
    assert "press 1" in response.text.lower()


def test_a_key_that_comes_twice_counts_once(world: World, client: FlaskClient) -> None:
    triggered = world.trigger()
    world.pass_time(timedelta(minutes=2, seconds=1))
    token = next(one.token for one in world.deliveries(triggered) if one.to_number == DAN and one.channel == "voice")
    form = {"CallSid": "CA1", "Digits": "2"}
    for _ in range(2):
        assert post(client, f"/twilio/voice/keypress?delivery={token}&step=0", form).status_code == 200
    declined = [event for event in world.timeline(triggered, "dhs") if event.kind == "declined"]
    assert len(declined) == 1


def test_a_receipt_for_something_that_is_not_ours_is_ignored(client: FlaskClient) -> None:
    form = {"MessageSid": "SM9", "MessageStatus": "failed", "ErrorCode": "30006"}
    assert post(client, "/twilio/sms/status?delivery=unknown", form).status_code == 200
    assert post(client, "/twilio/sms/status", {"MessageSid": "SM9", "MessageStatus": "strange"}).status_code == 200

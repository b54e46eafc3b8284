"""A call at the sandbox carrier, through the real SDK: ringing, answered, keys, voicemail, nobody there."""

from __future__ import annotations

import pytest
from twilio.base.exceptions import TwilioRestException

from pager.sandbox.records import Mistake
from tests.sandbox.support import ANA, APP, BEN, NOON, OURS, World


def test_an_answered_call_hears_the_message_and_its_key_reaches_the_application(world: World) -> None:
    sid = world.ring()
    world.sandbox.answer(sid)
    world.sandbox.settle()
    assert world.telephone()["call"]["heard"] == ["Encounter 7K2QD. Press 1 to come."]
    world.clock.move(5)
    world.sandbox.press(sid, "1")
    world.sandbox.settle()
    [keypress] = world.office.forms("/twilio/voice/keypress")
    assert (keypress["Digits"], keypress["CallSid"], keypress["CallStatus"]) == ("1", sid, "in-progress")
    call = world.twilio.calls(sid).fetch()
    assert (call.status, call.duration) == ("completed", "5")


def test_tells_the_events_that_were_asked_for_in_order_and_signed(world: World) -> None:
    sid = world.ring()
    world.sandbox.answer(sid)
    world.sandbox.settle()
    world.sandbox.hang_up(sid)
    world.sandbox.settle()
    told = world.office.forms("/twilio/voice/status")
    assert [form["CallStatus"] for form in told] == ["initiated", "ringing", "in-progress", "completed"]
    assert [form["SequenceNumber"] for form in told] == ["0", "1", "2", "3"]
    assert told[-1]["CallbackSource"] == "call-progress-events"
    assert told[-1]["Timestamp"] == "Sun, 01 Mar 2026 12:00:00 +0000"
    assert all(hook.is_signed for hook in world.office.hooks)


def test_only_the_end_is_told_unless_more_is_asked_for(world: World) -> None:
    sid = world.ring(status_callback_event=[])
    world.sandbox.reject(sid)
    world.sandbox.settle()
    assert [form["CallStatus"] for form in world.office.forms("/twilio/voice/status")] == ["busy"]


def test_the_document_is_fetched_with_the_fields_of_the_call(world: World) -> None:
    sid = world.ring()
    world.sandbox.answer(sid)
    world.sandbox.settle()
    [hook] = [hook for hook in world.office.hooks if hook.path == "/twilio/voice"]
    assert (hook.query, hook.form["CallSid"], hook.form["Direction"]) == ("page=7", sid, "outbound-api")
    assert (hook.form["From"], hook.form["To"]) == (OURS, ANA)


def test_a_call_that_nobody_answers_ends_after_its_timeout(world: World) -> None:
    sid = world.ring(timeout=25)
    world.pass_time(24)
    assert world.twilio.calls(sid).fetch().status == "ringing"
    world.pass_time(1)
    assert world.twilio.calls(sid).fetch().status == "no-answer"
    assert world.office.told("CallStatus")[-1] == "no-answer"


def test_voicemail_hears_everything_presses_nothing_and_ends_completed(world: World) -> None:
    sid = world.ring()
    world.sandbox.voicemail(sid)
    world.sandbox.settle()
    with pytest.raises(Mistake, match="voicemail"):
        world.sandbox.press(sid, "1")
    world.pass_time(8)
    assert world.office.forms("/twilio/voice/keypress")[0]["Digits"] == ""
    assert world.twilio.calls(sid).fetch().status == "completed"


def test_no_key_falls_through_to_the_verb_after_the_gather(world: World) -> None:
    world.office.says["/twilio/voice"] = (
        '<Response><Gather action="/k"><Say>Press 1.</Say></Gather>'
        "<Say>No key.</Say><Redirect>/again</Redirect></Response>"
    )
    world.office.says["/again"] = "<Response><Shout>what</Shout><Pause length='2'/><Say>Bye.</Say></Response>"
    sid = world.ring()
    world.sandbox.answer(sid)
    world.sandbox.settle()
    world.pass_time(5)
    assert world.telephone()["call"]["heard"] == ["Press 1.", "No key."]
    world.pass_time(2)
    assert world.telephone()["past_calls"][0]["heard"] == ["Press 1.", "No key.", "Bye."]
    assert world.office.forms("/k") == []


def test_several_keys_are_gathered_until_the_finishing_one(world: World) -> None:
    world.office.says["/twilio/voice"] = '<Response><Gather action="/k"/></Response>'
    sid = world.ring()
    world.sandbox.answer(sid)
    world.sandbox.settle()
    world.sandbox.press(sid, "2")
    world.pass_time(4)
    world.sandbox.press(sid, "5#")
    world.sandbox.settle()
    assert world.office.forms("/k")[0]["Digits"] == "25"


def test_keys_are_sent_when_no_more_come_in_time(world: World) -> None:
    world.office.says["/twilio/voice"] = '<Response><Gather timeout="3" action="/k"/></Response>'
    sid = world.ring()
    world.sandbox.answer(sid)
    world.sandbox.settle()
    world.sandbox.press(sid, "2")
    world.pass_time(3)
    assert world.office.forms("/k")[0]["Digits"] == "2"


def test_a_document_that_came_with_the_call_needs_no_fetching(world: World) -> None:
    call = world.twilio.calls.create(to=ANA, from_=OURS, twiml="<Response><Say>Hello.</Say></Response>")
    world.sandbox.settle()
    world.sandbox.answer(call.sid)
    world.sandbox.settle()
    assert world.telephone()["past_calls"][0]["heard"] == ["Hello."]


@pytest.mark.parametrize("document", ["no xml", "<Answer/>", '<Response><Say method="GET">x</Say></Response>'])
def test_a_document_that_cannot_be_followed_ends_the_call(world: World, document: str) -> None:
    world.office.says["/twilio/voice"] = document
    sid = world.ring()
    world.sandbox.answer(sid)
    world.sandbox.settle()
    assert world.telephone()["past_calls"][0]["heard"] == ["An application error has occurred. Goodbye."]
    assert "twiml" in {entry["kind"] for entry in world.sandbox.ledger()}


def test_a_telephone_on_a_call_is_busy_for_another(world: World) -> None:
    world.ring()
    second = world.ring()
    assert world.twilio.calls(second).fetch().status == "busy"


def test_the_application_can_cancel_a_ringing_call_and_end_a_running_one(world: World) -> None:
    sid = world.ring()
    assert world.twilio.calls(sid).update(status="canceled").status == "canceled"
    sid = world.ring()
    world.sandbox.answer(sid)
    world.sandbox.settle()
    assert world.twilio.calls(sid).update(status="completed").status == "completed"
    with pytest.raises(TwilioRestException) as refused:
        world.twilio.calls(sid).update(status="completed")
    assert refused.value.code == 21220


def test_calls_are_listed_by_number_status_and_start(world: World) -> None:
    sid = world.ring()
    world.ring(BEN)
    assert [one.sid for one in world.twilio.calls.list(to=ANA, from_=OURS, status="ringing")] == [sid]
    assert len(world.twilio.calls.list(start_time_after=NOON)) == 2
    assert world.twilio.calls.list(status="completed") == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"to": "911"}, 21211),
        ({"from_": BEN}, 21606),
        ({"url": "pager.test"}, 21205),
        ({"method": "GET"}, 20001),
        ({"timeout": 0}, 20001),
    ],
)
def test_refuses_what_the_carrier_would_refuse(world: World, fields: dict[str, str], code: int) -> None:
    with pytest.raises(TwilioRestException) as refused:
        world.twilio.calls.create(**({"to": ANA, "from_": OURS, "url": f"{APP}/twilio/voice"} | fields))
    assert refused.value.code == code


def test_somebody_can_call_the_application(world: World) -> None:
    world.office.says["/twilio/voice/inbound"] = "<Response><Say>Nobody <emphasis>is</emphasis> here.</Say></Response>"
    sid = world.sandbox.dial(ANA)
    world.sandbox.settle()
    [form] = world.office.forms("/twilio/voice/inbound")
    assert (form["CallSid"], form["Direction"], form["From"], form["To"]) == (sid, "inbound", ANA, OURS)
    assert world.telephone()["past_calls"][0]["heard"] == ["Nobody is here."]


def test_only_a_call_that_listens_takes_keys_and_only_keys_there_are(world: World) -> None:
    sid = world.ring()
    with pytest.raises(Mistake, match="nobody is talking"):
        world.sandbox.press(sid, "1")
    world.sandbox.answer(sid)
    with pytest.raises(Mistake, match="nobody is waiting for a key"):
        world.sandbox.press(sid, "1")
    world.sandbox.settle()
    with pytest.raises(Mistake, match="0 to 9"):
        world.sandbox.press(sid, "x")


def test_a_loop_of_documents_is_noticed(world: World) -> None:
    world.office.says["/twilio/voice"] = "<Response><Redirect>/twilio/voice</Redirect></Response>"
    sid = world.ring()
    world.sandbox.answer(sid)
    with pytest.raises(RuntimeError, match="does not come to rest"):
        world.sandbox.settle()


def test_a_call_that_is_over_can_be_deleted_and_is_gone_from_the_wall_too(world: World) -> None:
    sid = world.ring()
    with pytest.raises(TwilioRestException) as refused:
        world.twilio.calls(sid).delete()
    assert (refused.value.status, refused.value.code) == (409, 20009)
    world.sandbox.reject(sid)
    assert world.twilio.calls(sid).delete()
    assert (world.twilio.calls.list(), world.telephone()["past_calls"]) == ([], [])
    with pytest.raises(TwilioRestException) as gone:
        world.twilio.calls(sid).delete()
    assert (gone.value.status, gone.value.code) == (404, 20404)

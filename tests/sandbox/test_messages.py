"""An SMS at the sandbox carrier, through the real SDK."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.sandbox.support import ANA, BEN, NOON, OURS, OURS_TOO, World


def test_a_message_is_queued_then_sent_then_delivered(world: World) -> None:
    message = world.text()
    assert (message.status, message.direction, message.date_created) == ("queued", "outbound-api", NOON)
    world.sandbox.settle()
    assert world.office.told("MessageStatus") == ["sent", "delivered"]
    assert world.twilio.messages(message.sid).fetch().status == "delivered"


def test_receipts_are_signed_and_their_query_is_untouched(world: World) -> None:
    world.text()
    world.sandbox.settle()
    assert [(hook.query, hook.is_signed) for hook in world.office.hooks] == [("delivery=9&w=%7E", True)] * 2


def test_a_fragment_is_neither_sent_nor_signed(world: World) -> None:
    world.text(status_callback="http://pager.test/status?a=1#rc=5&rp=all")
    world.sandbox.settle()
    assert [(hook.query, hook.is_signed) for hook in world.office.hooks] == [("a=1", True)] * 2


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"to": "2135550101"}, 21211),
        ({"to": ""}, 21604),
        ({"from_": "pager"}, 21212),
        ({"from_": BEN}, 21606),
        ({"body": ""}, 21602),
        ({"body": "x" * 1601}, 21617),
        ({"status_callback": "ftp://pager.test"}, 21609),
        ({"validity_period": 0}, 20001),
    ],
)
def test_refuses_what_the_carrier_would_refuse(world: World, fields: dict[str, object], code: int) -> None:
    with pytest.raises(TwilioRestException) as refused:
        world.text(**fields)  # type: ignore[arg-type] # a table of single wrong fields
    assert (refused.value.status, refused.value.code) == (400, code)


def test_a_wrong_token_is_refused(world: World) -> None:
    with pytest.raises(TwilioRestException) as refused:
        world.sdk(token="wrong").messages.create(to=ANA, from_=OURS, body="hello")
    assert (refused.value.status, refused.value.code) == (401, 20003)


def test_the_account_can_be_asked_for(world: World) -> None:
    assert world.twilio.api.account.fetch().status == "active"


def test_an_unknown_message_is_not_found(world: World) -> None:
    with pytest.raises(TwilioRestException) as refused:
        world.twilio.messages("SM" + "0" * 32).fetch()
    assert (refused.value.status, refused.value.code) == (404, 20404)


def test_a_reply_reaches_the_application_signed_and_is_listed_as_inbound(world: World) -> None:
    sid = world.sandbox.reply(ANA, OURS, "ACK 25")
    world.sandbox.settle()
    [hook] = world.office.hooks
    assert (hook.path, hook.is_signed, hook.form["FromCity"]) == ("/twilio/sms", True, "")
    assert (hook.form["MessageSid"], hook.form["From"], hook.form["Body"]) == (sid, ANA, "ACK 25")
    [listed] = world.twilio.messages.list(to=OURS)
    assert (listed.sid, listed.direction, listed.status) == (sid, "inbound", "received")


def test_a_reply_goes_to_the_number_that_wrote_last(world: World) -> None:
    world.text(from_=OURS)
    world.text(from_=OURS_TOO)
    world.sandbox.reply(ANA, None, "ACK")
    world.sandbox.settle()
    assert world.office.forms("/twilio/sms")[0]["To"] == OURS_TOO


def test_what_the_application_answers_to_a_reply_arrives_on_the_telephone(world: World) -> None:
    world.office.says["/twilio/sms"] = "<Response><Message>Thank you</Message></Response>"
    world.sandbox.reply(ANA, OURS, "ACK")
    world.sandbox.settle()
    assert [one["text"] for one in world.telephone()["messages"]] == ["ACK", "Thank you"]


def test_after_stop_nothing_is_taken_for_that_number_until_start(world: World) -> None:
    world.sandbox.reply(ANA, OURS, " stop ")
    with pytest.raises(TwilioRestException) as refused:
        world.text()
    assert refused.value.code == 21610
    assert world.text(to=BEN).status == "queued"
    world.sandbox.reply(ANA, OURS, "START")
    assert world.text().status == "queued"


def test_the_list_comes_newest_first_page_by_page(world: World) -> None:
    sent = [world.text(body=f"message {number}").sid for number in range(5)]
    world.text(to=BEN)
    listed = world.twilio.messages.list(to=ANA, from_=OURS, page_size=2)
    assert [one.sid for one in listed] == sent[::-1]


def test_a_page_stays_in_place_when_a_message_comes_in_between(world: World) -> None:
    sent = [world.text(body=f"message {number}").sid for number in range(4)]
    first = world.twilio.messages.page(to=ANA, page_size=2)
    world.text(body="one more")
    second = first.next_page()
    assert [one.sid for one in first] + [one.sid for one in second] == sent[::-1]


def test_the_list_can_be_limited_to_a_time(world: World) -> None:
    world.text(body="early")
    world.sandbox.settle()
    world.pass_time(60)
    world.text(body="late")
    world.sandbox.settle()
    since = world.twilio.messages.list(date_sent_after=NOON + timedelta(seconds=60))
    until = world.twilio.messages.list(date_sent_before=NOON + timedelta(seconds=59))
    assert ([one.body for one in since], [one.body for one in until]) == (["late"], ["early"])


def test_a_queued_message_is_not_found_by_its_date(world: World) -> None:
    world.text()
    assert world.twilio.messages.list(date_sent_after=NOON) == []
    assert len(world.twilio.messages.list()) == 1


def test_a_deleted_message_is_gone_from_the_wall_too(world: World) -> None:
    message = world.text()
    world.sandbox.settle()
    version = world.sandbox.version
    assert world.twilio.messages(message.sid).delete()
    assert (world.twilio.messages.list(), world.telephone()["messages"]) == ([], [])
    assert world.sandbox.version != version
    with pytest.raises(TwilioRestException) as refused:
        world.twilio.messages(message.sid).delete()
    assert (refused.value.status, refused.value.code) == (404, 20404)


def test_a_message_that_is_under_way_cannot_be_deleted(world: World) -> None:
    with pytest.raises(TwilioRestException) as refused:
        world.twilio.messages(world.text().sid).delete()
    assert (refused.value.status, refused.value.code) == (409, 20009)


def test_a_body_can_be_blanked(world: World) -> None:
    message = world.text()
    world.sandbox.settle()
    assert world.twilio.messages(message.sid).update(body="").body == ""
    assert world.telephone()["messages"][0]["text"] == "Encounter 7K2QD. Reply ACK."


def test_a_telephone_that_nobody_announced_appears_among_the_others(world: World) -> None:
    world.text(to=BEN)
    world.sandbox.settle()
    assert world.sandbox.state()["groups"][-1]["name"] == "Other telephones"
    assert world.telephone(BEN)["unread"] == 1


def test_many_threads_can_send_while_another_delivers(world: World) -> None:
    def send(number: int) -> str:
        world.sandbox.step()
        return str(world.sdk().messages.create(to=ANA, from_=OURS, body=str(number)).sid)

    with ThreadPoolExecutor(8) as threads:
        sids = set(threads.map(send, range(80)))
    world.sandbox.settle()
    listed = world.sandbox.list_messages({"PageSize": "100"})["messages"]
    assert {(one["sid"], one["status"]) for one in listed} == {(sid, "delivered") for sid in sids}
    assert len(sids) == 80

"""The wall of telephones: its page, its forms, its JSON API."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask_bootstrap import Bootstrap5

from pager.sandbox.actions import perform
from pager.sandbox.wall import wall_blueprint
from tests.sandbox.support import ANA, BEN, World


def page(world: World) -> str:
    return world.browser.get("/sandbox/").get_data(as_text=True)


def test_shows_each_telephone_with_its_messages_under_its_group(world: World) -> None:
    world.text()
    world.sandbox.settle()
    shown = page(world)
    for words in ("DCFS", "Ana Ruiz", "+1 213-555-0101", "Encounter 7K2QD. Reply ACK.", "1 new message", "04:00:00"):
        assert words in shown


def test_shows_what_did_not_arrive_and_what_became_of_each_call_among_the_messages(world: World) -> None:
    perform(world.sandbox, "fault", {"kind": "undelivered", "code": 30006, "times": 1})
    world.text()
    world.ring()
    world.pass_time(60)
    sid = world.ring()
    world.sandbox.voicemail(sid)
    world.pass_time(5)
    world.sandbox.hang_up(sid)
    shown = page(world)
    marks = ["Did not arrive, error 30006", "Missed call", "Voicemail heard it, 5 s"]
    places = [shown.find(words) for words in marks]
    assert -1 not in places
    assert places == sorted(places)
    world.text()
    world.sandbox.settle()
    assert "Delivered" in page(world)


def test_needs_no_inline_script_or_style_and_nothing_from_elsewhere(world: World) -> None:
    world.ring()
    shown = page(world)
    assert "<style" not in shown
    assert " style=" not in shown
    assert shown.count("<script") == shown.count('<script src="/sandbox/static/') == 1
    assert "://" not in shown


@pytest.mark.parametrize("name", ["wall.css", "wall.js"])
def test_serves_its_own_files(world: World, name: str) -> None:
    with world.browser.get(f"/sandbox/static/{name}") as answer:
        assert answer.status_code == 200


def test_what_people_write_is_escaped(world: World) -> None:
    world.sandbox.add_telephone(BEN, "<b>Ben</b>", "<i>DMH</i>")
    world.text(to=BEN, body="<script>alert(1)</script>")
    world.sandbox.reply(BEN, None, '"><img src=x onerror=alert(2)>')
    world.sandbox.settle()
    shown = page(world)
    assert "<script>alert" not in shown
    assert "<img" not in shown
    assert "<b>Ben" not in shown
    assert "&lt;script&gt;alert(1)" in shown


def test_a_reply_by_form_goes_out_and_leads_back_to_the_telephone(world: World) -> None:
    answer = world.browser.post("/sandbox/reply", data={"number": ANA, "text": "ACK 25", "anchor": "t1"})
    assert (answer.status_code, answer.location) == (303, "/sandbox/#t1")
    world.sandbox.settle()
    assert world.office.forms("/twilio/sms")[0]["Body"] == "ACK 25"


def test_a_ringing_telephone_can_be_answered_and_its_keys_pressed_by_form(world: World) -> None:
    world.ring()
    assert "Answer<" in page(world)
    world.browser.post("/sandbox/answer", data={"number": ANA})
    world.sandbox.settle()
    assert "Encounter 7K2QD. Press 1 to come." in page(world)
    world.browser.post("/sandbox/press", data={"number": ANA, "digits": "1"})
    world.sandbox.settle()
    assert world.office.forms("/twilio/voice/keypress")[0]["Digits"] == "1"
    assert "Pressed <kbd>1</kbd>" in page(world)


@pytest.mark.parametrize(("action", "status"), [("reject", "busy"), ("voicemail", "in-progress")])
def test_a_ringing_telephone_can_be_declined_or_left_to_voicemail(world: World, action: str, status: str) -> None:
    sid = world.ring()
    assert world.browser.post(f"/sandbox/{action}", data={"number": ANA}).status_code == 303
    assert world.twilio.calls(sid).fetch().status == status


def test_what_cannot_be_done_is_said_on_the_page(world: World) -> None:
    answer = world.browser.post("/sandbox/answer", data={"number": ANA})
    assert answer.status_code == 409
    assert "this telephone neither rings nor talks" in answer.get_data(as_text=True)


def test_an_empty_reply_is_said_on_the_page(world: World) -> None:
    answer = world.browser.post("/sandbox/reply", data={"number": ANA, "text": " "})
    assert "write something first" in answer.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/sandbox/telephones", "/sandbox/api/state"])
def test_answers_304_until_something_changes(world: World, path: str) -> None:
    etag = world.browser.get(path).headers["ETag"]
    assert world.browser.get(path, headers={"If-None-Match": etag}).status_code == 304
    world.text()
    assert world.browser.get(path, headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://elsewhere.test"},
        {"Origin": "null"},
        {"Referer": "http://elsewhere.test/page"},
    ],
)
def test_another_site_cannot_press_buttons_here(world: World, headers: dict[str, str]) -> None:
    answer = world.browser.post("/sandbox/reply", data={"number": ANA, "text": "ACK"}, headers=headers)
    assert answer.status_code == 403
    assert world.sandbox.settle() == 0


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}, {}])
def test_the_page_itself_and_scripts_can(world: World, headers: dict[str, str]) -> None:
    answer = world.browser.post("/sandbox/reply", data={"number": ANA, "text": "ACK"}, headers=headers)
    assert answer.status_code == 303


def test_who_rings_comes_first_then_who_has_not_read(world: World) -> None:
    for number in (BEN, "+12135550103", "+12135550104"):
        world.sandbox.add_telephone(number, number, "DCFS")
    world.text(to="+12135550103")
    world.ring(BEN)
    [group] = world.sandbox.state()["groups"]
    assert [one["state"] for one in group["telephones"]] == ["ringing", "unread", "quiet", "quiet"]


def test_an_answer_or_a_mark_makes_messages_read(world: World) -> None:
    world.text()
    world.text(to=BEN)
    world.sandbox.settle()
    world.sandbox.reply(ANA, None, "ACK")
    world.browser.post("/sandbox/seen", data={"number": BEN})
    assert (world.telephone(ANA)["unread"], world.telephone(BEN)["unread"]) == (0, 0)


def test_scripts_can_do_everything_in_json(world: World) -> None:
    world.ring()
    reply = world.browser.post("/sandbox/api/reply", json={"number": ANA, "text": "STATUS"})
    assert reply.get_json()["sid"].startswith("SM")
    assert world.browser.post("/sandbox/api/reject", json={"number": ANA}).status_code == 200
    assert world.browser.post("/sandbox/api/fault", json={"kind": "refuse", "times": 2}).status_code == 200
    assert world.browser.get("/sandbox/api/state").get_json()["faults"][0]["times"] == 2
    assert world.browser.get("/sandbox/api/ledger").get_json()["items"][0]["status"] == 201


@pytest.mark.parametrize(
    ("path", "body", "status", "words"),
    [
        ("reply", {"number": "Ana", "text": "ACK"}, 409, "number: name the telephone"),
        ("reply", [], 400, "send a JSON object"),
        ("answer", {"call": "CA0"}, 409, "no such call"),
        ("undeliver", {"message": "SM0"}, 409, "no such outgoing message"),
        ("undeliver", {"message": "SM0", "code": "x"}, 409, "code: 'x' is not a number"),
        ("shout", {}, 404, "no such action; there are reply"),
    ],
)
def test_json_mistakes_are_explained(world: World, path: str, body: object, status: int, words: str) -> None:
    answer = world.browser.post(f"/sandbox/api/{path}", json=body)
    assert answer.status_code == status
    assert words in answer.get_json()["error"]


def test_uses_the_bootstrap_that_the_application_serves(world: World) -> None:
    app = Flask("demo", static_folder=None)
    app.config["BOOTSTRAP_SERVE_LOCAL"] = True
    Bootstrap5(app)
    app.register_blueprint(wall_blueprint(world.sandbox))
    shown = app.test_client().get("/sandbox/").get_data(as_text=True)
    address = re.search(r'href="([^"]+bootstrap\.min\.css)"', shown)
    assert address is not None
    with app.test_client().get(address[1]) as answer:
        assert answer.status_code == 200

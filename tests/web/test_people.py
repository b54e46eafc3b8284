"""The pages on which an agency's administrators keep its people, their numbers and the duty phone."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from flask import Flask

from pager.domain.directory import Responder
from pager.lifecycle.turn import reading, writing
from tests.lifecycle.marked import told_in
from tests.people import ANA, BEN, DCFS_DUTY
from tests.web.pages_support import ADMIN, DCFS, DISPATCHER, VIEWER, post, signed_in
from tests.world import World

PEOPLE, NEW, ONE = "/agencies/dcfs/people", "/agencies/dcfs/people/new", "/agencies/dcfs/people/dcfs-ana"
DUTY = "/agencies/dcfs/duty-phone"
DEE = {"name": "Dee Moss", "sms": "213-555-0104"}
ANAS = {"name": "Ana Ruiz", "sms": ANA}


def person(world: World, responder: str = "dcfs-ana") -> Responder:
    with reading(world.context) as turn:
        return turn.work.directory.responder(responder)


def seen_on(html: str) -> str:
    found = re.search(r'name="seen"[^>]* value="([^"]*)"', html)
    assert found is not None
    return found[1]


def test_lists_everybody_with_numbers_and_what_is_known_of_them(app: Flask, world: World) -> None:
    with writing(world.context) as turn:
        ana, ben = (turn.work.directory.responder(f"dcfs-{name}") for name in ("ana", "ben"))
        ana.sms_verified_at, ana.last_reached_at = turn.now, turn.now - timedelta(days=12, hours=3)
        ana.trained_until, ben.trained_until = date(2026, 3, 20), date(2026, 2, 1)
        ben.sms_opted_out_at = turn.now
        turn.work.directory.responder("dcfs-cho").is_active = False
    page = signed_in(app, DCFS).get(PEOPLE).text
    for said in (
        *("213-555-0101", "verified Mar 2, 2026", "not verified yet", "12 days ago", "never", "213-555-0100"),
        *("ends soon: Mar 20, 2026", "ended Feb 1, 2026", "opted out of SMS Mar 2, 2026: only called"),
    ):
        assert said in page, said
    assert page.index("Ana Ruiz") < page.index("Ben Okafor") < page.index("Cho Park")
    assert page.count("deactivated") == 1


@pytest.mark.parametrize("email", [DISPATCHER, VIEWER])
def test_they_are_for_administrators_only(app: Flask, email: str) -> None:
    browser = signed_in(app, email)
    assert [browser.get(path).status_code for path in (PEOPLE, NEW, ONE, DUTY)] == [403] * 4


def test_another_agencys_are_not_for_an_agencys_administrator(app: Flask, world: World) -> None:
    browser = signed_in(app, DCFS)
    assert browser.get("/agencies/dhs/people").status_code == 403
    for path in ("people/new", "people/dhs-dan", "duty-phone"):
        assert browser.get(f"/agencies/dhs/{path}").status_code == 403
        assert post(browser, f"/agencies/dhs/{path}", form="/account", name="x").status_code == 403
    for deed in ("deactivate", "reactivate", "code", "verify"):
        path = f"/agencies/dhs/people/dhs-dan/{deed}"
        assert post(browser, path, form="/account", channel="sms").status_code == 403
    assert person(world, "dhs-dan").is_active


@pytest.mark.parametrize("responder", ["dhs-dan", "nobody", "%20"])
def test_nobody_of_another_agency_is_found_under_it(app: Flask, responder: str) -> None:
    browser, path = signed_in(app, ADMIN), f"{PEOPLE}/{responder}"
    assert browser.get(path).status_code == 404
    for deed in ("", "/deactivate", "/reactivate", "/code", "/verify"):
        assert post(browser, f"{path}{deed}", form=PEOPLE + "/new", channel="sms").status_code == 404


def test_somebody_new_is_added_with_an_id_made_for_them(app: Flask) -> None:
    browser = signed_in(app, DCFS)
    answer = post(browser, NEW, **DEE, id="", consent_how="on a form", trained_until="2027-01-31")
    assert answer.location == f"{PEOPLE}/dcfs-dee"
    assert "Dee Moss is dcfs-dee." in browser.get(answer.location).text
    page = browser.get(PEOPLE).text
    assert "on a form, Mar 2, 2026" in page
    assert "until Jan 31, 2027" in page


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"name": ""}, "Should be one line of 1 to 100 characters."),
        ({"sms": ""}, "Write at least one number"),
        ({"sms": "12"}, "This is no telephone number; write it like 213-555-0100, without an extension."),
        ({"sms": BEN}, "This is the number of Ben Okafor already; a number belongs to one only."),
        ({"voice": "213-555-0111"}, "This is a number of another agency already"),
        ({"voice": DCFS_DUTY}, "This is the duty phone&#39;s number already"),
        ({"id": "dcfs-ana"}, "dcfs-ana is taken"),
        ({"id": "new"}, "new is the name of this page"),
        ({"trained_until": "soon"}, "soon is not a day; write it like 2026-01-31."),
        ({"consented_on": "2026-03-01"}, "Choose how they consented."),
        ({"consented_on": "2026-03-03", "consent_how": "in writing"}, "2026-03-03 is still to come."),
        ({"consent_how": "by telepathy"}, "Choose one of those offered."),
    ],
)
def test_says_beside_the_field_what_is_wrong_and_keeps_what_was_written(
    unchanged: Flask, fields: dict[str, str], says: str
) -> None:
    answer = post(signed_in(unchanged, DCFS), NEW, **{**DEE, "id": "dcfs-dee", **fields})
    assert answer.status_code == 422
    assert says in answer.text
    assert 'value="Dee Moss"' in answer.text or "name" in fields


def test_the_second_of_two_administrators_sees_what_is_there_now_and_may_save_again(app: Flask, world: World) -> None:
    first, second = signed_in(app, ADMIN), signed_in(app, DCFS)
    seen = seen_on(second.get(ONE).text)
    assert post(first, ONE, **{**ANAS, "sms": "213-555-0109", "seen": seen}).status_code == 303
    conflict = post(second, ONE, **{**ANAS, "name": "Ana Lopez", "seen": seen})
    assert conflict.status_code == 409
    assert f"{ADMIN} has saved this since you opened it" in conflict.text
    assert "It is now: <strong>+12135550109</strong>" in conflict.text
    assert 'value="Ana Lopez"' in conflict.text
    again = post(second, ONE, name="Ana Lopez", sms="213-555-0109", seen=seen_on(conflict.text))
    assert again.status_code == 303
    assert (person(world).name, person(world).sms) == ("Ana Lopez", "+12135550109")


@pytest.mark.parametrize(("path", "fields"), [(ONE, {**ANAS, "name": "Ana Lopez"}), (DUTY, {"number": "213-555-0170"})])
def test_who_does_not_tell_what_they_saw_is_shown_what_is_there(app: Flask, path: str, fields: dict[str, str]) -> None:
    browser = signed_in(app, DCFS)
    conflict = post(browser, path, **fields)
    assert (conflict.status_code, "It is now:" in conflict.text) == (409, True)
    assert post(browser, path, **fields, seen=seen_on(conflict.text)).status_code == 303


def test_a_duty_phone_is_not_given_unseen_where_there_is_none(app: Flask) -> None:
    browser = signed_in(app, DCFS)
    post(browser, DUTY, number="", seen=seen_on(browser.get(DUTY).text))
    assert post(browser, DUTY, number="213-555-0170").status_code == 409


def test_who_is_on_the_roster_is_deactivated_only_after_its_gaps_were_shown(app: Flask, world: World) -> None:
    browser = signed_in(app, DCFS)
    shown = post(browser, f"{ONE}/deactivate", form=ONE)
    assert shown.status_code == 409
    assert "Primary, now to Fri Jan 1, 12:00am, 2027" in shown.text
    assert "No primary, now to Tue Jun 2, 4:00am" in shown.text
    assert person(world).is_active
    assert post(browser, f"{ONE}/deactivate", form=ONE, is_confirmed="yes").location == ONE
    assert not person(world).is_active
    assert "is active again" in browser.get(post(browser, f"{ONE}/reactivate", form=ONE).location).text
    assert person(world).is_active


def test_who_comes_back_to_a_number_that_is_anothers_is_told_whose(app: Flask) -> None:
    browser = signed_in(app, DCFS)
    post(browser, f"{ONE}/deactivate", form=ONE, is_confirmed="yes")
    post(browser, NEW, **{**DEE, "sms": ANA})
    answer = post(browser, f"{ONE}/reactivate", form=ONE)
    assert answer.status_code == 409
    assert "This is the number of Dee Moss already" in answer.text


def test_a_code_is_sent_and_typed_in(app: Flask, world: World) -> None:
    browser = signed_in(app, DCFS)
    post(browser, f"{ONE}/code", form=ONE, channel="sms")
    world.settle()
    half = post(browser, f"{ONE}/verify", form=ONE, channel="sms", code="1")
    assert (half.status_code, "Write the six digits." in half.text) == (422, True)
    wrong = post(browser, f"{ONE}/verify", form=ONE, channel="sms", code="000000")
    assert (wrong.status_code, "It can be tried 4 more times." in wrong.text) == (422, True)
    code = world.messages(ANA)[-1][-7:-1]
    assert code not in browser.get(ONE).text
    right = post(browser, f"{ONE}/verify", form=ONE, channel="sms", code=code)
    assert "the number is verified" in browser.get(right.location).text
    assert person(world).sms_verified_at == world.clock.now()
    assert code not in browser.get("/audit").text


def test_a_code_too_soon_is_refused_beside_its_number(app: Flask) -> None:
    browser = signed_in(app, DCFS)
    post(browser, f"{ONE}/code", form=ONE, channel="sms")
    answer = post(browser, f"{ONE}/code", form=ONE, channel="voice")
    assert answer.status_code == 422
    assert "The next can be sent at 3:01am." in answer.text


def test_who_opted_out_is_offered_the_call_only(app: Flask, world: World) -> None:
    world.text(ANA, "STOP")
    page = signed_in(app, DCFS).get(ONE).text
    assert ("Send a code by SMS" in page, "Call and speak a code" in page) == (False, True)
    assert "opted out of SMS" in page


@pytest.mark.parametrize("channel", ["", "pigeon"])
def test_a_code_goes_out_in_a_way_that_there_is(app: Flask, channel: str) -> None:
    browser = signed_in(app, DCFS)
    for deed in ("code", "verify"):
        assert post(browser, f"{ONE}/{deed}", form=ONE, channel=channel).status_code == 400


def test_the_duty_phone_is_changed_and_verified(app: Flask, world: World) -> None:
    browser = signed_in(app, DCFS)
    seen = seen_on(browser.get(DUTY).text)
    assert post(browser, DUTY, number=ANA, seen=seen).status_code == 422
    assert post(browser, DUTY, number="213-555-0170", seen=seen).location == DUTY
    conflict = post(browser, DUTY, number="213-555-0171", seen=seen)
    assert (conflict.status_code, "It is now: <strong>+12135550170" in conflict.text) == (409, True)
    path = f"{PEOPLE}/dcfs-duty"
    assert browser.get(path).location == DUTY
    assert post(browser, f"{path}/code", form=DUTY, channel="sms").location == DUTY
    assert post(browser, f"{path}/verify", form=DUTY, channel="sms", code="1").status_code == 422
    world.settle()
    post(browser, f"{path}/verify", form=DUTY, channel="sms", code=world.messages("+12135550170")[-1][-7:-1])
    assert "verified Mar 2, 2026" in browser.get(PEOPLE).text


def test_neither_names_nor_numbers_nor_codes_get_into_the_log(
    app: Flask, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "pager")
    browser = signed_in(app, DCFS)
    for fields in (DEE, {**DEE, "sms": ANA}, {**DEE, "name": "Dee Moss" * 20, "trained_until": "Dee Moss"}):
        post(browser, NEW, **fields)
    path = f"{PEOPLE}/dcfs-dee"
    post(browser, path, name="Dee Moss-Hill", sms="213-555-0105", seen=seen_on(browser.get(path).text))
    post(browser, f"{path}/code", form=path, channel="sms")
    world.settle()
    code = world.messages("+12135550105")[-1][-7:-1]
    for typed in ("000000", code):
        post(browser, f"{path}/verify", form=path, channel="sms", code=typed)
    post(browser, f"{ONE}/deactivate", form=ONE)
    assert told_in(caplog.text, ["Dee Moss", "Ana Ruiz", "+12135550104", "+12135550105", ANA, code]) == []


def test_nothing_is_done_without_the_token_of_a_page(app: Flask, world: World) -> None:
    browser = signed_in(app, DCFS)
    for path in (NEW, ONE, f"{ONE}/deactivate", f"{ONE}/code", f"{ONE}/verify", DUTY):
        assert browser.post(path, data={**ANAS, "is_confirmed": "yes"}).status_code == 400
    assert person(world).is_active


def test_agency_administrators_find_their_people_in_the_navigation(app: Flask) -> None:
    assert f'href="{PEOPLE}"' in signed_in(app, DCFS).get("/account").text
    assert f'href="{PEOPLE}"' in signed_in(app, ADMIN).get("/agencies").text

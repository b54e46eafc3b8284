"""The page of one encounter: what a dispatcher sees there, and does."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from pager.domain.encounter import EncounterState
from pager.domain.page import Page, PageState
from pager.domain.timeline import EventKind
from pager.lifecycle.report import report_acknowledgement, report_arrival
from tests.people import PRIMARIES
from tests.web.pages_support import ADMIN, DCFS, DISPATCHER, VIEWER, post, signed_in, token_of, user
from tests.world import World

DEEDS = ("heard", "correct", "agencies", "close", "cancel", "pages/dcfs/undo", "pages/dcfs/page")


@pytest.fixture
def reference(world: World) -> str:
    return world.trigger().overview.encounter.reference


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return signed_in(app)


def page_of(world: World, reference: str, agency: str = "dcfs") -> Page:
    return next(page for page in world.overview(reference).pages if page.agency == agency)


def do(browser: FlaskClient, reference: str, deed: str, **fields: str) -> TestResponse:
    return post(browser, f"/encounters/{reference}/{deed}", form=f"/encounters/{reference}", **fields)


def seen(browser: FlaskClient, reference: str, deed: str) -> str:
    """Return what the button of a deed has seen of its page."""
    html = browser.get(f"/encounters/{reference}").text
    found = re.search(rf'{deed}" name="seen" value="([^"]*)"', html)
    assert found is not None, f"there is no button for {deed}"
    return found[1]


def says_no(browser: FlaskClient, reference: str, responder: str, agency: str = "dcfs") -> TestResponse:
    """Record that a responder does not come, on the page as it is now."""
    html = browser.get(f"/encounters/{reference}").text
    found = re.search(rf'form="heard" name="seen_{agency}" value="([^"]*)"', html)
    assert found is not None
    fields = {"responder": responder, "what": "does_not_come", f"seen_{agency}": found[1]}
    return do(browser, reference, "heard", **fields)


def test_shows_who_was_paged_and_what_the_carrier_said(browser: FlaskClient, reference: str) -> None:
    page = browser.get(f"/encounters/{reference}").text
    assert "Who was paged (1)" in page
    assert re.search(r"Ana Ruiz, SMS, \s*delivered", page)
    assert "Child Protection Hotline stays with the officers" in page
    assert "within the last 96 hours, since Thu Feb 26, 3:00am" in page


def test_says_whom_to_telephone_and_what_to_say(browser: FlaskClient, reference: str) -> None:
    page = browser.get(f"/encounters/{reference}").text
    assert "Numbers to telephone" in page
    assert 'href="tel:+12135550100"' in page
    assert f"You are needed for encounter {reference} at Compton Station, on scene by 4:30am." in page


def test_when_nobody_is_left_to_page_the_numbers_are_open(browser: FlaskClient, world: World, reference: str) -> None:
    assert '<details id="telephones-dcfs">' in browser.get(f"/encounters/{reference}").text
    world.clock.move(timedelta(minutes=16))
    world.settle()
    page = browser.get(f"/encounters/{reference}").text
    assert "telephone them" in page
    assert '<details id="telephones-dcfs" open>' in page


def test_a_viewer_sees_no_number_and_no_form(app: Flask, reference: str) -> None:
    page = signed_in(app, VIEWER).get(f"/encounters/{reference}").text
    assert "Ana Ruiz" in page
    assert "213-555-01" not in page
    assert 'name="responder"' not in page


def test_an_agencys_administrator_sees_none(app: Flask, reference: str) -> None:
    assert signed_in(app, DCFS).get(f"/encounters/{reference}").status_code == 403


@pytest.mark.parametrize("email", [VIEWER, DCFS])
def test_only_who_may_act_does(app: Flask, world: World, reference: str, email: str) -> None:
    browser, before = signed_in(app, email), world.overview(reference).pages
    for deed in DEEDS:
        answer = post(browser, f"/encounters/{reference}/{deed}", form="/account", responder="dcfs-ana")
        assert answer.status_code == 403, deed
    assert world.overview(reference).encounter.is_open
    assert [page.state for page in world.overview(reference).pages] == [page.state for page in before]


@pytest.mark.parametrize("reference", ["AAAAA", "nothing", "1"])
def test_an_unknown_one_is_not_found(browser: FlaskClient, reference: str) -> None:
    assert browser.get(f"/encounters/{reference}").status_code == 404
    assert post(browser, f"/encounters/{reference}/close", form="/account").status_code == 404


def test_who_comes_by_radio_is_recorded_with_who_recorded_it(
    browser: FlaskClient, world: World, reference: str
) -> None:
    assert do(browser, reference, "heard", responder="dcfs-ana", eta="25", what="comes").status_code == 303
    page = page_of(world, reference)
    assert (page.state, page.acknowledged_by) == (PageState.ACKNOWLEDGED, "dcfs-ana")
    assert page.eta == world.clock.now() + timedelta(minutes=25)
    assert DISPATCHER in browser.get(f"/encounters/{reference}").text


def test_who_is_on_scene_and_who_does_not_come_is_recorded(browser: FlaskClient, world: World, reference: str) -> None:
    do(browser, reference, "heard", responder="dcfs-ana", what="comes")
    says_no(browser, reference, "dcfs-ana")
    assert page_of(world, reference).state is PageState.PAGING
    do(browser, reference, "heard", responder="dhs-dan", what="on_scene")
    assert page_of(world, reference, "dhs").state is PageState.ON_SCENE


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"responder": "", "what": "comes"}, "Choose whom it is about."),
        ({"responder": "dcfs-ana", "what": ""}, "Choose what they said."),
        ({"responder": "dcfs-ana", "what": "comes", "eta": "0"}, "from 1 to 999"),
        ({"responder": "dcfs-ana", "what": "comes", "eta": "1000"}, "from 1 to 999"),
        ({"responder": "dcfs-ana", "what": "comes", "eta": "soon"}, "from 1 to 999"),
    ],
)
def test_what_cannot_be_understood_is_told_with_what_was_written(
    browser: FlaskClient, world: World, reference: str, fields: dict[str, str], said: str
) -> None:
    answer = do(browser, reference, "heard", **fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{fields.get("eta", "")}"' in answer.text
    assert page_of(world, reference).state is PageState.PAGING


def test_a_person_and_the_next_rung_are_paged_now(browser: FlaskClient, world: World, reference: str) -> None:
    assert do(browser, reference, "heard", responder="dcfs-cho", what="page").status_code == 303
    world.settle()
    rung = page_of(world, reference).rung
    do(browser, reference, "pages/dcfs/page", seen=seen(browser, reference, "pages/dcfs/page"))
    world.settle()
    assert page_of(world, reference).rung > rung
    assert world.messages("+12135550103")


def test_an_acknowledgement_and_an_arrival_are_taken_back(browser: FlaskClient, world: World, reference: str) -> None:
    report_arrival(world.context, reference, "dcfs", "dcfs-ana")
    for state in (PageState.ACKNOWLEDGED, PageState.PAGING):
        do(browser, reference, "pages/dcfs/undo", seen=seen(browser, reference, "pages/dcfs/undo"))
        assert page_of(world, reference).state is state


def test_the_second_of_two_dispatchers_is_shown_what_happened(app: Flask, world: World, reference: str) -> None:
    report_arrival(world.context, reference, "dcfs", "dcfs-ana")
    first, second = signed_in(app), signed_in(app, ADMIN)
    was = seen(second, reference, "pages/dcfs/undo")
    do(first, reference, "pages/dcfs/undo", seen=was)
    answer = do(second, reference, "pages/dcfs/undo", seen=was)
    assert answer.status_code == 409
    assert "Nothing was done: the page of DCFS has changed since you looked" in answer.text
    assert page_of(world, reference).state is PageState.ACKNOWLEDGED


def test_what_the_state_forbids_is_told(browser: FlaskClient, world: World, reference: str) -> None:
    report_acknowledgement(world.context, reference, "dcfs", "dcfs-ana", None)
    assert do(browser, reference, "heard", responder="dcfs-ben", what="page").status_code == 409


def test_who_was_paged_and_says_no_by_telephone_has_declined(
    browser: FlaskClient, world: World, reference: str
) -> None:
    assert says_no(browser, reference, "dcfs-ana").status_code == 303
    world.settle()
    assert world.messages("+12135550102")  # the next rung came at once


def test_a_stale_no_does_not_undo_a_newer_answer(browser: FlaskClient, world: World, reference: str) -> None:
    html = browser.get(f"/encounters/{reference}").text
    was = re.search(r'form="heard" name="seen_dcfs" value="([^"]*)"', html)
    assert was is not None
    world.text("+12135550101", "ACK 20")
    answer = do(browser, reference, "heard", responder="dcfs-ana", what="does_not_come", seen_dcfs=was[1])
    assert answer.status_code == 409
    assert "Nothing was done: the page of DCFS has changed since you looked" in answer.text
    assert page_of(world, reference).acknowledged_by == "dcfs-ana"


def test_the_duty_phone_can_be_who_has_answered(browser: FlaskClient, world: World, reference: str) -> None:
    assert '<option value="dcfs-duty">' in browser.get(f"/encounters/{reference}").text
    do(browser, reference, "heard", responder="dcfs-duty", what="comes")
    assert page_of(world, reference).acknowledged_by == "dcfs-duty"


def test_the_second_of_two_who_correct_reverts_nothing(browser: FlaskClient, world: World, reference: str) -> None:
    shown = {"shown_station": "compton", "shown_callback": "310-555-0100"}
    do(browser, reference, "correct", station="compton", callback="310-555-0111", **shown)
    do(browser, reference, "correct", station="lancaster", callback="310-555-0100", **shown)
    encounter = world.overview(reference).encounter
    assert (encounter.station, encounter.callback) == ("lancaster", "+13105550111")
    answer = do(browser, reference, "correct", station="lancaster", callback="310-555-0122", **shown)
    assert answer.status_code == 409
    assert "somebody else has just made the callback 310-555-0111" in answer.text


def test_a_correction_that_changes_nothing_says_so(browser: FlaskClient, reference: str) -> None:
    answer = do(browser, reference, "correct", station="compton", callback="310-555-0100")
    assert "Nothing to correct" in browser.get(answer.location).text


def test_station_and_callback_are_corrected_and_everybody_paged_is_told(
    browser: FlaskClient, world: World, reference: str
) -> None:
    do(browser, reference, "correct", station="lancaster", callback="310-555-0111")
    world.settle()
    encounter = world.overview(reference).encounter
    assert (encounter.station, encounter.callback) == ("lancaster", "+13105550111")
    assert "Lancaster Stn" in world.messages("+12135550101")[-1]


def test_a_callback_that_cannot_be_called_is_told_and_kept_in_its_field(browser: FlaskClient, reference: str) -> None:
    answer = do(browser, reference, "correct", station="compton", callback="12")
    assert (answer.status_code, 'value="12"' in answer.text) == (422, True)
    assert "Callback is not a telephone number" in answer.text


def test_an_agency_that_was_left_out_is_added(browser: FlaskClient, world: World) -> None:
    with world.store.writing() as work:
        work.directory.station("compton").policy = "outlying-station"
    reference = world.trigger(leave_out=["probation"]).overview.encounter.reference
    assert len(world.overview(reference).pages) == 4
    do(browser, reference, "agencies", agency="probation")
    assert page_of(world, reference, "probation").state is PageState.PAGING


def test_cancelling_needs_a_reason_and_closing_none(browser: FlaskClient, world: World, reference: str) -> None:
    assert do(browser, reference, "cancel", reason=" ").status_code == 422
    assert do(browser, reference, "cancel", reason="wrong station").status_code == 303
    page = browser.get(f"/encounters/{reference}").text
    assert "Cancelled" in page
    assert "wrong station" in page
    assert "wrong station" not in signed_in(browser.application, VIEWER).get(f"/encounters/{reference}").text
    other = world.trigger().overview.encounter.reference
    do(browser, other, "close", sure="yes")
    assert not world.overview(other).encounter.is_open


def test_what_became_of_a_follow_up_is_recorded(browser: FlaskClient, world: World, reference: str) -> None:
    name = world.overview(reference).follow_ups[0].name
    assert do(browser, reference, f"follow-ups/{name}", outcome="never").status_code == 422
    assert do(browser, reference, f"follow-ups/{name}", outcome="declined").status_code == 303
    assert do(browser, reference, f"follow-ups/{name}", outcome="completed").status_code == 409
    assert do(browser, reference, "follow-ups/none", outcome="declined").status_code == 404


def test_that_it_was_looked_at_is_on_the_timeline_once_an_hour(
    browser: FlaskClient, world: World, reference: str
) -> None:
    for _ in range(3):
        browser.get(f"/encounters/{reference}/now")
    with world.store.reading() as work:
        events = work.timeline.of(world.overview(reference).encounter.id)
    assert [one.data["by"] for one in events if one.kind == "viewed"] == [f"user {user(world, DISPATCHER).id}"]


def test_what_has_not_changed_is_not_sent_again(browser: FlaskClient, reference: str) -> None:
    first = browser.get(f"/encounters/{reference}/now")
    again = browser.get(f"/encounters/{reference}/now", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    assert "csrf_token" not in first.text  # it is another one every second


def test_a_form_without_its_token_changes_nothing(browser: FlaskClient, world: World, reference: str) -> None:
    assert token_of(browser.get(f"/encounters/{reference}").text)
    assert browser.post(f"/encounters/{reference}/close").status_code == 400
    assert world.overview(reference).encounter.is_open


def test_one_press_does_not_close_what_is_still_looked_for(browser: FlaskClient, world: World, reference: str) -> None:
    asked = do(browser, reference, "close", sure="no")
    assert asked.status_code == 409
    assert "Not closed: DCFS, DHS, DMH, PROB, ADV not there yet." in asked.text
    assert "Close all the same" in asked.text
    assert world.overview(reference).encounter.state is EncounterState.OPEN
    assert do(browser, reference, "close", sure="yes").status_code == 303
    assert world.overview(reference).encounter.state is EncounterState.CLOSED


def test_one_press_closes_where_all_are_there(browser: FlaskClient, world: World, reference: str) -> None:
    for number in PRIMARIES:
        world.text(number, "HERE")
    assert do(browser, reference, "close", sure="no").status_code == 303


def test_a_reference_is_found_however_it_is_written_and_the_look_is_on_the_timeline(
    browser: FlaskClient, world: World, reference: str
) -> None:
    for page in ("", "/after-action"):
        assert browser.get(f"/encounters/{reference.lower()}{page}").status_code == 200
    with world.store.reading() as work:
        events = work.timeline.of(world.overview(reference).encounter.id)
    assert [event.kind for event in events].count(EventKind.VIEWED) == 1


def test_who_looks_at_one_encounter_is_told_of_another_that_needs_them(
    browser: FlaskClient, world: World, reference: str
) -> None:
    assert "Needed elsewhere" not in browser.get(f"/encounters/{reference}").text
    other = world.trigger("lancaster").overview.encounter.reference
    world.clock.move(timedelta(minutes=16))
    world.settle()
    page = browser.get(f"/encounters/{reference}").text
    assert f'data-need="{other}, DCFS: nobody has answered' in page


def test_what_was_recorded_is_said_as_it_is(browser: FlaskClient, world: World, reference: str) -> None:
    world.text("+12135550101", "ACK 20")
    do(browser, reference, "heard", responder="dcfs-ben", what="comes")
    assert "Ben Okafor stands by: somebody else comes." in browser.get(f"/encounters/{reference}").text
    world.text("+12135550101", "HERE")
    says_no(browser, reference, "dcfs-ana")
    assert "The agency is on scene all the same." in browser.get(f"/encounters/{reference}").text


def test_a_closed_encounter_still_says_who_was_there(browser: FlaskClient, world: World, reference: str) -> None:
    world.text("+12135550101", "HERE")
    do(browser, reference, "close", sure="yes")
    assert "Ana Ruiz was there, since 3:00am" in browser.get(f"/encounters/{reference}").text

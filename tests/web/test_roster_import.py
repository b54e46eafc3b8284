"""The page on which shifts are imported: first looked at, then stored, or refused line by line."""

from __future__ import annotations

import io
import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from pager.adapters.roster_csv import LARGEST_FILE
from pager.adapters.web.roster_import import LARGEST_BODY
from pager.domain.roster import Shift
from pager.lifecycle.turn import writing
from tests.web.pages_support import ADMIN, DCFS, DISPATCHER, VIEWER, post, signed_in, token_of
from tests.web.whole_app import serve_app
from tests.world import PUBLIC_URL, World

PAGE = "/agencies/dcfs/import"
HEADER = "tier,responder,start,end,stations\n"
NEW = "primary,dcfs-ben,2026-07-04T18:00,2026-07-05T08:00,compton\n"
WHOLE = "primary,dcfs-ana,2026-01-01T00:00,2027-01-01T00:00,\n"


def upload(browser: FlaskClient, data: str | bytes, page: str = PAGE) -> TestResponse:
    """Choose a file and look at what it would change."""
    content = io.BytesIO(data.encode() if isinstance(data, str) else data)
    fields: dict[str, object] = {
        "csrf_token": token_of(browser.get(PAGE).text),
        "file": FileStorage(content, "july.csv"),
    }
    return send(browser, page, fields)


def send(browser: FlaskClient, path: str, fields: dict[str, object]) -> TestResponse:
    """Send a form with a file in it."""
    boundary, body = encode_multipart(fields)
    return browser.post(path, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def confirm(browser: FlaskClient, preview: TestResponse) -> TestResponse:
    """Press the button below a preview."""
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', preview.text)
    given: dict[str, object] = {
        name: unescape(value).replace("\n", "\r\n") for name, value in fields
    }  # as browsers send it
    return send(browser, PAGE, given)


def shifts(world: World) -> list[Shift]:
    with world.store.reading() as work:
        return list(work.directory.shifts(["dcfs"]))


def words(html: str) -> str:
    """Return the text of a page, its words one space apart."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@pytest.mark.parametrize(
    ("email", "agency", "status"),
    [
        (ADMIN, "dcfs", 200),
        (ADMIN, "nowhere", 404),
        (DCFS, "dcfs", 200),
        (DCFS, "dhs", 403),
        (DCFS, "nowhere", 403),
        (DISPATCHER, "dcfs", 403),
        (VIEWER, "dcfs", 403),
    ],
)
def test_it_is_for_those_who_keep_the_agencys_roster(unchanged: Flask, email: str, agency: str, status: int) -> None:
    browser = signed_in(unchanged, email)
    assert browser.get(f"/agencies/{agency}/import").status_code == status
    assert browser.get(f"/agencies/{agency}/shifts.csv").status_code == status
    answer = post(browser, f"/agencies/{agency}/import", form="/account")
    assert answer.status_code == {200: 422}.get(status, status)


def test_a_file_is_looked_at_first_and_stored_when_it_is_confirmed(app: Flask, world: World) -> None:
    browser, before = signed_in(app, DCFS), shifts(world)
    shown = upload(
        browser,
        HEADER + NEW + WHOLE.replace("2027-01-01", "2026-12-01") + WHOLE.replace("primary,dcfs-ana", "backup,dcfs-ben"),
    )
    assert (shown.status_code, shifts(world)) == (200, before)
    assert "1 added, 1 changed, 1 as they are." in words(shown.text)
    assert "Added primary compton 2026-07-04T18:00 2026-07-05T08:00 dcfs-ben" in words(shown.text)
    assert "Changed primary all stations 2026-01-01T00:00 2026-12-01T00:00 (was 2027-01-01T00:00) dcfs-ana" in words(
        shown.text
    )
    stored = confirm(browser, shown)
    assert (stored.status_code, stored.location) == (303, "/agencies/dcfs/roster")
    assert len(shifts(world)) == len(before) + 1
    assert "2 changes imported." in browser.get(stored.location).text
    with world.store.reading() as work:
        assert {entry.by for _, entry in work.audit.listing(agency="dcfs", before=None, limit=2)} == {DCFS}


def test_mistakes_are_told_by_line_and_nothing_is_stored(app: Flask, world: World) -> None:
    browser, before = signed_in(app, DCFS), shifts(world)
    refused = upload(browser, HEADER + NEW + NEW.replace("ben", "bob"))
    assert (refused.status_code, shifts(world)) == (422, before)
    assert "1 mistake. Put it right in the file and choose it again." in words(refused.text)
    assert "Line 3 responder there is no responder dcfs-bob" in words(refused.text)


def test_of_many_mistakes_twenty_are_told(app: Flask) -> None:
    refused = words(upload(signed_in(app, DCFS), HEADER + NEW.replace("ben", "bob") * 30).text)
    assert (refused.count("there is no responder"), "30 mistakes." in refused, "And 10 more." in refused) == (
        20,
        True,
        True,
    )


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "The file all is empty; its first line should be"),
        (
            (HEADER + "primary,dcfs-ana,2026,2027,\n" * 49_999).encode(),
            "The file all has 50,000 lines; at most 5,000 shifts",
        ),
        (b"x" * (LARGEST_FILE + 1), "The file all is larger than 2 MB"),
        (b"\xff\xd8\xff\xe0 a picture", "Line 1 all holds a character that is not UTF-8"),
        (HEADER.replace("end,", "").encode(), "Line 1 end is missing: there is no column end"),
    ],
)
def test_a_file_of_which_nothing_can_be_used_is_refused_in_a_sentence(app: Flask, data: bytes, says: str) -> None:
    assert says in words(upload(signed_in(app, DCFS), data).text)


def test_what_a_file_holds_is_text_and_never_markup(app: Flask) -> None:
    shown = upload(signed_in(app, DCFS), HEADER + NEW.replace("dcfs-ben", "<script>alert(1)</script>"))
    assert "<script>alert" not in shown.text


def test_no_file_is_asked_for_again(app: Flask) -> None:
    answer = post(signed_in(app, DCFS), PAGE)
    assert (answer.status_code, "choose a CSV file first" in answer.text) == (422, True)


def test_a_file_that_changes_nothing_has_nothing_to_confirm(app: Flask) -> None:
    browser = signed_in(app, DCFS)
    shown = upload(browser, browser.get("/agencies/dcfs/shifts.csv").data)
    assert "Nothing: all 3 shifts in it are on the roster as they are." in words(shown.text)
    assert 'name="seen"' not in shown.text


def test_the_second_of_two_administrators_is_shown_what_it_would_change_by_now(app: Flask, world: World) -> None:
    first, second = signed_in(app, DCFS), signed_in(app, ADMIN)
    shown = upload(first, HEADER + NEW)
    confirm(second, upload(second, HEADER + NEW.replace("dcfs-ben", "dcfs-cho")))
    before = shifts(world)
    again = confirm(first, shown)
    assert (again.status_code, shifts(world)) == (409, before)
    assert "Somebody has changed the roster since you looked" in again.text
    assert "dcfs-ben (was dcfs-cho)" in words(again.text)
    assert confirm(first, again).status_code == 303


def test_what_is_wrong_by_now_is_told_when_it_is_confirmed(app: Flask, world: World) -> None:
    browser = signed_in(app, DCFS)
    shown = upload(browser, HEADER + NEW)
    with writing(world.context) as turn:
        turn.work.directory.responder("dcfs-ben").is_active = False
    refused = confirm(browser, shown)
    assert (refused.status_code, "dcfs-ben is deactivated" in refused.text) == (422, True)


def test_the_gaps_that_it_opens_and_closes_are_told_before(app: Flask) -> None:
    browser = signed_in(app, DCFS)
    opened = upload(browser, HEADER + WHOLE.replace("2027-01-01", "2026-03-10"))
    assert "leaves a tier with nobody within the next 92 days: primary, from Tue Mar 10, 12:00am" in words(opened.text)
    confirm(browser, opened)
    closed = upload(browser, HEADER + WHOLE.replace("2026-01-01", "2026-03-10"))
    assert "This closes a gap of the next 92 days: primary, from Tue Mar 10, 12:00am" in words(closed.text)


def test_the_shifts_are_fetched_as_a_file(app: Flask) -> None:
    answer = signed_in(app, DCFS).get("/agencies/dcfs/shifts.csv")
    assert answer.headers["Content-Disposition"] == "attachment; filename=dcfs-shifts.csv"
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.text.splitlines()[:2] == [HEADER.strip(), WHOLE.strip()]


def test_as_many_shifts_as_are_allowed_go_all_the_way(app: Flask, world: World) -> None:
    codes = " ".join(["compton", "lancaster"] * 12)
    days = [f"{2030 + n // 336}-{n % 336 // 28 + 1:02}-{n % 28 + 1:02}" for n in range(5_000)]
    rows = "".join(f"supervisor,dcfs-cho,{day}T08:00,{day}T20:00,{codes}\n" for day in days)
    browser = signed_in(app, DCFS)
    shown = upload(browser, HEADER + rows)
    assert "Import these 5000 changes" in shown.text
    assert "And 4800 more." in words(shown.text)
    assert confirm(browser, shown).status_code == 303
    assert len(shifts(world)) == 5_003


def test_the_whole_service_takes_such_a_file_on_this_page_and_on_no_other(sqlite_url: str) -> None:
    whole = serve_app(sqlite_url, public_url=PUBLIC_URL)
    large = b"x" * (LARGEST_FILE + 1)
    client = whole.app.test_client()
    for path, data, status in ((PAGE, large, 400), (PAGE, large * 2, 413), ("/account", large, 413)):
        assert send(client, path, {"file": FileStorage(io.BytesIO(data), "x.csv")}).status_code == status, path
    assert LARGEST_BODY > LARGEST_FILE
    whole.store.engine.dispose()

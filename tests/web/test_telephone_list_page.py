"""The list of whom to telephone, as a page to print: the same as the command's, for those who may see numbers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from pager.domain.telephone_list import HOW_TO_USE
from pager.lifecycle.telephone_list import telephone_list
from pager.lifecycle.turn import reading
from tests.clock import START
from tests.web.pages_support import ADMIN, DCFS, DISPATCHER, VIEWER, signed_in, texts
from tests.world import World

PATH = "/telephone-list"


def test_shows_who_is_on_call_with_their_numbers(app: Flask) -> None:
    [dcfs] = texts(signed_in(app).get(PATH).text, "numbers-dcfs")
    assert "DCFS Agency dcfs duty phone 213-555-0100" in dcfs
    assert "All stations primary the end Ana Ruiz 213-555-0101 same backup the end Ben Okafor" in dcfs


def test_says_when_it_was_printed_until_when_it_holds_and_how_to_use_it(app: Flask) -> None:
    [text] = texts(signed_in(app).get(PATH).text, "content")
    assert "Until Thu Mar 5, 3:00am (the end). Printed Mon Mar 2, 3:00am, 2026; times are those of America/Los" in text
    assert all(sentence in text for sentence in HOW_TO_USE)


def test_a_tier_with_nobody_names_the_duty_phone(app: Flask, world: World) -> None:
    with world.store.writing() as work:
        for shift in work.directory.shifts(["dcfs"]):
            shift.end_at = START + timedelta(hours=24)
    [dcfs] = texts(signed_in(app).get(PATH).text, "numbers-dcfs")
    assert dcfs.count("the end nobody: duty phone 213-555-0100") == 3
    assert "primary Tue Mar 3, 3:00am Ana Ruiz" in dcfs


def test_holds_what_the_command_prints(app: Flask, world: World) -> None:
    with reading(world.context) as turn:
        numbers = telephone_list(turn, turn.work.directory.agencies())
    page = signed_in(app).get(PATH).text
    for one in numbers:
        [text] = texts(page, f"numbers-{one.agency.code}")
        for line in one.blocks[0].lines:
            assert f"{line.tier} {line.until} {line.name} {line.call} {line.text}" in text


@pytest.mark.parametrize("email", [ADMIN, DISPATCHER])
def test_dispatchers_and_administrators_see_every_agency(app: Flask, email: str) -> None:
    assert signed_in(app, email).get(PATH).text.count('id="numbers-') == 5


def test_an_agency_s_administrator_sees_theirs_alone(app: Flask) -> None:
    page = signed_in(app, DCFS).get(PATH).text
    assert page.count('id="numbers-') == 1
    assert "213-555-0101" in page
    assert "213-555-0111" not in page


def test_a_viewer_sees_no_numbers_and_no_way_to_them(app: Flask) -> None:
    browser = signed_in(app, VIEWER)
    assert browser.get(PATH).status_code == 403
    assert PATH not in browser.get("/").text
    assert PATH in signed_in(app, DISPATCHER).get("/").text

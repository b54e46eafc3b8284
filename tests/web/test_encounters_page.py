"""The page of all encounters."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from pager.adapters.web import encounters_page
from pager.lifecycle.close import close
from tests.web.pages_support import DCFS, VIEWER, signed_in
from tests.world import World


def references(html: str) -> list[str]:
    return re.findall(r'href="/encounters/(\w+)">', html)


def test_shows_open_and_ended_ones_newest_first(app: Flask, world: World) -> None:
    opened = [world.trigger(drill=is_drill).overview.encounter.reference for is_drill in (True, False)]
    close(world.context, opened[0], None)
    page = signed_in(app, VIEWER).get("/encounters").text
    assert references(page) == opened[::-1]
    assert "closed" in page
    assert "drill" in page


def test_goes_on_where_a_page_ended(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encounters_page, "AT_A_TIME", 2)
    opened = [world.trigger(settle=False).overview.encounter.reference for _ in range(3)]
    browser = signed_in(app)
    first = browser.get("/encounters").text
    assert references(first) == opened[:0:-1]
    assert references(browser.get(f"/encounters?before={opened[1]}").text) == opened[:1]


def test_is_for_those_who_may_list_encounters(app: Flask) -> None:
    assert signed_in(app, DCFS).get("/encounters").status_code == 403
    assert signed_in(app).get("/encounters?before=nothing").status_code == 404

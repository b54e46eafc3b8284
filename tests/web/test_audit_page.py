"""The audit as administrators see it, each of what concerns them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from pager.domain.audit import AuditEntry
from tests.clock import START
from tests.web.pages_support import ADMIN, DCFS, DISPATCHER, VIEWER, signed_in
from tests.world import World


def note(world: World, name: str, agency: str | None, **more: object) -> None:
    given = {"before": {}, "after": {"active": True}} | more
    with world.store.writing() as work:
        work.audit.add(AuditEntry(START, ADMIN, "responder", name, agency, **given))  # type: ignore[arg-type]


def test_says_who_when_what_before_and_after(app: Flask, world: World) -> None:
    after = {"sms": "+12135550178", "stations": ["compton", "century"], "active": False, "hours": {"from": "08:00"}}
    note(world, "dcfs-ana", "dcfs", before={"sms": "+12135550177", "trained_until": None}, after=after)
    page = " ".join(signed_in(app, ADMIN).get("/audit").text.split())
    for part in (
        "dcfs-ana",
        "2026-03-02 03:00:00",
        f"by {ADMIN}",
        '<th scope="row">sms</th><td data-name="Before">+12135550177</td><td data-name="After">+12135550178</td>',
        "compton, century",
        "trained until",
        '<td data-name="After">no</td>',
    ):
        assert part in page


def test_an_agency_administrator_sees_their_agency_and_nothing_else(app: Flask, world: World) -> None:
    note(world, "dcfs-ana", "dcfs")
    note(world, "dmh-hana", "dmh")
    note(world, "compton", None)
    page = signed_in(app, DCFS).get("/audit").text
    assert "dcfs-ana" in page
    assert "dmh-hana" not in page
    assert "compton" not in page
    assert ADMIN not in page.replace(f"by {ADMIN}", "")


@pytest.mark.parametrize("email", [DISPATCHER, VIEWER])
def test_it_is_not_for_others(app: Flask, email: str) -> None:
    assert signed_in(app, email).get("/audit").status_code == 403


def test_pages_from_the_newest_to_the_oldest(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pager.adapters.web.audit_page.AT_A_TIME", 2)
    for number in range(5):
        note(world, f"dmh-{number}", "dmh")
    browser, path, seen = signed_in(app, ADMIN), "/audit", ""
    for _ in range(3):
        page = browser.get(path).text
        seen += page
        path = page.rpartition('">Older')[0].rpartition('href="')[2]
    assert [seen.index(f"dmh-{number}") for number in range(5)] == sorted(
        (seen.index(f"dmh-{number}") for number in range(5)), reverse=True
    )
    assert "The newest" in seen


@pytest.mark.parametrize("before", ["0", "-1", "x", "", str(2**63), "9" * 5000])
def test_takes_no_harm_from_an_odd_address(app: Flask, before: str) -> None:
    assert signed_in(app, ADMIN).get(f"/audit?before={before}").status_code == 200


def test_escapes_what_people_wrote(app: Flask, world: World) -> None:
    note(world, "<script>alert(1)</script>", "dmh", after={"name": "<img src=x>"})
    page = signed_in(app, ADMIN).get("/audit").text
    assert "<script>alert" not in page
    assert "<img" not in page


def test_times_are_those_of_the_county(app: Flask, world: World) -> None:
    world.clock.move(timedelta(minutes=1))
    assert "Times are those of America/Los_Angeles" in signed_in(app, ADMIN).get("/audit").text

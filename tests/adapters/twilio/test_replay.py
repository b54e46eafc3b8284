"""Somebody who has recorded the carrier's webhooks posts them again, signatures and all: nothing changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest

from pager.adapters.web.answers import encounter_answer
from pager.sandbox.bridge import post_into
from tests.people import ANA, BEN, DAN, GUS, STRANGER
from tests.world import World

Posted = tuple[str, Mapping[str, str], Mapping[str, str]]


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    world = World(sqlite_url)
    yield world
    world.close()


def recorded(world: World) -> list[Posted]:
    """Return a list into which every webhook goes from now on."""
    posted: list[Posted] = []
    post = post_into(world.app)

    def record(url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, str]:
        posted.append((url, dict(form), dict(headers)))
        return post(url, form, headers)

    world.sandbox.post = record
    return posted


def everything(world: World, *triggered: Any) -> Any:
    """Return all that the service knows of encounters and has asked of the carrier."""
    asked = [line for line in world.sandbox.ledger() if (line["kind"], line.get("method")) == ("request", "POST")]
    shown = [encounter_answer(world.overview(one.overview.encounter.reference)) for one in triggered]
    states = [delivery.state for one in triggered for delivery in world.deliveries(one)]
    return len(asked), shown, states, [world.timeline(one) for one in triggered]


def test_old_webhooks_posted_again_change_nothing_of_the_old_encounter_or_of_a_new_one(world: World) -> None:
    posted = recorded(world)
    old = world.trigger()
    world.text(DAN, "ACK 25")
    world.text(STRANGER, "ACK")
    world.text(GUS, "who is this")
    world.pass_time(timedelta(minutes=2, seconds=5))
    world.press(ANA, "2")
    world.pass_time(timedelta(minutes=1, seconds=5))
    world.press(BEN, "1")
    world.text(DAN, "HERE")
    world.cancel(old.overview.encounter.reference)
    new = world.trigger()
    world.pass_time(timedelta(seconds=30))
    before = everything(world, old, new)
    again = post_into(world.app)
    for url, form, headers in [*posted, *reversed(posted)]:
        status, _ = again(url, form, headers)
        assert status == 200
    world.settle()
    assert everything(world, old, new) == before
    kinds = {url.split("?")[0].rpartition("/twilio/")[2] for url, _, _ in posted}
    assert kinds == {"sms", "sms/status", "voice", "voice/keypress", "voice/status"}

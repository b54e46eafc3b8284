"""Claiming what is to be sent, where several processes do it on PostgreSQL."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pager.lifecycle.tick import LEASE
from pager.lifecycle.turn import reading
from tests.world import UNLIMITED, World

A_RUNG = timedelta(minutes=2)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_claim_does_not_wait_for_who_is_at_a_message_that_has_expired(
    database_url: str,
) -> None:
    world = World(f"{database_url}&options=-c%20lock_timeout%3D500")  # who has to wait fails
    encounter = world.trigger(settle=False).overview.encounter
    with reading(world.context) as turn:
        pages = [page.id for page in turn.work.encounters.pages(encounter.id)]
    world.clock.move(A_RUNG)
    now = world.clock.now()
    with world.store.writing() as escalating:
        escalating.deliveries.withdraw_queued(pages[:1], now)
        with world.store.writing() as work:
            assert work.claims.claim(now, 100, LEASE, UNLIMITED, ()) == []
            assert len([one for one in work.deliveries.of_encounter(encounter.id) if one.ended_at]) == len(pages) - 1
    world.close()

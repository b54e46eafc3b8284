"""Much that is due at once: what is queued does not wait until all of it has been looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from pager.domain.delivery import Delivery
from pager.lifecycle import tick
from pager.lifecycle.turn import reading
from tests.world import DirectOutbox, World

A_RUNG = timedelta(minutes=2)


@dataclass
class WatchedOutbox(DirectOutbox):
    """Notes for each lot that it is given how many encounters still wait to be escalated."""

    waiting: list[int] = field(default_factory=list)

    def put(self, deliveries: Sequence[Delivery], begin_before: datetime) -> None:
        with reading(self.context) as turn:
            self.waiting.append(len(turn.work.encounters.due(turn.now, 1_000)))
        super().put(deliveries, begin_before)


def test_what_is_queued_is_sent_between_the_escalations_of_many(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tick, "ENCOUNTERS_AT_A_TIME", 2)
    for _ in range(4):
        world.trigger()
    outbox = WatchedOutbox(world.context, world.carrier)
    world.beat.outbox = outbox
    world.clock.move(A_RUNG)
    world.trigger(settle=False)
    world.beat.tick()
    assert outbox.waiting == [4, 2, 0]

"""Who is signed in is known by their session, whatever state the database is in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from pager.adapters.db.work import SqlWork
from pager.lifecycle.ports import StoreUnavailableError
from tests.lifecycle.access import ANA, Door
from tests.world import World


def test_who_is_signed_in_is_known_while_nothing_can_be_written(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    door = Door(world)
    door.add()
    secret = door.sign_in()
    world.clock.move(timedelta(minutes=2))

    @contextmanager
    def refused() -> Iterator[SqlWork]:
        raise StoreUnavailableError("read-only")
        yield

    monkeypatch.setattr(world.store, "writing", refused)
    assert door.who(secret) == ANA

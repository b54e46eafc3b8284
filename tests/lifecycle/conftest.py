"""A running county on each of the two databases, in which no more agencies are paged than a test looks at."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.world import World, policy_of


@pytest.fixture
def county(database_url: str) -> Iterator[World]:
    """All five agencies are paged."""
    county = World(database_url)
    yield county
    county.close()


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """Two agencies are paged, DCFS and DHS: one is looked at, and the other waits beside it."""
    world = World(database_url, policies=policy_of("dcfs", "dhs"))
    yield world
    world.close()


@pytest.fixture
def dcfs(database_url: str) -> Iterator[World]:
    """DCFS alone is paged, where nobody looks at another."""
    world = World(database_url, policies=policy_of("dcfs"))
    yield world
    world.close()

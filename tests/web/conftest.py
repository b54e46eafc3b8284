"""The service that every test of the API talks to, and the world whose pages the others look at."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from pager.adapters.db.session import SqlStore, open_database
from pager.adapters.sealing import make_sealer
from tests.web.api_support import Service, make_service
from tests.web.pages_support import pages_app
from tests.world import World


@pytest.fixture
def service(sqlite_url: str) -> Iterator[Service]:
    store = SqlStore(open_database(sqlite_url), sealer=make_sealer([], "secret"))
    yield make_service(store)
    store.engine.dispose()


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    world = World(sqlite_url)
    yield world
    world.close()


@pytest.fixture
def app(world: World) -> Flask:
    """The pages of `world`, with a user of each role."""
    return pages_app(world)

"""The service that every test of the API talks to, and the world whose pages the others look at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from pager.adapters.db.session import SqlStore, open_database
from pager.adapters.sealing import make_sealer
from tests.conftest import copy_of
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


@pytest.fixture(scope="module")
def unchanged(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The pages of one world for all tests of a module in which everything is refused, so that nothing changes."""
    world = World(copy_of(sqlite_template, tmp_path_factory.mktemp("unchanged")))
    yield pages_app(world)
    world.close()

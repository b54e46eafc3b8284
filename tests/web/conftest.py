"""The service that every test of the API talks to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pager.adapters.db.session import SqlStore, open_database
from pager.adapters.sealing import make_sealer
from tests.web.api_support import Service, make_service


@pytest.fixture
def service(sqlite_url: str) -> Iterator[Service]:
    store = SqlStore(open_database(sqlite_url), sealer=make_sealer([], "secret"))
    yield make_service(store)
    store.engine.dispose()

"""A PostgreSQL server that these tests may stop, apart from the one that the others share."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from tests.processes.postgresql import Cluster, cluster


@pytest.fixture(scope="session", name="cluster")
def _cluster() -> Iterator[Cluster]:
    with cluster() as own:
        yield own


@pytest.fixture(autouse=True)
def _quiet_carrier(caplog: pytest.LogCaptureFixture) -> None:
    """The sandbox's server tells of every request."""
    caplog.set_level(logging.ERROR, "werkzeug")

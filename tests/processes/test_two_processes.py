"""Two processes on one PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash.life import ANA
from tests.processes.postgresql import Cluster
from tests.processes.running import scene, until

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
DAN = "+12135550111"


def test_a_trigger_on_the_one_is_sent_once_by_the_other(cluster: Cluster, tmp_path: Path) -> None:
    with scene(tmp_path, cluster.new_database()) as it:
        web = it.start("serve", PAGER_ENGINE="off")
        it.start("worker")
        reference = web.trigger().json()["reference"]
        until(lambda: it.paged(reference), "page")
        it.rest(web)
        assert it.paged(reference) == {ANA: 1, DAN: 1}

"""The web as its callers meet it on a real port."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.processes.running import scene

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


def test_connections_that_nobody_uses_keep_no_dispatcher_out(sqlite_url: str, tmp_path: Path) -> None:
    with scene(tmp_path, sqlite_url) as it, ExitStack() as idle:
        serve = it.start("serve", PAGER_ENGINE="off")
        for _ in range(300):
            idle.enter_context(socket.create_connection(("127.0.0.1", serve.port)))
        assert serve.trigger().status_code == 201

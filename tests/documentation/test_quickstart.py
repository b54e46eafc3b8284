"""The quickstart's commands, run as they stand there, on a port that is free: they end with an answered page."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from pager.demo.service import Demo, make_demo
from tests.browser.serving import free_port, served
from tests.documentation.pages import DOCS, ROOT, blocks

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

PATIENCE_SECONDS, LOOK_EVERY_SECONDS = 30.0, 0.1
START, PAGE, ANSWER, END, LOOK_BACK = (block.text for block in blocks(DOCS / "quickstart.md", "sh"))


class Terminal:
    """A terminal in the demonstration's folder. Only the port differs from what the page says."""

    def __init__(self, folder: Path, port: str) -> None:
        self._folder, self._port, self._assigned = folder, port, ""

    def type(self, commands: str) -> str:
        """Run what a block holds, with what earlier ones assigned, and return what it prints."""
        script = self._assigned + commands.replace(":8000", f":{self._port}")
        self._assigned = "".join(re.findall(r"^[A-Z]+=.*\n", script, flags=re.MULTILINE))
        run = ["bash", "-euo", "pipefail", "-c", script]
        return subprocess.run(run, cwd=self._folder, check=True, capture_output=True, text=True, timeout=60).stdout


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    demo = make_demo(free_port(), tmp_path / "instance")
    with served(demo.app, int(demo.url.rpartition(":")[2])):
        demo.start()
        yield demo
        demo.stop()


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(LOOK_EVERY_SECONDS)


def test_its_commands_lead_to_an_answered_page(demo: Demo, tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, demo.url.rpartition(":")[2])

    def tells(kind: str, responder: str | None) -> bool:
        events = json.loads(terminal.type(END.splitlines()[0] + "\n" + LOOK_BACK))["items"]
        return (kind, responder) in {(one["kind"], one["responder"]) for one in events}

    assert {page["state"] for page in json.loads(terminal.type(PAGE))["pages"]} == {"paging"}
    until(lambda: "On scene by" in requests.get(f"{demo.url}/sandbox/api/state", timeout=10).text)
    terminal.type(ANSWER)
    until(lambda: tells("acknowledged", "dcfs-ana"))
    assert json.loads(terminal.type(END))["state"] == "closed"
    assert tells("closed", None)


def test_its_first_command_starts_the_demonstration() -> None:
    said = subprocess.run(
        ["make", "--dry-run", "--no-print-directory", *START.split()[1:]],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert said.splitlines()[-1] == ".venv/bin/pager demo --port 8000"

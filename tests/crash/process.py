"""Starts the service as a process, and starts it again when it has died."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from pager.config import ROOT
from tests.crash.points import Kind, Point

# Below those that a system gives to outgoing connections: one of these could else take the port of a dead process.
PORTS = range(20_000, 30_000)


def free_port() -> int:
    while True:
        port = random.choice(PORTS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


class Service:
    """One process after another; the first dies at the first of `deaths`, the next at the second, the last never."""

    def __init__(
        self, folder: Path, port: int, clock: Path, settings: Mapping[str, str], deaths: Sequence[Point]
    ) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._folder, self._port, self._clock = folder, port, clock
        self._settings, self._deaths = settings, deaths
        self.processes: list[subprocess.Popen[bytes]] = []

    @property
    def is_dead(self) -> bool:
        return self.processes[-1].poll() is not None

    def start(self) -> None:
        """Start a process; it takes connections a moment later."""
        number = len(self.processes)
        death = self._deaths[number] if number < len(self._deaths) else None
        point = ["never", "0"] if death is None else [death.kind.value, str(death.number)]
        arguments = [str(self._port), str(self._clock), str(self._passed(number)), *point]
        with (self._folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.crash.service", *arguments],
                cwd=ROOT,
                # Nothing of this machine's settings reaches the service.
                env={"PATH": os.environ["PATH"], **self._settings},
                stdout=log,
                stderr=log,
            )
        self.processes.append(process)

    def stop(self) -> None:
        self.processes[-1].kill()
        self.processes[-1].wait()

    def passed(self, process: int = 0) -> Counter[Kind]:
        """Return how many points of each kind a process has passed."""
        return Counter(map(Kind, self._passed(process).read_text().split()))

    def exit_codes(self) -> list[int | None]:
        return [process.returncode for process in self.processes]

    def log(self) -> str:
        return (self._folder / "log").read_text()[-6_000:]

    def _passed(self, number: int) -> Path:
        return self._folder / f"passed-{number}"

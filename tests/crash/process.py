"""Starts the service as a process, and starts it again when it has died."""

from __future__ import annotations

import multiprocessing
import socket
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from tests.crash.points import Kind, Point
from tests.crash.service import Orders, run

# A process that has imported all of this and does nothing else is copied for each start: the imports take a second.
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["tests.crash.life"])
_ports: list[socket.socket] = []


def free_port() -> int:
    """Return a port that is nobody else's for as long as this process lives, also while nothing listens on it."""
    port = socket.socket()
    # Whoever wants to listen on it sets the same; a port that is just free is never one that is bound.
    port.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    port.bind(("127.0.0.1", 0))
    _ports.append(port)
    number: int = port.getsockname()[1]
    return number


class Service:
    """One process after another; the first dies at the first of `deaths`, the next at the second, the last never."""

    def __init__(self, folder: Path, orders: Orders, deaths: Sequence[Point]) -> None:
        self.url = f"http://127.0.0.1:{orders.port}"
        self.deaths = deaths
        self._folder, self._orders = folder, orders
        self._running: list[ForkServerProcess] = []

    @property
    def is_dead(self) -> bool:
        return self._running[-1].exitcode is not None

    def start(self) -> None:
        """Start a process; it takes connections a moment later. Only those may have died that were told to."""
        number = len(self._running)
        assert number <= len(self.deaths), f"a process died that was not told to\n{self.log()}"
        death = self.deaths[number] if number < len(self.deaths) else None
        orders = replace(self._orders, passed=self._passed(number), log=self._log, death=death)
        process = _processes.Process(target=run, args=(orders,), daemon=True)
        process.start()
        self._running.append(process)

    def stop(self) -> None:
        self._running[-1].kill()
        self._running[-1].join()

    def passed(self, process: int = 0) -> Counter[tuple[Kind, str]]:
        """Return what a process has passed, and how often."""
        lines = self._passed(process).read_text().splitlines()
        return Counter((Kind(kind), what) for kind, _, what in (line.partition(" ") for line in lines))

    def exit_codes(self) -> list[int | None]:
        return [process.exitcode for process in self._running]

    def log(self) -> str:
        return self._log.read_text()[-6_000:]

    @property
    def _log(self) -> Path:
        return self._folder / "log"

    def _passed(self, number: int) -> Path:
        return self._folder / f"passed-{number}"

"""A line to a server that can be cut and mended: what is at one end of it loses the server, and nobody else does."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, Thread

PIECE = 65_536


class Line:
    """A port of this machine that leads to a Unix socket. While it is cut, every connection ends as it begins."""

    def __init__(self, target: Path) -> None:
        self._target = str(target)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._guard = Lock()
        self._ends: set[socket.socket] = set()
        self._is_cut = False
        Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """End every connection; what is on its way is lost."""
        with self._guard:
            self._is_cut = True
            for end in self._ends:
                _shut(end)

    def mend(self) -> None:
        with self._guard:
            self._is_cut = False

    def close(self) -> None:
        """Cut it for good."""
        self.cut()
        _shut(self._listener)
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                near, _ = self._listener.accept()
                self._lead_on(near)

    def _lead_on(self, near: socket.socket) -> None:
        far = socket.socket(socket.AF_UNIX)
        with self._guard:
            try:
                if self._is_cut:
                    raise ConnectionRefusedError
                far.connect(self._target)
            except OSError:  # the server itself may be away
                near.close()
                far.close()
                return
            self._ends |= {near, far}
        for one, other in ((near, far), (far, near)):
            Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        """Carry what comes in at one end to the other, until either of them is gone."""
        with contextlib.suppress(OSError):
            while piece := one.recv(PIECE):
                other.sendall(piece)
        _shut(one)
        _shut(other)
        with self._guard:
            self._ends.discard(one)
        one.close()


def _shut(end: socket.socket) -> None:
    with contextlib.suppress(OSError):  # it is closed already
        end.shutdown(socket.SHUT_RDWR)


@contextmanager
def line_to(target: Path) -> Iterator[Line]:
    """Give a line to a Unix socket, for as long as the block lasts."""
    line = Line(target)
    try:
        yield line
    finally:
        line.close()

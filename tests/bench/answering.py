"""What the carrier of a benchmark does in its own process: `python -m tests.bench.answering` prints where it listens.

Written on bare connections: a framework would take as much of the machine's time as the service that is measured.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from pager.clock import SystemClock
from pager.sandbox.sandbox import Sandbox
from tests.crash.life import ACCOUNT, ANA, OURS

NO_MESSAGES = json.dumps({"messages": [], "next_page_uri": None, "page": 0, "page_size": 50}).encode()
HEAD = b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


@dataclass
class Books:
    """What was asked for: when, under which id, and its form; and how long each answer is to wait.

    `resource` is a message as the carrier shows it, with `sid` for its id.
    """

    resource: bytes
    sid: bytes
    taken: list[tuple[float, str, str]] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=count)
    pause_seconds: float = 0.0

    def answer(self, method: bytes, path: bytes, body: bytes) -> tuple[float, bytes, bytes]:
        """Return after how many seconds to answer, with which status, and what."""
        if path.startswith(b"/bench/"):
            return 0.0, b"200 OK", self._steer(path.removeprefix(b"/bench/").decode())
        if method != b"POST":
            return 0.0, b"200 OK", NO_MESSAGES
        sid = f"SM{next(self.numbers):032x}"
        self.taken.append((time.time(), sid, body.decode()))
        return self.pause_seconds, b"201 CREATED", self.resource.replace(self.sid, sid.encode())

    def _steer(self, what: str) -> bytes:
        name, _, number = what.partition("/")
        if name == "forget":
            self.taken.clear()
        elif name == "pause":
            self.pause_seconds = int(number) / 1000
        return json.dumps(self.taken if name == "taken" else len(self.taken)).encode()


class _Connection(asyncio.Protocol):
    """One connection that is kept open; nobody sends a second request on it before the answer to the first."""

    def __init__(self, books: Books) -> None:
        self._books, self._unread = books, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._unread += data
        head, end, body = self._unread.partition(b"\r\n\r\n")
        if not end or len(body) < _content_length(head):
            return
        self._unread = b""
        method, path, _ = head.split(b" ", 2)
        pause, status, answer = self._books.answer(method, path, body)
        answering = HEAD % (status, len(answer)) + answer
        if pause:
            asyncio.get_running_loop().call_later(pause, self._transport.write, answering)
        else:
            self._transport.write(answering)


def _content_length(head: bytes) -> int:
    _, found, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0]) if found else 0


def _books() -> Books:
    """Return empty books, with an answer as the carrier in a box makes it."""
    sandbox = Sandbox(SystemClock(), ACCOUNT, "http://pager.test")
    resource = sandbox.create_message({"To": ANA, "From": OURS, "Body": "x" * 150})
    return Books(json.dumps(resource).encode(), resource["sid"].encode())


async def _serve() -> None:
    books = _books()
    server = await asyncio.get_running_loop().create_server(lambda: _Connection(books), "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    sys.stdout.write(f"http://{host}:{port}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve())

"""The real `pager serve` and `pager worker` as processes, by the real clock, with a carrier in the test's own process.

`with scene(folder, database_url) as it:` gives a county to page; `it.start("serve")` and `it.start("worker")` start
as many processes as wanted on its database. The test must allow the host 127.0.0.1.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import requests
from flask import Flask

from pager.adapters.directory_file import read_directory
from pager.app import make_context, open_store
from pager.clock import SystemClock
from pager.config import ROOT, SETTINGS, read_settings
from pager.domain.api_key import ApiKey, Scope, hash_secret
from pager.lifecycle.load import load
from pager.lifecycle.turn import writing
from pager.sandbox.carrier import carrier_blueprint
from pager.sandbox.runner import Runner
from pager.sandbox.sandbox import Sandbox
from tests.browser.serving import served
from tests.crash.life import ACCOUNT, ANA, API_KEY, CALLBACK, SAYS, settings_of
from tests.crash.process import free_port

FILES = Path(__file__).parent
PAGER = Path(sys.executable).with_name("pager")
DAN = "+12135550111"
# Who is paged by an encounter, and how often.
ONCE = Counter([ANA, DAN])
FALLBACK = "Nobody has been paged. Telephone the agencies by the list in the drawer."
# Said by each command once it does its work.
READY = {"serve": "pager listens on", "worker": "pager's engine runs"}
# Waits end when what they wait for has come; so long only where it never does.
PATIENCE_SECONDS, LOOK_EVERY_SECONDS, ANSWER_WITHIN_SECONDS = 90.0, 0.02, 60.0

Found = TypeVar("Found")


def until(is_so: Callable[[], Found], what: str, more: Callable[[], str] = str) -> Found:
    """Wait for something and return it; where it never comes, `what` and `more` are told."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := is_so()):
        assert time.monotonic() < deadline, f"never came: {what}\n{more()}"
        time.sleep(LOOK_EVERY_SECONDS)
    return found


@dataclass
class Process:
    """One `pager serve` or `pager worker`, which can end and be started again. Its log is kept over all its starts."""

    command: str
    port: int
    settings: Mapping[str, str]
    log_file: Path
    _popen: subprocess.Popen[bytes] | None = None
    _log_begins: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self._popen is not None, "it was never started"
        return self._popen.pid

    @property
    def is_running(self) -> bool:
        return self._popen is not None and self._popen.poll() is None

    def begin(self) -> None:
        """Start the command, and do not wait for it."""
        port = ["--port", str(self.port)] if self.command == "serve" else []
        self._log_begins = len(self.log())
        with self.log_file.open("ab") as log:
            # An empty setting counts as not given, and hides what a `.env` in the project would say.
            env = {"PATH": os.environ["PATH"], **dict.fromkeys(SETTINGS, ""), **self.settings}
            self._popen = subprocess.Popen([PAGER, self.command, *port], cwd=ROOT, env=env, stdout=log, stderr=log)

    def ready(self) -> None:
        """Wait until it does its work."""
        until(self._is_ready, f"{self.command}, ready", self.log)

    def _is_ready(self) -> bool:
        assert self.is_running, f"{self.command} has ended; it said:\n{self.log()[-4_000:]}"
        return READY[self.command] in self.log()[self._log_begins :]

    def start(self) -> None:
        self.begin()
        self.ready()

    def kill(self) -> None:
        """End it as a crash does: no handler runs, nothing is put in order."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end, and wait until it has."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self._popen is not None:
            self._popen.send_signal(how)
            self._popen.wait(PATIENCE_SECONDS)

    def pause(self) -> None:
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    @contextmanager
    def writing_no_further_than(self, size: int) -> Iterator[None]:
        """Let no write of this process end beyond `size` bytes of any file, for as long as the block lasts."""
        _, most = resource.prlimit(self.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self.pid, resource.RLIMIT_FSIZE, (size, most))
        try:
            yield
        finally:
            resource.prlimit(self.pid, resource.RLIMIT_FSIZE, (most, most))

    def log(self) -> str:
        return self.log_file.read_text() if self.log_file.exists() else ""

    def ask(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> requests.Response:
        """Ask with the test's API key; raises requests.RequestException where no answer comes."""
        return requests.request(
            method,
            self.url + path,
            json=body,
            headers={"Authorization": f"Bearer {API_KEY}", **(headers or {})},
            timeout=ANSWER_WITHIN_SECONDS,
        )

    def trigger(self, idempotency_key: str | None = None) -> requests.Response:
        headers = None if idempotency_key is None else {"Idempotency-Key": idempotency_key}
        body = {"station": "compton", "callback": CALLBACK, "updates": "none"}
        return self.ask("POST", "/api/v1/encounters", body, headers)

    def is_live(self) -> bool:
        """Tell whether it calls itself alive; False where it does not answer."""
        try:
            return self.ask("GET", "/livez").status_code == 200
        except requests.ConnectionError:
            return False

    def health(self) -> dict[str, Any]:
        health: dict[str, Any] = self.ask("GET", "/healthz").json()
        return health


@dataclass
class Scene:
    """A county on a database, and a carrier; the carrier's webhooks go to the first `serve` that is started."""

    folder: Path
    settings: Mapping[str, str]
    sandbox: Sandbox
    port: int
    processes: list[Process] = field(default_factory=list)

    def start(self, command: str, **settings: str) -> Process:
        """Start a process, these settings over the scene's own, and wait until it does its work."""
        is_first = command == "serve" and all(one.command != "serve" for one in self.processes)
        log_file = self.folder / f"{command}-{len(self.processes)}.log"
        port = self.port if is_first else free_port()
        self.processes.append(Process(command, port, {**self.settings, **settings}, log_file))
        self.processes[-1].start()
        return self.processes[-1]

    @property
    def database_url(self) -> str:
        return self.settings["PAGER_DATABASE_URL"]

    def told(self) -> list[tuple[str, str]]:
        """Return all messages that the carrier took, in order: to whom, and their text."""
        taken = [
            line["form"]
            for line in self.sandbox.ledger()
            if (line["kind"], line.get("method"), line.get("status")) == ("request", "POST", 201)
        ]
        return [(form["To"], form.get("Body", "")) for form in taken]

    def gists(self, reference: str) -> list[tuple[str, str]]:
        """Return what was told about one encounter, in order: to whom, and what it was (see SAYS)."""
        about = [(to, text) for to, text in self.told() if reference in text]
        return [(to, what) for to, text in about for what, words in SAYS.items() if words in text]

    def paged(self, reference: str) -> Counter[str]:
        """Return who was sent a page of this encounter, and how often."""
        return Counter(to for to, what in self.gists(reference) if what == "page")

    def until(self, is_so: Callable[[], Found], what: str) -> Found:
        """Wait for something and return it; where it never comes, what all processes logged is told."""
        return until(is_so, what, self.logs)

    def rest(self, serve: Process) -> None:
        """Wait until nothing is due, on its way or unknown, by what one that serves tells.

        It is asked twice: what goes back into the queue while it looks may not be due yet by its `now`.
        """

        def is_calm() -> bool:
            return serve.health().get("oldest_unsent_seconds", "unknown") is None

        self.until(lambda: is_calm() and is_calm(), "rest")

    def logs(self) -> str:
        return "\n".join(f"--- {one.log_file.name}\n{one.log()[-4_000:]}" for one in self.processes)


@contextmanager
def scene(folder: Path, database_url: str, **settings: str) -> Iterator[Scene]:
    """Fill an empty database at the newest schema with a county and an API key, and serve a carrier for it.

    `settings` are for all processes. Whatever was started ends with the block.
    """
    port = free_port()
    sandbox = Sandbox(SystemClock(), ACCOUNT, f"http://127.0.0.1:{port}")
    carrier = Flask("carrier")
    carrier.register_blueprint(carrier_blueprint(sandbox))
    runner = Runner(sandbox)
    with served(carrier) as carrier_url:
        own = {
            "PAGER_DATABASE_URL": database_url,
            "PAGER_POLICIES": str(FILES / "policies"),
            "PAGER_FALLBACK_TEXT": FALLBACK,
        }
        it = Scene(folder, {**settings_of(folder, port, carrier_url), **own, **settings}, sandbox, port)
        _fill(it.settings)
        runner.start()
        try:
            yield it
        finally:
            for process in it.processes:
                process.kill()
            runner.stop()


def _fill(settings: Mapping[str, str]) -> None:
    read = read_settings(settings)
    store = open_store(read)
    context = make_context(read, store)
    directory = read_directory(
        FILES / "county.yaml",
        region=read.region,
        timezone=read.timezone.key,
        policies=context.policies.names(),
        now=context.clock.now(),
    )
    load(context, directory)
    with writing(context) as turn:
        turn.work.keys.add(ApiKey("tests", Scope.ADMIN, frozenset(), hash_secret(API_KEY), turn.now))
    store.engine.dispose()

"""What the play is given on: a database server, a carrier, one process that serves the web and three that page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask, request

from pager.adapters.db.session import SqlStore
from pager.adapters.directory_file import read_directory
from pager.app import make_context, open_store
from pager.clock import SystemClock
from pager.config import read_settings
from pager.domain.api_key import ApiKey, Scope, hash_secret
from pager.lifecycle.load import load
from pager.lifecycle.turn import writing
from pager.sandbox import switchboard
from pager.sandbox.carrier import carrier_blueprint
from pager.sandbox.records import LIFELIKE
from pager.sandbox.runner import Runner
from pager.sandbox.sandbox import Sandbox
from tests.browser.serving import served
from tests.chaos.county import write_county
from tests.crash.life import ACCOUNT, API_KEY, settings_of
from tests.crash.process import free_port
from tests.processes.postgresql import Cluster
from tests.processes.running import Process

POLICIES = Path(__file__).parent / "policies"
WEB, WORKERS = "web", ("worker-1", "worker-2", "worker-3")
RUNNERS = 6  # the carrier posts several webhooks at once
EVERY_LINE = 2_000_000


@dataclass
class Stage:
    """`asking` counts the requests that each process has at the carrier at this moment."""

    cluster: Cluster
    store: SqlStore
    sandbox: Sandbox
    clock: SystemClock
    asking: Counter[str]
    processes: dict[str, Process] = field(default_factory=dict)

    @property
    def web(self) -> Process:
        return self.processes[WEB]


@contextmanager
def stage(cluster: Cluster, folder: Path) -> Iterator[Stage]:
    """Put everything up, all processes at work; whatever was started ends with the block."""
    cluster.execute("ALTER SYSTEM SET track_commit_timestamp = on")
    with cluster.away("fast"):
        pass  # it reads that when it starts
    switchboard.LEDGER_LENGTH = EVERY_LINE  # nothing is forgotten that is to be judged
    clock, port = SystemClock(), free_port()
    sandbox = Sandbox(clock, ACCOUNT, f"http://127.0.0.1:{port}", pace=LIFELIKE)
    asking: Counter[str] = Counter()
    runners = [Runner(sandbox) for _ in range(RUNNERS)]
    with served(_carrier(sandbox, asking)) as carrier_url:
        settings = {
            **settings_of(folder, port),
            "PAGER_DATABASE_URL": cluster.new_database(),
            "PAGER_POLICIES": str(POLICIES),
        }
        it = Stage(cluster, open_store(read_settings(settings)), sandbox, clock, asking)
        _fill(it, settings, write_county(folder / "county.yaml"))
        for name in (WEB, *WORKERS):
            own = {"TWILIO_API_URL": f"{carrier_url}/{name}", "PAGER_ENGINE": "off" if name == WEB else "on"}
            command = "serve" if name == WEB else "worker"
            it.processes[name] = Process(command, port, {**settings, **own}, folder / f"{name}.log")
        try:
            for process in it.processes.values():
                process.start()
            for runner in runners:
                runner.start()
            yield it
        finally:
            for process in it.processes.values():
                process.kill()
            for runner in runners:
                runner.stop()
            it.store.engine.dispose()


def _carrier(sandbox: Sandbox, asking: Counter[str]) -> Flask:
    """Return the carrier with an address for each process, so that its ledger tells who asked."""
    carrier = Flask("carrier")
    for name in (WEB, *WORKERS):
        carrier.register_blueprint(carrier_blueprint(sandbox), url_prefix=f"/{name}", name=name)

    @carrier.before_request
    def begin() -> None:
        asking[request.path.split("/")[1]] += 1

    @carrier.teardown_request
    def end(_: BaseException | None) -> None:
        asking[request.path.split("/")[1]] -= 1

    return carrier


def _fill(it: Stage, settings: Mapping[str, str], county: Path) -> None:
    read = read_settings(settings)
    context = make_context(read, it.store, it.clock)
    directory = read_directory(
        county, region=read.region, timezone=read.timezone.key, policies=context.policies.names(), now=it.clock.now()
    )
    load(context, directory)
    with writing(context) as turn:
        turn.work.keys.add(ApiKey("chaos", Scope.ADMIN, frozenset(), hash_secret(API_KEY), turn.now))

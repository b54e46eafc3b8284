"""One encounter from its opening to its end, told by what the carrier did, while the service dies as planned."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

import requests
from flask import Flask

from pager.adapters.directory_file import read_directory
from pager.app import make_context, open_store
from pager.config import read_settings
from pager.domain.api_key import ApiKey, Scope, hash_secret
from pager.domain.delivery import DeliveryState
from pager.domain.timeline import verify
from pager.lifecycle.load import load
from pager.lifecycle.tick import LEASE
from pager.lifecycle.turn import reading, writing
from pager.sandbox.carrier import carrier_blueprint
from pager.sandbox.records import Account
from pager.sandbox.runner import post_over_http
from pager.sandbox.sandbox import Sandbox
from tests.browser.serving import served
from tests.clock import START, FakeClock
from tests.crash.clock import FileClock
from tests.crash.points import Point
from tests.crash.process import Service, free_port
from tests.crash.service import Orders

FILES = Path(__file__).parent
OURS, CALLBACK = "+12135550190", "+13105550100"
ANA, BEN = "+12135550101", "+12135550102"
ACCOUNT = Account("AC" + "0" * 32, "sandbox-token", (OURS,))
API_KEY = "key-of-the-tests"
# Longer than the minute after which the service looks for what it was not told, on a machine that is busy.
PATIENCE_SECONDS, LOOK_EVERY_SECONDS, ANSWER_WITHIN_SECONDS = 90.0, 0.02, 60.0
A_BEAT = timedelta(seconds=3)

# What each message says that no other does.
SAYS = {
    "page": "Reply ACK (ACK 25",
    "confirmation": "you go to",
    "standby": "standby,",
    "stand-down": "responder is coming",
    "arrival": "you are on scene",
    "end": "the encounter is closed",
}
Told = Counter[tuple[str, str]]
# What a life without a fault brings to the telephones, and every other life too.
EXPECTED: Told = Counter(
    [
        (ANA, "page"),
        (ANA, "call"),
        (BEN, "page"),
        (BEN, "confirmation"),
        (ANA, "stand-down"),
        (BEN, "arrival"),
        (BEN, "end"),
    ]
)


def settings_of(folder: Path, port: int = 1, carrier: str = "") -> dict[str, str]:
    return {
        "PAGER_DATABASE_URL": f"sqlite:///{folder / 'pager.db'}",
        "PAGER_SECRET_KEY": "secret",
        "PAGER_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "PAGER_POLICIES": str(FILES / "policies"),
        # The clock stands still until it is moved: at any rate a second message would wait for ever.
        "PAGER_MESSAGES_PER_SECOND": "0",
        "PAGER_CALLS_PER_SECOND": "0",
        "TWILIO_ACCOUNT_SID": ACCOUNT.sid,
        "TWILIO_AUTH_TOKEN": ACCOUNT.token,
        "TWILIO_FROM": OURS,
        "TWILIO_API_URL": carrier,
    }


def prepare(url: str, folder: Path) -> None:
    """Fill an empty database with the directory and an API key."""
    settings = read_settings(settings_of(folder) | {"PAGER_DATABASE_URL": url})
    store = open_store(settings)
    context = make_context(settings, store, FakeClock())
    directory = read_directory(
        FILES / "county.yaml",
        region=settings.region,
        timezone=settings.timezone.key,
        policies=context.policies.names(),
        now=START,
    )
    load(context, directory)
    with writing(context) as turn:
        turn.work.keys.add(ApiKey("tests", Scope.ADMIN, frozenset(), hash_secret(API_KEY), turn.now))
    store.engine.dispose()


@dataclass
class Ended:
    """What is left when an encounter has ended: what the carrier did, in order, and what the database keeps."""

    told: list[tuple[str, str]]
    service: Service
    unfinished: int
    broken: object
    acknowledged_after: int  # how many of `told` came before the acknowledgement


def live(url: str, folder: Path, deaths: Sequence[Point] = ()) -> Ended:
    """Live one life on a prepared database, the service dying at `deaths`, each in a process of its own."""
    folder.mkdir()
    clock = FileClock(folder / "clock")
    clock.set(START)
    port = free_port()
    sandbox = Sandbox(clock, ACCOUNT, f"http://127.0.0.1:{port}")
    carrier = Flask("carrier")
    carrier.register_blueprint(carrier_blueprint(sandbox))
    with served(carrier) as carrier_url, requests.Session() as session:
        sandbox.post = post_over_http(session)
        settings = settings_of(folder, port, carrier_url) | {"PAGER_DATABASE_URL": url}
        service = Service(folder, Orders(port, clock.path, settings, gist), deaths)
        service.start()
        try:
            return _Life(settings, clock, sandbox, service, session).run()
        finally:
            service.stop()


class _Life:
    """Plays dispatcher, responders and time, each step once the one before is known to be done."""

    def __init__(
        self,
        settings: Mapping[str, str],
        clock: FileClock,
        sandbox: Sandbox,
        service: Service,
        session: requests.Session,
    ) -> None:
        self.settings, self.clock, self.sandbox, self.service, self.session = settings, clock, sandbox, service, session
        self.reference, self.opened_at = "", START
        self._never = Event()

    def run(self) -> Ended:
        self.until(self.opens)
        self.until(lambda: self.has_told(ANA, "page"))
        self.pass_to(timedelta(minutes=2))
        self.until(self.is_taken_by_voicemail)
        self.pass_to(timedelta(minutes=6))
        self.until(lambda: self.has_told(BEN, "page"))
        self.rest()
        acknowledged_after = len(self.told())
        self.sandbox.reply(BEN, OURS, "ACK 25")
        self.until(lambda: self.has_told(BEN, "confirmation") and self.has_told(ANA, "stand-down"))
        self.pass_to(timedelta(minutes=12))  # past the next rung, had there been no answer
        self.beat()
        self.sandbox.reply(BEN, OURS, "HERE")
        self.until(lambda: self.has_told(BEN, "arrival"))
        self.rest()
        self.until(self.closes)
        self.until(lambda: self.has_told(BEN, "end"))
        self.rest()
        self.beat()
        return self._ended(acknowledged_after)

    # The dispatcher.

    def opens(self) -> bool:
        body = {"station": "compton", "callback": CALLBACK, "updates": "none"}
        answer = self.ask("POST", "/api/v1/encounters", body, {"Idempotency-Key": "one"})
        if answer is None or answer.status_code not in (200, 201):
            return False
        self.reference = answer.json()["reference"]
        self.opened_at = datetime.fromisoformat(answer.json()["opened_at"])
        return True

    def closes(self) -> bool:
        answer = self.ask("POST", f"/api/v1/encounters/{self.reference}/close", {})
        return answer is not None and answer.status_code == 200

    def ask(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> requests.Response | None:
        """Ask the service; None where it gives no answer."""
        try:
            return self.session.request(
                method,
                self.service.url + path,
                json=body,
                headers={"Authorization": f"Bearer {API_KEY}", **(headers or {})},
                timeout=ANSWER_WITHIN_SECONDS,
            )
        except requests.RequestException:
            return None

    # The telephones.

    def is_taken_by_voicemail(self) -> bool:
        """Let a machine answer Ana's telephone, which proves nothing, once it rings."""
        call = self.sandbox.open_call(ANA)
        if call is None:
            return False
        self.sandbox.voicemail(call)
        self.sandbox.settle()
        if self.sandbox.open_call(ANA):
            self.sandbox.hang_up(call)
        return True

    def told(self) -> list[tuple[str, str]]:
        """Return all that the carrier took from the service, in order: to whom, and what it said."""
        taken = [
            line
            for line in self.sandbox.ledger()
            if (line["kind"], line.get("method"), line.get("status")) == ("request", "POST", 201)
        ]
        return [(line["form"]["To"], gist(line["form"].get("Body"))) for line in taken]

    def has_told(self, number: str, what: str) -> bool:
        return (number, what) in self.told()

    # Time.

    def until(self, is_so: Callable[[], bool]) -> None:
        """Wait for something; meanwhile the carrier does its work and a dead service is started again."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            if self.service.is_dead:
                self.clock.move(LEASE + A_BEAT)
                self.service.start()
            self.sandbox.settle()
            if is_so():
                return
            assert time.monotonic() < deadline, f"it did not go on; told: {self.told()}\n{self.service.log()}"
            self._never.wait(LOOK_EVERY_SECONDS)

    def rest(self) -> None:
        """Wait until nothing is due or on its way."""
        self.until(lambda: self.vital("oldest_unsent_seconds") is None)

    def beat(self) -> None:
        """Let the engine look twice: once its second beat is noted, the first one has done all that was due."""
        for _ in range(2):
            self.clock.move(A_BEAT)
            self.until(lambda: self.vital("engine_lag_seconds") == 0)
        self.rest()

    def pass_to(self, after: timedelta) -> None:
        """Come to rest, then let it be so long after the opening."""
        self.rest()
        self.clock.set(self.opened_at + after)

    def vital(self, name: str) -> object:
        """Return what the service tells of its health; a name that is no vital sign where it does not answer."""
        answer = self.ask("GET", "/healthz")
        return "unknown" if answer is None else answer.json().get(name, "unknown")

    def _ended(self, acknowledged_after: int) -> Ended:
        settings = read_settings(self.settings)
        store = open_store(settings)
        with reading(make_context(settings, store, self.clock)) as turn:
            encounter = turn.work.encounters.find(self.reference)
            assert encounter is not None
            events = turn.work.timeline.of(encounter.id)
            broken = verify(events, encounter.timeline_length, encounter.timeline_head)
            states = [one.state for one in turn.work.deliveries.of_encounter(encounter.id)]
        store.engine.dispose()
        unfinished = states.count(DeliveryState.QUEUED) + states.count(DeliveryState.SENDING)
        return Ended(self.told(), self.service, unfinished, broken, acknowledged_after)


def gist(body: str | None) -> str:
    """Return what a message is, "call" where there is none; what is not known here as it stands."""
    if body is None:
        return "call"
    return next((what for what, words in SAYS.items() if words in body), body)

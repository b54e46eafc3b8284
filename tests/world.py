"""The whole service in one process without a socket: the real SDK, the sandbox carrier, a clock that tests move."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask

from pager.adapters.db.session import SqlStore, open_database
from pager.adapters.directory_file import read_directory
from pager.adapters.phone_numbers import number_reader
from pager.adapters.policy_files import PolicyFolder
from pager.adapters.sealing import Sealer, make_sealer
from pager.adapters.twilio.carrier import TwilioCarrier
from pager.adapters.twilio.webhooks import create_webhooks
from pager.config import ROOT
from pager.domain.api_key import ApiKey, Scope, hash_secret
from pager.domain.delivery import Delivery
from pager.domain.policy import Policy
from pager.domain.rate import Rates
from pager.domain.reference import ALPHABET
from pager.domain.timeline import Event
from pager.domain.trigger_request import read_trigger
from pager.lifecycle.close import cancel
from pager.lifecycle.load import load
from pager.lifecycle.overview import Overview, overview
from pager.lifecycle.record import record
from pager.lifecycle.resolve import resolve
from pager.lifecycle.send import send
from pager.lifecycle.tick import Beat
from pager.lifecycle.trigger import Triggered, trigger
from pager.lifecycle.turn import Context, reading
from pager.sandbox.bridge import BridgedHttpClient, post_into
from pager.sandbox.carrier import carrier_blueprint
from pager.sandbox.records import Account
from pager.sandbox.sandbox import Sandbox
from tests.clock import FakeClock

PUBLIC_URL = "http://pager.test"
CARRIER_URL = "http://carrier.test"
OURS = "+12135550190"
CALLBACK = "+13105550100"
ALARM = "+13105550199"
OURS_TOO = "+12135550191"
ACCOUNT = Account("AC" + "0" * 32, "sandbox-token", (OURS, OURS_TOO))
COUNTY = ROOT / "tests" / "county.yaml"
UNLIMITED = Rates(messages=0, calls=0)
LONGEST_STEP = timedelta(minutes=1)


@dataclass
class DirectOutbox:
    """Sends at once and records at once."""

    context: Context
    carrier: TwilioCarrier
    room: int = 1_000
    sent: int = 0

    @property
    def is_carrier_ok(self) -> bool:
        return self.carrier.is_authorised

    def put(self, deliveries: Sequence[Delivery], begin_before: datetime) -> None:
        self.sent += len(deliveries)
        for delivery in deliveries:
            record(self.context, [send(self.context, self.carrier, delivery, begin_before)])

    def put_unknown(self, deliveries: Sequence[Delivery]) -> None:
        self.sent += len(deliveries)
        for delivery in deliveries:
            record(self.context, [resolve(self.context, self.carrier, delivery)])


def policy_of(*agencies: str, window: timedelta | None = None) -> dict[str, Policy]:
    """Return the default policy with these agencies alone, for a world in which less happens at once.

    `window` is another time in which they must be there.
    """
    policy = PolicyFolder(ROOT / "escalation_policies").get("first-responder")
    assert policy is not None
    plans = tuple(plan for plan in policy.agencies if plan.agency in agencies)
    follow_ups = tuple(plan for plan in policy.follow_ups if plan.agency in agencies)
    return {policy.name: replace(policy, agencies=plans, follow_ups=follow_ups, window=window or policy.window)}


@dataclass
class World:
    """One county with its telephones. `policies` stands in for the policy files of the repository."""

    url: str
    policies: dict[str, Policy] | None = None
    county: Path = COUNTY
    senders: tuple[str, ...] = (OURS,)
    rates: Rates = UNLIMITED
    sealer: Sealer = field(default_factory=lambda: make_sealer([], "secret"))
    clock: FakeClock = field(default_factory=FakeClock)

    def __post_init__(self) -> None:
        self.store = SqlStore(open_database(self.url), sealer=self.sealer, uses_database_time=False)
        self.sandbox = Sandbox(self.clock, ACCOUNT, PUBLIC_URL)
        self.context = self._context()
        self.app = Flask("pager-in-tests")
        self.app.register_blueprint(create_webhooks(self.context, auth_tokens=[ACCOUNT.token], public_url=PUBLIC_URL))
        self.sandbox.post = post_into(self.app)
        self.carrier = self._carrier()
        self.outbox = DirectOutbox(self.context, self.carrier)
        self.beat = Beat(self.context, self.outbox, engine_id="test")
        self.load(self.county)
        self.next_due_at = self.beat.tick()

    def close(self) -> None:
        self.store.engine.dispose()

    def _context(self) -> Context:
        tokens = count(1)
        references, codes = iter(_references()), count(1)
        return Context(
            store=self.store,
            clock=self.clock,
            policies=GivenPolicies(self.policies) if self.policies else PolicyFolder(ROOT / "escalation_policies"),
            read_number=number_reader("US"),
            zone=ZoneInfo("America/Los_Angeles"),
            senders=self.senders,
            rates=self.rates,
            alarm_to=(ALARM,),
            fallback_text="Telephone the agencies by the printed list.",
            choose=lambda of: next(references) if of == ALPHABET else of[next(codes) % len(of)],
            make_token=lambda: f"token{next(tokens)}",
        )

    def _carrier(self) -> TwilioCarrier:
        carrier_app = Flask("carrier")
        carrier_app.register_blueprint(carrier_blueprint(self.sandbox))
        return TwilioCarrier(
            ACCOUNT.sid, (ACCOUNT.token,), PUBLIC_URL, lambda: BridgedHttpClient(CARRIER_URL, carrier_app)
        )

    def cancel(self, reference: str) -> None:
        cancel(self.context, reference, None)
        self.settle()

    def load(self, path: Path, *, prune: bool = False) -> None:
        file = read_directory(
            path,
            region="US",
            timezone="America/Los_Angeles",
            policies=self.context.policies.names(),
            now=self.clock.now(),
        )
        load(self.context, file, prune=prune)

    def api_key(self) -> int:
        """Make a key of the API and return its id."""
        with self.store.writing() as work:
            key = ApiKey("tests", Scope.ADMIN, frozenset(), hash_secret("secret"), self.clock.now())
            work.keys.add(key)
            work.flush()
            return key.id

    # What people do.

    def trigger(
        self, station: str = "compton", callback: str = CALLBACK, *, settle: bool = True, **more: Any
    ) -> Triggered:
        """Open an encounter and, with `settle`, let what follows at once happen."""
        triggered = trigger(self.context, read_trigger({"station": station, "callback": callback, **more}))
        if settle:
            self.settle()
        return triggered

    def text(self, number: str, words: str) -> None:
        """Answer by SMS to the number that pages."""
        self.sandbox.reply(number, OURS, words)
        self.settle()

    def pick_up(self, number: str) -> str:
        """Answer the ringing telephone and return the call."""
        call = self.sandbox.open_call(number)
        assert call is not None, f"{number} does not ring"
        self.sandbox.answer(call)
        self.settle()
        return call

    def press(self, number: str, keys: str) -> None:
        """Press keys on the telephone's call, answering it first where it rings."""
        call = self.sandbox.open_call(number)
        if call is None or self.sandbox.show_call(call)["status"] == "ringing":
            call = self.pick_up(number)
        self.sandbox.press(call, keys)
        self.settle()

    # Time.

    def settle(self) -> None:
        """Let everything happen that is due at this instant."""
        for _ in range(50):
            sent_before = self.outbox.sent
            self.next_due_at = self.beat.tick()
            if not self.sandbox.settle() and self.outbox.sent == sent_before:
                return
        raise AssertionError("the service never comes to rest")

    def pass_time(self, by: timedelta) -> None:
        """Move the clock, stopping wherever something is due."""
        end = self.clock.now() + by
        while (now := self.clock.now()) < end:
            stop = min(end, now + LONGEST_STEP)
            for due_at in (self.next_due_at, self.sandbox.next_due_at):
                if due_at is not None and now < due_at < stop:
                    stop = due_at
            self.clock.move(stop - now)
            self.settle()

    # What can be seen.

    def overview(self, reference: str) -> Overview:
        with reading(self.context) as turn:
            encounter = turn.work.encounters.find(reference)
            assert encounter is not None
            return overview(turn, encounter)

    def page(self, triggered: Triggered, agency: str) -> Any:
        pages = self.overview(triggered.overview.encounter.reference).pages
        return next(page for page in pages if page.agency == agency)

    def timeline(self, triggered: Triggered, agency: str | None = None) -> list[Event]:
        with reading(self.context) as turn:
            events = turn.work.timeline.of(triggered.overview.encounter.id)
        return [event for event in events if agency is None or event.agency == agency]

    def deliveries(self, triggered: Triggered) -> Sequence[Delivery]:
        with reading(self.context) as turn:
            return turn.work.deliveries.of_encounter(triggered.overview.encounter.id)

    def messages(self, number: str) -> list[str]:
        """Return the texts that a telephone has received, oldest first."""
        found = self.sandbox.list_messages({"To": number, "PageSize": "1000"})["messages"]
        return [message["body"] for message in reversed(found)]

    def heard(self, number: str) -> str:
        """Return what a telephone's calls have said so far, the present one last."""
        telephones = [one for group in self.sandbox.state()["groups"] for one in group["telephones"]]
        telephone = next(one for one in telephones if one["number"] == number)
        calls = [*reversed(telephone["past_calls"]), *filter(None, [telephone["call"]])]
        return " ".join(words for call in calls for words in call["heard"])

    def calls(self, number: str) -> int:
        """Return how often a telephone was called."""
        return len(self.sandbox.list_calls({"To": number, "PageSize": "1000"})["calls"])


def _references() -> list[str]:
    """Return the characters of many references that are all different."""
    return [character for first in ALPHABET for second in ALPHABET for character in f"7{first}{second}QD"]


@dataclass
class GivenPolicies:
    """Policies that a test gives instead of files."""

    policies: dict[str, Policy]

    def get(self, name: str) -> Policy | None:
        return self.policies.get(name)

    def stand_in(self) -> Policy:
        return next(iter(self.policies.values()))

    def names(self) -> Collection[str]:
        return self.policies.keys()

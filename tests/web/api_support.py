"""A small county, its keys, and a service whose database, clock and policies the tests hold in their hands."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from flask_openapi3.openapi import OpenAPI
from werkzeug.test import TestResponse

from pager.adapters.db.session import SqlStore
from pager.adapters.db.statistics import count
from pager.adapters.web.description import new_app
from pager.adapters.web.register import register_api
from pager.domain.api_key import ApiKey, Scope, hash_secret
from pager.domain.directory import Agency, Channel, Responder, Station
from pager.domain.policy import Acknowledgement, AgencyPlan, Audience, FollowUpPlan, Policy, Repeat, Rung
from pager.domain.rate import Rates
from pager.domain.roster import Shift, Tier
from pager.lifecycle.ports import PhoneNumber, StoreUnavailableError, Work
from pager.lifecycle.turn import Context
from tests.clock import FakeClock

NOON = datetime(2026, 1, 5, 20, 0, tzinfo=UTC)
FALLBACK = "Nobody has been paged. Telephone 213-555-0199."
TRIGGER = {"station": "compton", "callback": "310-555-0100"}
MINUTE = timedelta(minutes=1)


def policy() -> Policy:
    """Return a policy of two rungs for two agencies, of which probation may be left out."""
    ladder = (
        Rung(timedelta(0), Audience.PRIMARY, (Channel.SMS,)),
        Rung(2 * MINUTE, Audience.BACKUP, (Channel.SMS, Channel.VOICE)),
    )
    return Policy(
        name="first-responder",
        title="First responder",
        window=90 * MINUTE,
        agencies=(AgencyPlan("dcfs", ladder), AgencyPlan("probation", ladder, may_be_left_out=True)),
        repeat=Repeat(5 * MINUTE, 15 * MINUTE),
        acknowledgement=Acknowledgement(3 * MINUTE, 10 * MINUTE),
        follow_ups=(FollowUpPlan("health_evaluation", "Health evaluation", "dcfs", timedelta(hours=72)),),
    )


class FakePolicies:
    """One policy, whatever is asked for."""

    def get(self, _name: str) -> Policy:
        return policy()

    def names(self) -> Sequence[str]:
        return ("first-responder",)

    def stand_in(self) -> Policy:
        return policy()


def read_number(text: str) -> PhoneNumber | None:
    """Read 310-555-0100, with ` x12` behind it or not."""
    number, _, extension = text.partition(" x")
    digits = number.replace("-", "")
    if len(digits) != 10 or not (digits.isascii() and digits.isdecimal()):
        return None
    return PhoneNumber(f"+1{digits}", extension or None)


class FlakyStore:
    """The database, which a test can take away."""

    def __init__(self, store: SqlStore) -> None:
        self.store, self.is_away = store, False

    @contextmanager
    def reading(self) -> Iterator[Work]:
        self._check()
        with self.store.reading() as work:
            yield work

    @contextmanager
    def glancing(self) -> Iterator[Work]:
        self._check()
        with self.store.glancing() as work:
            yield work

    @contextmanager
    def writing(self) -> Iterator[Work]:
        self._check()
        with self.store.writing() as work:
            yield work

    def is_reachable(self) -> bool:
        return not self.is_away

    def _check(self) -> None:
        if self.is_away:
            raise StoreUnavailableError("away")


class Answer(TestResponse):
    """An answer whose JSON a test looks into."""

    @property
    def json(self) -> Any:
        return super().json


@dataclass
class Service:
    """A running API and what stands behind it."""

    app: OpenAPI
    context: Context
    store: FlakyStore
    clock: FakeClock
    carrier: list[bool] = field(default_factory=lambda: [True])

    def call(self, method: str, path: str, key: str, headers: Mapping[str, str] | None = None, **more: Any) -> Answer:
        sent = {**bearer(key), **(headers or {})}
        return cast(Answer, self.app.test_client().open(path, method=method, headers=sent, **more))

    def get(self, path: str, key: str = "read") -> Answer:
        return self.call("GET", path, key)

    def post(self, path: str, body: Any = None, key: str = "trigger", **headers: str) -> Answer:
        """Post JSON, or nothing where `body` is None; `Idempotency_Key="…"` becomes a header."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.call("POST", f"/api/v1{path}", key, named, json=body)

    def post_raw(
        self, data: bytes | str, content_type: str | None = "application/json", path: str = "/encounters"
    ) -> Answer:
        """Post a body as it stands."""
        return self.call("POST", f"/api/v1{path}", "trigger", data=data, content_type=content_type)

    def open(self, **body: Any) -> str:
        """Open an encounter and return its path below `/api/v1`."""
        opened = self.post("/encounters", TRIGGER | body)
        assert opened.status_code == 201, opened.text
        return f"/encounters/{opened.json['reference']}"

    def show(self, path: str) -> dict[str, Any]:
        """Return what a reading key sees of an encounter."""
        found = self.get(f"/api/v1{path}")
        assert found.status_code == 200, found.text
        return dict(found.json)

    def beat(self) -> None:
        with self.context.store.writing() as work:
            work.engines.beat("engine", self.clock.now(), is_carrier_ok=True)


def bearer(key: str) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {key}"} if key else {}


def make_service(store: SqlStore) -> Service:
    """Return a service with the county loaded and an engine that has just beaten."""
    flaky, clock, luck = FlakyStore(store), FakeClock(NOON), random.Random(1)
    context = Context(
        store=flaky,
        clock=clock,
        policies=FakePolicies(),
        read_number=read_number,
        zone=ZoneInfo("America/Los_Angeles"),
        senders=("+12135550190",),
        rates=Rates(messages=0, calls=0),
        alarm_to=(),
        fallback_text=FALLBACK,
        choose=luck.choice,
        make_token=lambda: f"{luck.getrandbits(64):016x}",
    )
    app = new_app()
    service = Service(app, context, flaky, clock)
    register_api(app, context, is_carrier_ok=lambda: service.carrier[0], count=lambda: count(store.engine))
    with store.writing() as work:
        _load(work)
    service.beat()
    return service


def _load(work: Work) -> None:
    for code in ("dcfs", "probation"):
        work.directory.add(Agency(code, code.title(), code.upper(), code, "America/Los_Angeles"))
    work.directory.add(Station("compton", "LASD Compton", "Compton Stn", "first-responder"))
    work.directory.add(Station("lancaster", "LASD Lancaster", "Lancaster Stn", "first-responder", date(2030, 1, 1)))
    work.directory.add(Station("closed", "Closed", "Closed", "first-responder", is_active=False))
    work.flush()
    for number, (agency, name) in enumerate([("dcfs", "ana"), ("dcfs", "ben"), ("probation", "kim")]):
        telephone = f"+1213555010{number}"
        work.directory.add(Responder(f"{agency}-{name}", agency, name.title(), telephone, telephone))
    work.directory.add(Responder("dcfs-duty", "dcfs", "Duty", None, "+12135550109", is_duty=True))
    work.flush()
    for agency, tier, responder in (
        ("dcfs", Tier.PRIMARY, "dcfs-ana"),
        ("dcfs", Tier.BACKUP, "dcfs-ben"),
        ("probation", Tier.PRIMARY, "probation-kim"),
    ):
        starts, ends = datetime(2026, 1, 1), datetime(2027, 1, 1)  # noqa: DTZ001 -- local, as people write shifts
        start_at, end_at = (at.replace(tzinfo=UTC) for at in (starts, ends))
        work.directory.add(Shift(agency, tier, responder, frozenset(), starts, ends, start_at, end_at))
    _load_keys(work)


def _load_keys(work: Work) -> None:
    """Each key's secret is its name."""
    for name, scope, stations in (
        ("trigger", Scope.TRIGGER, ()),
        ("read", Scope.READ, ()),
        ("admin", Scope.ADMIN, ()),
        ("compton", Scope.TRIGGER, ("compton",)),
        ("lancaster", Scope.ADMIN, ("lancaster",)),
        ("lancaster-trigger", Scope.TRIGGER, ("lancaster",)),
    ):
        work.keys.add(ApiKey(name, scope, frozenset(stations), hash_secret(name), NOON))
    work.keys.add(ApiKey("gone", Scope.ADMIN, frozenset(), hash_secret("gone"), NOON, revoked_at=NOON))

"""The composition root: here settings, clock, database, carrier and web become one service."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from flask import Flask
from twilio.http import HttpClient

from pager.adapters.clock_watch import ClockWatch
from pager.adapters.db.session import SqlStore, open_database
from pager.adapters.db.statistics import count
from pager.adapters.db.wakes import WakeListener, can_notify
from pager.adapters.heartbeat import Heartbeat
from pager.adapters.minute import Minute
from pager.adapters.outbox import ThreadedOutbox
from pager.adapters.passwords import ArgonPasswords
from pager.adapters.phone_numbers import number_reader
from pager.adapters.policy_files import PolicyFolder
from pager.adapters.scheduler import AlarmClock
from pager.adapters.sealing import make_sealer
from pager.adapters.twilio.carrier import TwilioCarrier
from pager.adapters.twilio.http import CarrierHttpClient
from pager.adapters.twilio.ledger import TwilioLedger
from pager.adapters.twilio.webhooks import create_webhooks
from pager.adapters.web.authority import CARRIER, register_declared
from pager.adapters.web.description import new_app
from pager.adapters.web.edges import protect
from pager.adapters.web.key_uses import KeyUses
from pager.adapters.web.page_errors import PageErrors
from pager.adapters.web.pages import register_pages
from pager.adapters.web.register import register_api
from pager.clock import Clock, SystemClock
from pager.config import Settings
from pager.domain.rate import Rates
from pager.lifecycle.catch_up import catch_up
from pager.lifecycle.ports import StoreUnavailableError
from pager.lifecycle.tick import Beat
from pager.lifecycle.turn import Context
from pager.lifecycle.verify_number import forget_codes
from pager.lifecycle.warn_of_gaps import warn_of_gaps

Tick = Callable[[], datetime | None]


def open_store(settings: Settings) -> SqlStore:
    """Open the database; nothing is read yet."""
    sealer = make_sealer(settings.encryption_keys, settings.secret_key)
    return SqlStore(open_database(settings.database_url), sealer=sealer)


def make_clock(store: SqlStore) -> SystemClock:
    """Return a clock that begins no earlier than an engine was last seen; with the database away nobody knows when."""
    try:
        with store.reading() as work:
            return SystemClock(work.engines.last_beat_at())
    except StoreUnavailableError:
        return SystemClock()


def make_context(settings: Settings, store: SqlStore, clock: Clock | None = None) -> Context:
    """Return what the verbs need. Raises FileError where a policy file is wrong."""
    return Context(
        store=store,
        clock=clock or make_clock(store),
        policies=PolicyFolder(settings.policies),
        read_number=number_reader(settings.region),
        zone=settings.timezone,
        senders=settings.senders,
        rates=Rates(settings.messages_per_second, settings.calls_per_second),
        alarm_to=settings.alarm_to,
        fallback_text=settings.fallback_text,
        choose=secrets.choice,
        make_token=lambda: secrets.token_hex(16),
    )


def make_carrier(settings: Settings, make_http_client: Callable[[], HttpClient] | None = None) -> TwilioCarrier:
    """Return the carrier; the credentials must be set."""
    return TwilioCarrier(
        settings.account_sid or "",
        settings.auth_tokens,
        settings.public_url,
        make_http_client or (lambda: CarrierHttpClient(settings.twilio_api_url)),
    )


@dataclass
class Engine:
    """What makes time pass: the alarm clock with its beat, the threads that send, and what is done every minute.

    `listener` hears of what other processes write, where the database can tell.
    """

    alarm_clock: AlarmClock
    outbox: ThreadedOutbox
    minute: Minute
    listener: WakeListener | None
    is_running: bool = False

    def start(self) -> None:
        self.outbox.start()
        self.alarm_clock.start()
        self.minute.start()
        if self.listener is not None:
            self.listener.start()
        self.is_running = True

    def stop(self) -> None:
        """Stop looking, then let what is being sent end; one that was never started is left as it is."""
        if self.is_running:
            self.is_running = False
            if self.listener is not None:
                self.listener.stop()
            self.minute.stop()
            self.alarm_clock.stop()
            self.outbox.stop()


def make_engine(
    context: Context,
    store: SqlStore,
    carrier: TwilioCarrier,
    *,
    heartbeat_url: str | None = None,
    uses: KeyUses | None = None,
    around: Callable[[Beat, ThreadedOutbox], Tick] = lambda beat, _: beat.tick,
) -> Engine:
    """Return an engine, not started; from its start on, what is written wakes it.

    `uses`: of keys, where a web beside it notes them. `around` makes of the beat what is run each time: the beat alone,
    but where a demonstration's clock waits for it.
    """
    outbox = ThreadedOutbox(context, carrier, on_room=lambda: alarm_clock.wake())
    beat = Beat(context, outbox, engine_id=f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}")
    alarm_clock = AlarmClock(around(beat, outbox), context.clock)
    store.on_written = alarm_clock.wake
    listener = WakeListener(store.engine, alarm_clock.wake) if can_notify(store.engine) else None
    jobs = _engine_jobs(context, carrier, beat, heartbeat_url) | _web_jobs(context, uses)
    return Engine(alarm_clock, outbox, Minute(jobs), listener)


def _engine_jobs(
    context: Context, carrier: TwilioCarrier, beat: Beat, heartbeat_url: str | None
) -> dict[str, Callable[[], None]]:
    """Return what an engine does every minute, by name and in this order."""
    jobs: dict[str, Callable[[], None]] = {
        "the catch-up": lambda: catch_up(context, TwilioLedger(carrier)),
        "forgetting codes": lambda: forget_codes(context),
        "the look at rosters": lambda: warn_of_gaps(context),
    }
    if heartbeat_url is not None:
        heartbeat = Heartbeat(context, heartbeat_url, lambda: beat.noted_at, lambda: carrier.is_authorised)
        jobs["the heartbeat"] = heartbeat.send
    return jobs


def _web_jobs(context: Context, uses: KeyUses | None) -> dict[str, Callable[[], None]]:
    """Return what is done every minute with or without an engine: triggers, too, go by the clock."""
    jobs: dict[str, Callable[[], None]] = {}
    if isinstance(context.clock, SystemClock):
        jobs["the look at the clock"] = ClockWatch(context, context.clock.take_jumps).look
    if uses is not None:
        jobs["noting when keys were used"] = uses.write
    return jobs


def make_background(
    settings: Settings, context: Context, store: SqlStore, carrier: TwilioCarrier, uses: KeyUses | None = None
) -> Engine | Minute:
    """Return what runs beside the web, not started: an engine, or with PAGER_ENGINE=off what the web itself needs."""
    if settings.runs_engine:
        return make_engine(context, store, carrier, heartbeat_url=settings.heartbeat_url, uses=uses)
    return Minute(_web_jobs(context, uses))


def make_service(
    settings: Settings, store: SqlStore, *, listens_on: Collection[str] = ()
) -> tuple[Flask, Engine | Minute]:
    """Return the web application and what runs beside it, not started; see `create_web`."""
    context, carrier = make_context(settings, store), make_carrier(settings)
    uses = KeyUses(context)
    app = create_web(settings, context, store, carrier, uses, listens_on=listens_on)
    return app, make_background(settings, context, store, carrier, uses)


def create_web(
    settings: Settings,
    context: Context,
    store: SqlStore,
    carrier: TwilioCarrier,
    uses: KeyUses | None = None,
    *,
    listens_on: Collection[str] = (),
) -> Flask:
    """Return the web application: the API, health, the carrier's webhooks, and the pages behind the sign-in.

    `uses` notes when keys are used; `listens_on`: addresses by which it may be asked for besides those in the settings.
    """
    app = new_app()
    app.secret_key = settings.secret_key
    protect(app, settings.public_url, {*settings.hosts, *listens_on})
    if uses is not None:
        app.after_request(uses.note)
    errors = PageErrors(context.fallback_text)
    register_api(
        app,
        context,
        is_carrier_ok=lambda: carrier.is_authorised,
        count=lambda: count(store.engine),
        elsewhere=errors.page,
    )
    webhooks = create_webhooks(context, auth_tokens=settings.auth_tokens, public_url=settings.public_url)
    register_declared(app, webhooks, CARRIER)
    register_pages(app, context, ArgonPasswords(), settings.public_url, errors, settings.region)
    return app

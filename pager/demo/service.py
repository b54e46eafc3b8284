"""Puts the demonstration together: database, county, key, sandbox carrier, web and engine."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Flask
from flask_wtf import CSRFProtect

from pager.adapters.db.migrate import upgrade
from pager.adapters.db.session import SqlStore
from pager.adapters.directory_file import read_directory
from pager.adapters.passwords import ArgonPasswords
from pager.adapters.web.authority import SANDBOX, register_declared
from pager.adapters.web.key_uses import KeyUses
from pager.app import Engine, create_web, make_carrier, make_context, make_engine, open_store
from pager.clock import SystemClock
from pager.config import ROOT, Settings
from pager.demo.clock import DemoClock
from pager.demo.pacing import waiting_for_beats
from pager.demo.scenarios import CALLBACK
from pager.demo.secrets import DemoSecrets, demo_secrets
from pager.demo.shop_window import ShopWindow
from pager.demo.visitor import EMAIL, keep_visitor, sign_visitors_in
from pager.domain.api_key import ApiKey, Scope, hash_secret
from pager.lifecycle.load import load
from pager.lifecycle.turn import Context, reading, writing
from pager.sandbox.carrier import carrier_blueprint
from pager.sandbox.records import LIFELIKE, Account, Mistake
from pager.sandbox.runner import Runner
from pager.sandbox.sandbox import Sandbox
from pager.sandbox.wall import wall_blueprint

COUNTY = Path(__file__).parent / "county.yaml"
INSTANCE = ROOT / "instance"
ACCOUNT_SID = "AC" + "0" * 32
SENDER = "+12135550190"
TECHNICIAN = "+13105550199"
KEY_NAME = "demo"


@dataclass
class Demo:
    """The demonstration, ready to start."""

    url: str
    app: Flask
    engine: Engine
    runner: Runner
    window: ShopWindow
    store: SqlStore
    secrets: DemoSecrets

    def start(self) -> None:
        self.runner.start()
        self.engine.start()

    def stop(self) -> None:
        """Stop everything; a scenario that plays ends, and pages nobody when the demonstration is started again."""
        with suppress(Mistake):  # nothing plays
            self.window.player.stop()
        self.engine.stop()
        self.runner.stop()
        self.store.engine.dispose()

    def welcome(self) -> str:
        """Return what to open, and the one call that pages."""
        return f"""
  The board of open encounters   {self.url}/
  The wall of telephones         {self.url}/sandbox/   begin here: it leads through a tour, and plays scenarios
  The API, described             {self.url}/api/docs

  The one call that pages five agencies:

    curl -X POST {self.url}/api/v1/encounters \\
      -H "Authorization: Bearer {self.secrets.api_key}" \\
      -H "Content-Type: application/json" \\
      -d '{{"station": "compton", "callback": "310-555-0100"}}'

  Then answer on the wall: ACK by text, or pick up a ringing call and press 1.

  Your browser is signed in by the demonstration, as an administrator. To try the sign-in itself, sign out, and come
  back as {EMAIL} with the password {self.secrets.password}

  Nothing leaves this machine. Stop with Ctrl-C.
"""


def make_demo(port: int, instance: Path = INSTANCE) -> Demo:
    """Build the demonstration on its own database in `instance`; no setting and no `.env` is read."""
    url = f"http://127.0.0.1:{port}"
    secrets = demo_secrets(instance / "demo.json")
    settings = Settings(
        database_url=f"sqlite:///{instance / 'demo.db'}",
        secret_key=secrets.secret_key,
        public_url=url,
        alarm_to=(TECHNICIAN,),
        account_sid=ACCOUNT_SID,
        auth_token=secrets.auth_token,
        senders=(SENDER,),
        messages_per_second=0,
        calls_per_second=0,
        twilio_api_url=f"{url}/sandbox/carrier",
    )
    upgrade(settings.database_url)
    store = open_store(settings)
    clock = _make_clock(store)
    context = make_context(settings, store, clock)
    _load_county(context, settings)
    _keep_key(context, secrets.api_key)
    account = Account(ACCOUNT_SID, secrets.auth_token, settings.senders)
    sandbox = Sandbox(clock, account, settings.public_url, pace=LIFELIKE)
    _add_telephones(context, sandbox)
    return _assemble(settings, store, context, secrets, sandbox, clock)


def _make_clock(store: SqlStore) -> DemoClock:
    """Return a clock that goes on where it was when the demonstration was stopped: sped up, it ran hours ahead."""
    with store.reading() as work:
        return DemoClock(SystemClock(), work.engines.last_beat_at())


def _assemble(
    settings: Settings, store: SqlStore, context: Context, secrets: DemoSecrets, sandbox: Sandbox, clock: DemoClock
) -> Demo:
    carrier, uses = make_carrier(settings), KeyUses(context)
    app = create_web(settings, context, store, carrier, uses)
    keep_visitor(context, ArgonPasswords(), secrets.password)
    sign_visitors_in(app, context)
    window = ShopWindow(context, sandbox, clock)
    _add_sandbox(app, sandbox, window, settings)
    around = waiting_for_beats(clock, sandbox, window.look)
    engine = make_engine(context, store, carrier, uses=uses, around=around)

    def go_on() -> None:
        window.player.step()
        if clock.speed > 1:
            engine.alarm_clock.wake()  # it looks every second, and many seconds pass in one

    return Demo(settings.public_url, app, engine, Runner(sandbox, go_on), window, store, secrets)


def _add_sandbox(app: Flask, sandbox: Sandbox, window: ShopWindow, settings: Settings) -> None:
    at_the_carrier = carrier_blueprint(sandbox)
    register_declared(app, at_the_carrier, SANDBOX, url_prefix="/sandbox/carrier")
    register_declared(app, wall_blueprint(sandbox, settings.timezone.key, window.stage()), SANDBOX)
    files = Blueprint("demo", __name__, url_prefix="/sandbox/demo", template_folder="templates", static_folder="static")
    app.register_blueprint(files)
    app.after_request(window.note_visit)
    csrf: CSRFProtect = app.extensions["csrf"]
    csrf.exempt(at_the_carrier)  # it asks for the account's credentials
    csrf.exempt(app.view_functions["sandbox.act_by_json"])  # no form of another site can send JSON


def _load_county(context: Context, settings: Settings) -> None:
    file = read_directory(
        COUNTY,
        region=settings.region,
        timezone=settings.timezone.key,
        policies=context.policies.names(),
        now=context.clock.now(),
    )
    load(context, file, prune=True, by="pager demo")


def _keep_key(context: Context, secret: str) -> None:
    with writing(context) as turn:
        key = turn.work.keys.by_name(KEY_NAME)
        if key is None:
            turn.work.keys.add(ApiKey(KEY_NAME, Scope.ADMIN, frozenset(), hash_secret(secret), created_at=turn.now))
        else:
            key.hash = hash_secret(secret)


def _add_telephones(context: Context, sandbox: Sandbox) -> None:
    """Put everybody's telephone on the wall, agency by agency, then the dispatcher's."""
    with reading(context) as turn:
        shorts = {agency.code: agency.short for agency in turn.work.directory.agencies()}
        for responder in turn.work.directory.responders():
            for number in dict.fromkeys((responder.sms, responder.voice)):
                if number is not None and responder.is_active:
                    sandbox.add_telephone(number, responder.name, shorts[responder.agency])
    sandbox.add_telephone(CALLBACK, "The dispatcher", "Dispatch")
    sandbox.add_telephone(TECHNICIAN, "Technician, told of alarms", "Dispatch")

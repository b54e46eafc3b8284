"""A sandbox, an application for it to call, and the real SDK, all in one process and without a socket."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask, request
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from pager.sandbox.bridge import BridgedHttpClient, post_into
from pager.sandbox.carrier import carrier_blueprint
from pager.sandbox.records import Account
from pager.sandbox.sandbox import Sandbox
from pager.sandbox.wall import wall_blueprint

APP = "http://pager.test"
OURS, OURS_TOO, ANA, BEN = "+12135550190", "+12135550191", "+12135550101", "+12135550102"
ACCOUNT = Account("AC" + "0" * 32, "sandbox-token", (OURS, OURS_TOO))
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

MENU = (
    '<Response><Gather numDigits="1" timeout="8" action="/twilio/voice/keypress?page=7" actionOnEmptyResult="true">'
    "<Say>Encounter 7K2QD. Press 1 to come.</Say></Gather></Response>"
)
GOODBYE = "<Response><Say>Goodbye.</Say><Hangup/></Response>"


class FakeClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self._now = NOON

    def now(self) -> datetime:
        return self._now

    def move(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


@dataclass
class Hook:
    """One webhook as the application got it."""

    path: str
    query: str
    form: dict[str, str]
    is_signed: bool


@dataclass
class Office:
    """The application that the carrier calls: it keeps every webhook and answers with what `says` holds by path."""

    says: dict[str, str] = field(default_factory=dict)
    hooks: list[Hook] = field(default_factory=list)

    def app(self) -> Flask:
        app = Flask("office")

        @app.post("/<path:path>")
        def take(path: str) -> str:
            query = request.environ["QUERY_STRING"]
            url = f"{APP}/{path}" + (f"?{query}" if query else "")
            signature = request.headers.get("X-Twilio-Signature", "")
            is_signed = RequestValidator(ACCOUNT.token).validate(url, request.form, signature)
            self.hooks.append(Hook(f"/{path}", query, request.form.to_dict(), is_signed))
            return self.says.get(f"/{path}", "<Response/>")

        return app

    def forms(self, path: str) -> list[dict[str, str]]:
        return [hook.form for hook in self.hooks if hook.path == path]

    def told(self, field_name: str) -> list[str]:
        """Return the values of one field, in the order in which they came."""
        return [hook.form[field_name] for hook in self.hooks if field_name in hook.form]


class World:
    """Everything a test of the sandbox needs."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.office = Office(says={"/twilio/voice": MENU, "/twilio/voice/keypress": GOODBYE})
        self.slept: list[float] = []
        self.sandbox = Sandbox(self.clock, ACCOUNT, APP, post_into(self.office.app()), sleep=self.slept.append)
        self.sandbox.add_telephone(ANA, "Ana Ruiz", "DCFS")
        self.app = Flask("demo")
        self.app.register_blueprint(carrier_blueprint(self.sandbox), url_prefix="/sandbox/carrier")
        self.app.register_blueprint(wall_blueprint(self.sandbox))
        self.browser = self.app.test_client()
        self.twilio = self.sdk()

    def sdk(self, token: str = ACCOUNT.token) -> Client:
        client = BridgedHttpClient("http://demo.test/sandbox/carrier", self.app)
        return Client(ACCOUNT.sid, token, http_client=client)

    def text(self, to: str = ANA, body: str = "Encounter 7K2QD. Reply ACK.", **more: Any) -> Any:
        more.setdefault("status_callback", f"{APP}/twilio/sms/status?delivery=9&w=%7E")
        return self.twilio.messages.create(to=to, from_=more.pop("from_", OURS), body=body, **more)

    def call(self, to: str = ANA, **more: Any) -> Any:
        more.setdefault("status_callback_event", ["initiated", "ringing", "answered", "completed"])
        return self.twilio.calls.create(
            to=to, from_=OURS, url=f"{APP}/twilio/voice?page=7", status_callback=f"{APP}/twilio/voice/status", **more
        )

    def ring(self, to: str = ANA, **more: Any) -> str:
        """Call and let it ring; return the call's sid."""
        sid = str(self.call(to, **more).sid)
        self.sandbox.settle()
        return sid

    def pass_time(self, seconds: float) -> None:
        self.clock.move(seconds)
        self.sandbox.settle()

    def telephone(self, number: str = ANA) -> dict[str, Any]:
        groups = self.sandbox.state()["groups"]
        return next(one for group in groups for one in group["telephones"] if one["number"] == number)

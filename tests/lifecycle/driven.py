"""The whole system driven through an encounter's life, with marked personal data in every field that takes text.

What it says to anybody meanwhile is kept as evidence: one text for each place where something could turn up.
"""

from __future__ import annotations

import copy
import json
import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import MetaData, make_url
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from pager.adapters.db.session import open_database
from pager.adapters.policy_files import PolicyFolder
from pager.adapters.sealing import make_sealer
from pager.adapters.twilio.ledger import TwilioLedger
from pager.app import create_web
from pager.cli import main
from pager.config import SETTINGS
from pager.domain.api_key import ApiKey, Scope, hash_secret
from pager.lifecycle.catch_up import catch_up
from pager.logs import QUIET, Formatter
from pager.sandbox.bridge import post_into
from pager.sandbox.faults import Asked, Fault, FaultKind
from tests.lifecycle.marked import BORN, CHILD, dated_words_in, name_in, words_in
from tests.people import ANA, BEN, DAN, EVA, GUS, JON, MIA, STRANGER
from tests.web.whole_app import settings_for
from tests.world import ACCOUNT, LONGEST_STEP, OURS, PUBLIC_URL, World

MINUTE = timedelta(minutes=1)
LONGEST_WAIT = 10 * MINUTE
CALLBACK = "+13105550123"
SECRET = "of the privacy test"
# Where a mark may turn up, and where words are meant for whoever works with encounters.
PLACES = (
    "requests to the carrier",
    "addresses of webhooks",
    "what webhooks were answered",
    "messages",
    "log",
    "metrics",
    "answers to a read key",
    "refusals",
    "headers of answers",
    "other answers",
    "command line",
    "database",
)


class Driven:
    """One world, driven; `evidence` is by place, `words` is what a key that may trigger was shown of free words."""

    def __init__(self, url: str, county: Path) -> None:
        self.evidence: dict[str, str] = defaultdict(str)
        self.words: list[str] = []
        self.opened: list[str] = []
        self.url = url
        with _captured_log() as lines:
            self.world = World(url, county=county, sealer=make_sealer([], SECRET))
            self._serve()
            self._add_keys()
            self._drive()
            self.evidence["log"] = "\n".join(lines)
        self._look_at_the_carrier()
        self._run_commands()
        self.world.close()
        self.evidence["database"] = _database(url)

    def _serve(self) -> None:
        settings = settings_for(self.url, public_url=PUBLIC_URL, secret_key=SECRET)
        self.app = create_web(settings, self.world.context, self.world.store, self.world.carrier)
        deliver = post_into(self.app)

        def post(url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, str]:
            status, body = deliver(url, form, headers)
            self.evidence["what webhooks were answered"] += body
            return status, body

        self.world.sandbox.post = post

    @property
    def client(self) -> FlaskClient:
        return self.app.test_client()

    def _add_keys(self) -> None:
        with self.world.store.writing() as work:
            for scope in Scope:
                work.keys.add(ApiKey(scope, scope, frozenset(), hash_secret(scope), self.world.clock.now()))

    # What clients of the API do.

    def call(self, method: str, path: str, key: str = "trigger", **more: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {key}", "User-Agent": words_in("agent"), "Referer": name_in("referer")}
        headers |= {"Cookie": f"child={CHILD}", "X-Forwarded-For": CHILD} | more.pop("headers", {})
        answer = self.client.open(path, method=method, headers=headers, base_url=PUBLIC_URL, **more)
        self.world.settle()
        self._keep(answer, key, path)
        return answer

    def _keep(self, answer: TestResponse, key: str, path: str) -> None:
        self.evidence["headers of answers"] += str(answer.headers)
        text = answer.get_data(as_text=True)
        if answer.status_code >= 400:
            self.evidence["refusals"] += text
        elif path == "/metrics":
            self.evidence["metrics"] += text
        elif key == "read":
            self.evidence["answers to a read key"] += text
        else:
            self.evidence["other answers"] += self._without_words(text)

    def _without_words(self, text: str) -> str:
        """Return an answer without the free words of a timeline, which are noted."""
        document = json.loads(text)
        for item in document.get("items", []):
            if "words" in item:
                self.words.append(item.pop("words"))
        return json.dumps(document)

    def _post(self, path: str, body: Any = None, key: str = "trigger", **more: Any) -> TestResponse:
        return self.call("POST", f"/api/v1{path}", key, json=body, **more)

    def _open(self, **more: Any) -> str:
        """Open an encounter and return its path."""
        opened = self._post("/encounters", {"station": "compton", "callback": CALLBACK} | more)
        assert opened.status_code == 201, opened.text
        self.opened.append(f"/encounters/{json.loads(opened.text)['reference']}")
        return self.opened[-1]

    def _drive(self) -> None:
        first = self._open_with_marks()
        self._ask_wrongly(first)
        self._answer_with_marks(first.rpartition("/")[2])
        self._post_as_the_carrier()
        self._fail_within(first)
        self._meet_faults()
        self._report_with_marks(first)
        self._end_with_marks(first)
        self._read()

    def _open_with_marks(self) -> str:
        for more in (
            {"note": dated_words_in("refused_note")},
            {"note": [words_in("note_list")], "leave_out": [name_in("leave_out")], "drill": name_in("drill")},
        ):
            self._post(f"{self._open(**more)}/cancel", {"reason": dated_words_in("refused_reason")})
        return self._open(
            note=words_in("note"),
            **{name_in("field"): words_in("value"), "child": {"name": name_in("nested"), "born": BORN}},
        )

    def _ask_wrongly(self, path: str) -> None:
        """Ask for what there is not and say what cannot be understood, with marks wherever they can stand."""
        for body in (
            {"station": name_in("station"), "callback": CALLBACK},
            {"station": "compton", "callback": words_in("callback")},
            {"station": [name_in("station_list")], "callback": CHILD},
            [words_in("list")],
            words_in("text"),
        ):
            self._post("/encounters", body, headers={"Idempotency-Key": dated_words_in("idempotency")})
        self.call("POST", "/api/v1/encounters", data=words_in("body"), content_type="application/json")
        self.call("POST", "/api/v1/encounters", data=words_in("body"), content_type=f"text/{CHILD}")
        self._use_keys_wrongly()
        self._ask_for_what_is_not_there(path)
        self._report_wrongly(path)

    def _use_keys_wrongly(self) -> None:
        body = {"station": "compton", "callback": CALLBACK}
        for more in ({}, {"drill": True}, {"station": "lancaster"}):
            self._post("/encounters", body | more, headers={"Idempotency-Key": words_in("again")})
        self._post("/encounters", body, key=name_in("key"))
        self._post("/encounters", body, headers={"Authorization": f"Basic {CHILD}"})
        self._post("/encounters", body, key="read")

    def _ask_for_what_is_not_there(self, path: str) -> None:
        for wrong in (
            f"/api/v1/encounters/{name_in('path')}",
            f"/api/v1/encounters/{CHILD}/timeline",
            f"/api/v1/{name_in('nowhere')}",
            f"/{name_in('page')}",
            f"/api/v1{path}?{name_in('query')}={BORN}",
            *(f"/api/v1/encounters?{field}={name_in(field)}" for field in ("state", "limit", "cursor", CHILD)),
            *(f"/api/v1/oncall?{field}={name_in(field)}" for field in ("agency", "station", "at", CHILD)),
        ):
            for method in ("GET", "PUT"):
                self.call(method, wrong, "read")

    def _report_wrongly(self, path: str) -> None:
        for part, body in (
            ("pages/dcfs/acknowledge", {"responder": name_in("responder")}),
            ("pages/dcfs/acknowledge", {"responder": "dcfs-ana", "eta_minutes": words_in("eta")}),
            ("pages/dcfs/on-scene", {"responder": dated_words_in("arrival")}),
            ("pages/dcfs/release", {"responder": name_in("release")}),
            ("pages/dcfs/page", {"responder": name_in("page")}),
            ("pages/dcfs/undo", {name_in("undo"): words_in("undo_value")}),
            ("pages", {"agency": name_in("added")}),
            (f"pages/{name_in('agency')}/acknowledge", {"responder": "dcfs-ana"}),
            ("correct", {"station": name_in("new_station"), "callback": words_in("new_callback")}),
            ("correct", {"station": "lancaster", name_in("unknown"): words_in("unknown_value")}),
            ("close", {"reason": [words_in("reason_list")]}),
            ("follow-ups/health_evaluation", {"outcome": words_in("outcome")}),
            (f"follow-ups/{name_in('follow_up')}", {"outcome": "completed"}),
        ):
            self._post(f"{path}/{part}", body)

    # What responders and strangers do.

    def _answer_with_marks(self, reference: str) -> None:
        texts = (words_in("reply"), dated_words_in("refused_reply"), f"ETA 25 with {name_in('eta_reply')}")
        for number in (ANA, STRANGER):
            for text in (*texts, f"ACK {reference} {name_in('ack_reply')}", f"STOP {CHILD}", CHILD):
                self.world.text(number, text)
        self.world.text(ANA, f"ACK {reference} 25")
        self.world.text(DAN, f"NO {reference}")
        self.world.text(GUS, f"HERE {reference}")
        self.world.pass_time(4 * MINUTE)
        self._press_keys()
        self.world.text(JON, "STOP")
        self.world.pass_time(12 * MINUTE)

    def _press_keys(self) -> None:
        """Every call that rings is answered: one presses, one leaves it to a machine, one calls us."""
        for number, keys in ((EVA, "91"), (MIA, "2"), (BEN, "7")):
            if self.world.sandbox.open_call(number) is not None:
                self.world.press(number, keys)
        self.world.sandbox.dial(STRANGER)
        self.world.settle()

    # What the carrier posts.

    def _post_as_the_carrier(self) -> None:
        """Post marks in every field of a webhook, with a good signature and without."""
        told = {name: name_in(name) for name in ("FromCity", "CallerName", "ForwardedFrom", "SpeechResult")}
        token, _ = self._a_call()
        for path, form in (
            ("/twilio/sms", {"MessageSid": "SM77", "From": STRANGER, "To": OURS, "Body": dated_words_in("body")}),
            ("/twilio/sms", {"MessageSid": "SM78", "From": ANA, "To": OURS, "Body": words_in("signed_body")}),
            ("/twilio/sms/status", {"MessageSid": "SM79", "MessageStatus": "failed", "ErrorCode": name_in("code")}),
            ("/twilio/voice", {"CallSid": "CA77", "From": ANA}),
            ("/twilio/voice/keypress", {"CallSid": "CA77", "Digits": words_in("digits")}),
            ("/twilio/voice/status", {"CallSid": "CA77", "CallStatus": words_in("status")}),
            ("/twilio/voice/inbound", {"CallSid": "CA79", "From": STRANGER}),
        ):
            self._webhook(path, form | told, {"delivery": token, "step": "0"})
            self._webhook(path, form | told, {"delivery": name_in("token"), "step": CHILD})
            self._webhook(path, form | told, {"delivery": token}, signature=CHILD)
        token, sid = self._a_call()
        form = {"CallSid": sid, "CallStatus": "busy", "ErrorCode": name_in("call_code")}
        self._webhook("/twilio/voice/status", form, {"delivery": token})

    def _webhook(self, path: str, form: dict[str, str], query: dict[str, str], signature: str | None = None) -> None:
        raw = urlencode(query)
        url = f"{PUBLIC_URL}{path}?{raw}"
        good = RequestValidator(ACCOUNT.token).compute_signature(url, form)
        answer = self.client.post(
            path,
            base_url=PUBLIC_URL,
            query_string=raw,
            data=form,
            headers={"X-Twilio-Signature": signature or good},
        )
        self.evidence["what webhooks were answered"] += answer.text
        self.world.settle()

    def _a_call(self) -> tuple[str, str]:
        """Return the token and the carrier's id of a call that is under way, the next one where there is none."""
        query = "SELECT token, carrier_sid FROM deliveries WHERE channel = 'voice' AND state = 'sent'"
        for _ in range(LONGEST_WAIT // LONGEST_STEP):
            with self.world.store.engine.connect() as connection:
                found = connection.exec_driver_sql(query).first()
            if found is not None:
                return found.token, found.carrier_sid
            self.world.pass_time(LONGEST_STEP)
        raise AssertionError("nobody is called any more")

    # What goes wrong.

    def _fail_within(self, path: str) -> None:
        """Let our own code fail with errors that quote what they were given, as those of libraries do."""

        def quote(*given: object) -> None:
            raise ValueError(f"cannot cope with {given} of {words_in('quoted')}, {ANA}")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("pager.lifecycle.reply.parse_text", quote)
            self.world.text(ANA, dated_words_in("failing_reply"))
            patch.setattr("pager.adapters.db.encounters.SqlEncounters.follow_ups", quote)
            self._post(f"{path}/follow-ups/{name_in('failing')}", {"outcome": "completed"})
            patch.setattr(PolicyFolder, "get", quote)
            self._post("/encounters", {"station": "compton", "callback": CALLBACK, "note": words_in("failed")})
        self.world.pass_time(MINUTE)

    def _meet_faults(self) -> None:
        """Let the carrier refuse, lose and not deliver, and let us miss a reply that we ask for later."""
        sandbox = self.world.sandbox
        for fault in (
            Fault(FaultKind.REFUSE, number=ANA, on=Asked.MESSAGE, times=1, http_status=500),
            Fault(FaultKind.REFUSE, number=DAN, on=Asked.MESSAGE, times=1, http_status=400, code=21610),
            Fault(FaultKind.LOSE, number=GUS, on=Asked.MESSAGE, times=1),
            Fault(FaultKind.UNDELIVERED, number=MIA, on=Asked.MESSAGE, times=1, code=30006),
        ):
            sandbox.add_fault(fault)
        other = self._open(station="lancaster", drill=True)
        self.world.pass_time(MINUTE)
        post, sandbox.post = sandbox.post, _nobody
        self.world.text(ANA, dated_words_in("missed_reply"))
        sandbox.post = post
        catch_up(self.world.context, TwilioLedger(self.world.carrier))
        self._post(f"{other}/close", {"reason": None})

    # How it ends.

    def _report_with_marks(self, path: str) -> None:
        self._post(f"{path}/correct", {"station": "lancaster", "callback": "310-555-0111 x12"})
        self._post(f"{path}/pages/dhs/acknowledge", {"responder": "dhs-eva", "eta_minutes": 20})
        self._post(f"{path}/pages/dhs/release")
        self._post(f"{path}/pages/dcfs/on-scene")
        self._post(f"{path}/pages/dcfs/undo")
        self._post(f"{path}/pages/dhs/page", {"responder": "dhs-fay"})
        self._post(f"{path}/follow-ups/health_evaluation", {"outcome": "declined"})
        self.world.pass_time(MINUTE)

    def _end_with_marks(self, path: str) -> None:
        self._post(f"{path}/close", {"reason": words_in("reason")})
        self._post(f"{self._open()}/cancel", {"reason": words_in("long_reason") * 10})
        self.world.text(ANA, words_in("late_reply"))

    def _read(self) -> None:
        everything = [f"{path}{part}" for path in self.opened for part in ("", "/timeline")]
        for key in ("read", "trigger"):
            for part in (*everything, "/encounters", "/oncall", "/openapi.json"):
                self.call("GET", f"/api/v1{part}", key)
        for part in ("/metrics", "/healthz", "/livez"):
            self.call("GET", part, "read")

    # What is left.

    def _look_at_the_carrier(self) -> None:
        ledger = self.world.sandbox.ledger()
        requests = [entry for entry in ledger if entry["kind"] == "request"]
        assert any(entry["path"].endswith("/Calls.json") for entry in requests), "nobody was called"
        self.evidence["requests to the carrier"] = "\n".join(map(str, requests))
        webhooks = [entry["url"] for entry in ledger if entry["kind"] == "webhook"]
        self.evidence["addresses of webhooks"] = "\n".join(webhooks)
        messages = self.world.sandbox.list_messages({"PageSize": "1000"})["messages"]
        self.evidence["messages"] = "\n".join(one["body"] for one in messages if one["direction"] != "inbound")

    def _run_commands(self) -> None:
        env = dict.fromkeys(SETTINGS, "") | {"PAGER_DATABASE_URL": self.url, "PAGER_SECRET_KEY": SECRET}
        for arguments in ("roster show", "audit verify", "secrets rotate"):
            done = CliRunner().invoke(main, arguments.split(), env=env)
            assert done.exit_code == 0, done.output
            self.evidence["command line"] += done.output


def _nobody(_url: str, _form: Mapping[str, str], _headers: Mapping[str, str]) -> tuple[int, str]:
    raise ConnectionRefusedError


class _Lines(logging.Handler):
    """Keeps what our log would hold, whatever other handlers have made of the same records."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.setFormatter(Formatter())

    def emit(self, record: logging.LogRecord) -> None:
        own = copy.copy(record)
        own.exc_text = None
        self.lines.append(self.format(own))


@contextmanager
def _captured_log() -> Iterator[list[str]]:
    """Keep every line of ours, and those of others from INFO on, as `set_up_logging` lets them through."""
    handler, levels = _Lines(), {"": logging.INFO, "pager": logging.DEBUG} | dict.fromkeys(QUIET, logging.WARNING)
    before = {name: logging.getLogger(name).level for name in levels}
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    logging.getLogger().addHandler(handler)
    try:
        yield handler.lines
    finally:
        logging.getLogger().removeHandler(handler)
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)


def _database(url: str) -> str:
    """Return all that a database holds: SQLite's files as they are, of PostgreSQL every row of every table."""
    parts = make_url(url)
    if parts.get_backend_name() == "sqlite":
        path = Path(parts.database or "")
        return "".join(file.read_bytes().decode("latin-1") for file in sorted(path.parent.glob(f"{path.name}*")))
    engine, tables = open_database(url), MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        rows = [str(row) for table in tables.sorted_tables for row in connection.execute(table.select())]
    engine.dispose()
    return "\n".join(rows)

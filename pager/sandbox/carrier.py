"""Twilio's HTTP interface (2010-04-01) over a Sandbox, with whatever was asked to go wrong."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, request

from pager.sandbox.faults import Asked, FaultKind
from pager.sandbox.records import Refusal
from pager.sandbox.sandbox import Sandbox
from pager.sandbox.switchboard import API_VERSION

Work = Callable[[Sandbox, str], Any]


# method, path below the account, kind of request, status when it is done, what is done
_ROUTES: tuple[tuple[str, str, Asked, int, Work], ...] = (
    ("GET", ".json", Asked.READ, 200, lambda sandbox, _: sandbox.show_account()),
    ("POST", "/Messages.json", Asked.MESSAGE, 201, lambda sandbox, _: sandbox.create_message(request.form)),
    ("GET", "/Messages.json", Asked.READ, 200, lambda sandbox, _: sandbox.list_messages(request.args)),
    ("GET", "/Messages/<sid>.json", Asked.READ, 200, lambda sandbox, sid: sandbox.show_message(sid)),
    ("POST", "/Messages/<sid>.json", Asked.READ, 200, lambda sandbox, sid: sandbox.update_message(sid, request.form)),
    ("DELETE", "/Messages/<sid>.json", Asked.READ, 204, lambda sandbox, sid: sandbox.delete_message(sid)),
    ("POST", "/Calls.json", Asked.CALL, 201, lambda sandbox, _: sandbox.create_call(request.form, _events())),
    ("GET", "/Calls.json", Asked.READ, 200, lambda sandbox, _: sandbox.list_calls(request.args)),
    ("GET", "/Calls/<sid>.json", Asked.READ, 200, lambda sandbox, sid: sandbox.show_call(sid)),
    ("POST", "/Calls/<sid>.json", Asked.READ, 200, lambda sandbox, sid: sandbox.update_call(sid, request.form)),
    ("DELETE", "/Calls/<sid>.json", Asked.READ, 204, lambda sandbox, sid: sandbox.delete_call(sid)),
)


def carrier_blueprint(sandbox: Sandbox) -> Blueprint:
    """Return the carrier's paths; mounted at some prefix, that address is what TWILIO_API_URL names."""
    blueprint = Blueprint("sandbox_carrier", __name__)
    for number, (method, path, on, status, work) in enumerate(_ROUTES):
        blueprint.add_url_rule(
            f"/{API_VERSION}/Accounts/<account>{path}",
            endpoint=f"route_{number}",
            view_func=_view(sandbox, on, status, work),
            methods=[method],
        )
    return blueprint


def _view(sandbox: Sandbox, on: Asked, status: int, work: Work) -> Callable[..., Response]:
    def view(account: str, sid: str = "") -> Response:
        return _Exchange(sandbox, on, account).answer(status, lambda: work(sandbox, sid))

    return view


def _events() -> list[str]:
    """The events asked for: the field repeated, or several in one with spaces between."""
    return " ".join(request.form.getlist("StatusCallbackEvent")).split()


class _Exchange:
    """One request and its answer: who asks, what goes wrong, what is written down."""

    def __init__(self, sandbox: Sandbox, on: Asked, account: str) -> None:
        self._sandbox = sandbox
        self._on = on
        self._account = account
        self._number = request.values.get("To")

    def answer(self, status: int, work: Callable[[], Any]) -> Response:
        """Do the work and answer as the carrier would, or as the faults say."""
        try:
            self._check_credentials()
            self._refuse_if_told_to()
            document = work()
            response = jsonify(document) if document else Response()
            response.status_code = status
        except Refusal as refusal:
            response = _refused(refusal)
        self._sandbox.note(
            "request",
            method=request.method,
            path=request.path,
            query=request.args.to_dict(),
            form=request.form.to_dict(),
            status=response.status_code,
        )
        return self._spoil(response) if response.status_code < 300 else response

    def _check_credentials(self) -> None:
        account, given = self._sandbox.account, request.authorization
        name = (given.username if given else None) or ""
        password = (given.password if given else None) or ""
        is_theirs = name == account.sid == self._account
        if not (is_theirs and hmac.compare_digest(password.encode(), account.token.encode())):
            raise Refusal(401, 20003, "Authenticate")

    def _refuse_if_told_to(self) -> None:
        fault = self._sandbox.take_fault(FaultKind.REFUSE, self._on, self._number)
        if fault is not None:
            code = fault.code or {401: 20003, 429: 20429}.get(fault.http_status, 20500)
            raise Refusal(fault.http_status, code, f"The sandbox was told to refuse this with {fault.http_status}")

    def _spoil(self, response: Response) -> Response:
        """Let what was done be answered late, with nothing, with a web page, or hardly at all."""
        take = self._sandbox.take_fault
        delay = take(FaultKind.DELAY, self._on, self._number)
        if delay is not None:
            self._sandbox.sleep(delay.seconds)
        if take(FaultKind.EMPTY, self._on, self._number):
            response.set_data(b"")
        if take(FaultKind.HTML, self._on, self._number):
            response = Response("<html><body>Hello</body></html>", response.status_code, mimetype="text/html")
        if take(FaultKind.LOSE, self._on, self._number):
            # One byte of the many that are announced: every server then drops the connection.
            response = Response(iter([b"{"]), response.status_code, {"Content-Length": "4096"})
        return response


def _refused(refusal: Refusal) -> Response:
    response = jsonify(
        code=refusal.code,
        message=refusal.message,
        more_info=f"https://www.twilio.com/docs/errors/{refusal.code}",
        status=refusal.http_status,
    )
    response.status_code = refusal.http_status
    if refusal.http_status == 429:
        response.headers["Retry-After"] = "1"
    return response

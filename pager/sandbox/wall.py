"""The wall of telephones in the browser, and the same as JSON for scripts. Mounted by the demo and by tests only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, current_app, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from pager.sandbox.actions import ACTIONS, Fields, perform
from pager.sandbox.records import Mistake
from pager.sandbox.sandbox import Sandbox

QUICK_REPLIES = ("ACK", "ACK 25", "NO", "HERE", "STATUS")
KEYPAD = ("1", "2", "3", "9")


@dataclass(frozen=True)
class Stage:
    """What a demonstration puts above the telephones: `show` returns its HTML, `actions` is what its forms do, by name.

    An action may raise Mistake.
    """

    show: Callable[[], str]
    actions: Mapping[str, Callable[[Fields], None]]


def wall_blueprint(sandbox: Sandbox, timezone: str = "America/Los_Angeles", stage: Stage | None = None) -> Blueprint:
    """Return the wall and its JSON API, under /sandbox; times are shown in `timezone`."""
    blueprint = Blueprint(
        "sandbox", __name__, url_prefix="/sandbox", template_folder="templates", static_folder="static"
    )
    blueprint.before_request(_refuse_other_sites)
    _add_pages(blueprint, sandbox, ZoneInfo(timezone), stage)
    _add_api(blueprint, sandbox, stage)
    return blueprint


def _add_pages(blueprint: Blueprint, sandbox: Sandbox, zone: ZoneInfo, stage: Stage | None) -> None:
    def page(template: str, status: int = 200, mistake: str = "") -> Response:
        page = render_template(
            template,
            wall=sandbox.state(),
            stage=stage,
            quick_replies=QUICK_REPLIES,
            keypad=KEYPAD,
            mistake=mistake,
            bootstrap_css=_bootstrap_css(),
            clock_time=lambda text: f"{datetime.fromisoformat(text).astimezone(zone):%H:%M:%S}",
            spaced=_spaced,
        )
        return make_response(page, status)

    @blueprint.get("/")
    def wall() -> Response:
        return page("sandbox/wall.html")

    @blueprint.get("/telephones")
    def telephones() -> Response:
        """The part of the page that changes."""
        return _unless_known(sandbox, lambda: page("sandbox/telephones.html"))

    if stage is not None:
        blueprint.add_url_rule("/stage", view_func=lambda: stage.show(), endpoint="stage")

    @blueprint.post("/<action>")
    def act(action: str) -> Response:
        if action not in _actions(stage):
            abort(404)
        fields = request.form.to_dict()
        anchor = fields.pop("anchor", None)
        try:
            _perform(sandbox, stage, action, fields)
        except Mistake as mistake:
            return page("sandbox/wall.html", 409, str(mistake))
        return redirect(url_for("sandbox.wall", _anchor=anchor), 303)


def _add_api(blueprint: Blueprint, sandbox: Sandbox, stage: Stage | None) -> None:
    @blueprint.get("/api/state")
    def state() -> Response:
        return _unless_known(sandbox, lambda: jsonify(sandbox.state()))

    @blueprint.get("/api/ledger")
    def ledger() -> Response:
        return jsonify(items=sandbox.ledger())

    @blueprint.post("/api/<action>")
    def act_by_json(action: str) -> tuple[Response, int]:
        if action not in _actions(stage):
            return jsonify(error=f"no such action; there are {', '.join(_actions(stage))}"), 404
        fields = request.get_json(silent=True)
        if not isinstance(fields, dict):
            return jsonify(error="send a JSON object"), 400
        try:
            return jsonify(_perform(sandbox, stage, action, fields)), 200
        except Mistake as mistake:
            return jsonify(error=str(mistake)), 409


def _actions(stage: Stage | None) -> list[str]:
    return [*ACTIONS, *(stage.actions if stage is not None else ())]


def _perform(sandbox: Sandbox, stage: Stage | None, action: str, fields: Fields) -> dict[str, str]:
    """Do one of `_actions`, on the telephones or on the stage, and return what is worth knowing. Raises Mistake."""
    if stage is None or action not in stage.actions:
        return perform(sandbox, action, fields)
    stage.actions[action](fields)
    return {}


def _unless_known(sandbox: Sandbox, make: Callable[[], Response]) -> Response:
    """Answer 304 to whoever already has this version, else what `make` returns with its ETag."""
    version = sandbox.version  # read first: a change meanwhile is then asked for again, never missed
    response = Response(status=304) if request.if_none_match.contains(version) else make()
    response.set_etag(version)
    response.headers["Cache-Control"] = "no-cache"
    return response


def _refuse_other_sites() -> None:
    """Let no other web site press buttons here. What sends none of these headers is not a browser."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin") or request.headers.get("Referer")
    if site is not None:
        is_ours = site in ("same-origin", "none")
    else:
        is_ours = origin is None or urlsplit(origin).netloc == request.host
    if not is_ours:
        abort(403, "This page only takes what was pressed on itself.")


def _bootstrap_css() -> str | None:
    """The address of Bootstrap's style sheet where the application serves it; the wall is usable without."""
    if "bootstrap" not in current_app.extensions:
        return None
    return url_for("bootstrap.static", filename="css/bootstrap.min.css")


def _spaced(number: str) -> str:
    """Write a North American number so that people can read it."""
    if len(number) == len("+12135550101") and number.startswith("+1"):
        return f"+1 {number[2:5]}-{number[5:8]}-{number[8:]}"
    return number

"""The API's description, made from the code, and the page that shows it; its files are served from here."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any, cast

from flask import Blueprint, Response, current_app, jsonify, request, send_from_directory
from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI

from pager.adapters.web.authority import PUBLIC, declared
from pager.adapters.web.operations import KEY
from pager.adapters.web.schemas import Problem

HERE = Path(__file__).parent / "api_docs"
VIEWER = Path(str(files("flask_openapi3_swagger"))) / "templates" / "swagger"
VIEWER_FILES = ("css/swagger-ui.css", "js/swagger-ui-bundle.js")

ABOUT = """Opens encounters, and follows them to their end.

Send a key with every call: `Authorization: Bearer KEY`. Times are UTC. Every error is an `application/problem+json`
whose `detail` says what would be right; where a trigger is refused it says too whom to telephone."""


class Application(OpenAPI):
    """An application whose log does not repeat what was asked for: a path can hold anything."""

    def log_exception(self, exc_info: Any) -> None:
        self.logger.error("a request failed: %s %s", request.method, request.endpoint, exc_info=exc_info)


def new_app() -> OpenAPI:
    """Return an application without routes, whose description is ours."""
    return Application(
        "pager",
        info=Info(title="pager", version="1", description=ABOUT),
        security_schemes={KEY: {"type": "http", "scheme": "bearer"}},
        validation_error_model=Problem,
        doc_ui=False,
        static_folder=None,
        static_url_path="/assets",
    )


def describe(app: OpenAPI) -> dict[str, Any]:
    """Return the OpenAPI document. The library adds an answer 422 of its own to operations that have none; not ours."""
    description: dict[str, Any] = app.api_doc
    for operations in description["paths"].values():
        for operation in operations.values():
            if "application/json" in operation["responses"].get("422", {}).get("content", {}):
                operation["responses"].pop("422", None)
    return description


def create_description() -> Blueprint:
    """Return `/api/v1/openapi.json` (and `/openapi.json`) and `/api/docs`."""
    blueprint = Blueprint("description", __name__)

    def openapi() -> Response:
        return jsonify(describe(cast(OpenAPI, current_app)))

    def docs(filename: str = "index.html") -> Response:
        return send_from_directory(VIEWER if filename in VIEWER_FILES else HERE, filename)

    shown, described = declared(docs, PUBLIC), declared(openapi, PUBLIC)
    for rule in ("/api/v1/openapi.json", "/openapi.json"):
        blueprint.add_url_rule(rule, view_func=described)
    for rule in ("/api/docs", "/api/docs/<path:filename>"):
        blueprint.add_url_rule(rule, view_func=shown)
    return blueprint

"""Registers the API's operations: who may use each, what it takes and answers, said once for code and description."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from http import HTTPStatus
from typing import Any

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from flask_openapi3.request import validate_request
from pydantic import BaseModel

from pager.adapters.web.api_keys import require_key
from pager.adapters.web.authority import declared, keys_with
from pager.adapters.web.problems import CONTENT_TYPE
from pager.adapters.web.schemas import Problem
from pager.domain.api_key import Scope
from pager.domain.authority import SCOPES, Deed
from pager.lifecycle.turn import Context

KEY = "key"  # the name of the security scheme
SERVICE = Tag(name="the service itself")
SCHEMA = "#/components/schemas/"

View = Callable[..., Response]
Answer = type[BaseModel] | dict[str, Any]


class Operations:
    """Adds operations to one blueprint."""

    def __init__(self, blueprint: APIBlueprint, context: Context) -> None:
        self._blueprint, self._context = blueprint, context

    def get(self, rule: str, view: View, **declared: Any) -> None:
        """Add a GET; `declared` is as for `_options`."""
        self._blueprint.get(rule, **_options(**declared))(guarded(self._context, view, declared["deed"]))

    def post(self, rule: str, view: View, **declared: Any) -> None:
        """Add a POST; `declared` is as for `_options`."""
        self._blueprint.post(rule, **_options(**declared))(guarded(self._context, view, declared["deed"]))


def guarded(context: Context, view: View, deed: Deed | None) -> View:
    """Return the view behind its lock: a key that may do `deed`, no key where that is None; then its schemas."""

    @validate_request()  # type: ignore[no-untyped-call, untyped-decorator]  # the library gives it no type
    @wraps(view)
    def checked(**values: Any) -> Response:
        return view(**values)

    @wraps(checked)
    def locked(**values: Any) -> Response:
        if deed is not None:
            require_key(context, deed)
        response: Response = checked(**values)
        return response

    return declared(locked, keys_with(_scopes(deed)))


def _scopes(deed: Deed | None) -> Sequence[Scope]:
    return () if deed is None else SCOPES[deed]


def answer(model: BaseModel, status: int = HTTPStatus.OK, **headers: str) -> Response:
    """Return a model as a JSON answer."""
    return Response(model.model_dump_json(), status, headers, content_type="application/json")


def _options(
    *,
    deed: Deed | None,
    gives: Mapping[int, Answer],
    refuses: Sequence[int] = (),
    takes: type[BaseModel] | None = None,
    is_body_required: bool = False,
    security: list[dict[str, list[str]]] | None = None,
) -> dict[str, Any]:
    """Return what describes an operation.

    `deed`: what a key must be allowed to do; None: no key. `refuses`: the statuses of its problems, but for those that
    every operation with a key has. `takes`: the schema of its JSON body.
    """
    problems = sorted({*refuses, *((401, 403, 503) if deed else ())})
    options: dict[str, Any] = {
        "responses": {**gives, **{status: _problem(status) for status in problems}},
        "security": security or [{KEY: [scope.value]} for scope in _scopes(deed)] or None,
    }
    if takes is not None:
        schema = takes.model_json_schema()
        options["openapi_extensions"] = {
            "requestBody": {"required": is_body_required, "content": {"application/json": {"schema": schema}}}
        }
    return options


def described(status: int, schema: type[BaseModel], headers: Mapping[str, str]) -> dict[str, Any]:
    """Describe an answer with headers; its schema must be that of another answer too."""
    return {
        "description": HTTPStatus(status).phrase,
        "headers": {name: {"description": text, "schema": {"type": "string"}} for name, text in headers.items()},
        "content": {"application/json": {"schema": {"$ref": f"{SCHEMA}{schema.__name__}"}}},
    }


def _problem(status: int) -> dict[str, Any]:
    return {
        "description": HTTPStatus(status).phrase,
        "content": {CONTENT_TYPE: {"schema": {"$ref": f"{SCHEMA}{Problem.__name__}"}}},
    }

"""Every error of the API as `application/problem+json` (RFC 9457), in words that say what would be right."""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, NoReturn

from flask import Blueprint, Response, request
from flask_openapi3.openapi import OpenAPI
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from werkzeug.exceptions import Conflict, HTTPException, ServiceUnavailable, UnprocessableEntity

from pager.adapters.web.schemas import Problem
from pager.domain.encounter import ForbiddenTransitionError
from pager.domain.trigger_request import RefusedError
from pager.lifecycle.one_page import UnknownResponderError
from pager.lifecycle.ports import StoreConflictError, StoreUnavailableError
from pager.lifecycle.trigger import KeyReusedError

CONTENT_TYPE = "application/problem+json"
TRIGGER_PATH = "/api/v1/encounters"
TRY_AGAIN_AFTER_SECONDS = 5

_NAMEABLE = re.compile(r"[a-z_]{1,32}")


class UnusableError(UnprocessableEntity):
    """A request that was understood and is wrong; `field` says where."""

    def __init__(self, detail: str, field: str | None = None) -> None:
        super().__init__(detail)
        self.field = field


def refuse(error: ValidationError) -> NoReturn:
    """Say in our words what a schema found; the values themselves are never repeated."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    raise UnusableError("; ".join(map(_sentence, found)), _field(found[0]))


def _field(found: ErrorDetails) -> str | None:
    name = str(found["loc"][0]) if found["loc"] else ""
    return name if _NAMEABLE.fullmatch(name) else None


def _sentence(found: ErrorDetails) -> str:
    name = _field(found) or "a field"
    match found["type"]:
        case "extra_forbidden":
            return f"{name} is unknown"
        case "missing":
            return f"{name} is missing"
        case "value_error":
            return f"{name} {found['msg'].removeprefix('Value error, ')}"
        case _:
            return f"{name}: {found['msg'].replace('Input should be', 'must be')}"


def _unavailable(_: Exception) -> HTTPException:
    return ServiceUnavailable(
        "The database cannot be reached; nothing was stored.", retry_after=TRY_AGAIN_AFTER_SECONDS
    )


def _refused(error: RefusedError) -> HTTPException:
    return UnusableError(str(error), error.field)


_TRANSLATED: dict[type[Exception], Callable[..., HTTPException]] = {
    StoreUnavailableError: _unavailable,
    StoreConflictError: _unavailable,
    RefusedError: _refused,
    ForbiddenTransitionError: lambda error: Conflict(str(error)),
    UnknownResponderError: lambda error: UnusableError(str(error), "responder"),
    KeyReusedError: lambda _: UnusableError("This idempotency key was used for another body.", "Idempotency-Key"),
}


class Problems:
    """Turns errors into answers. Each answer that refuses a trigger ends with the fallback text."""

    def __init__(self, fallback_text: str) -> None:
        self._fallback_text = fallback_text

    def handle_in(self, blueprint: Blueprint) -> None:
        """Answer every error within a blueprint as a problem."""
        blueprint.register_error_handler(HTTPException, self._answer)
        for kind, translate in _TRANSLATED.items():
            blueprint.register_error_handler(kind, lambda error, translate=translate: self._answer(translate(error)))

    def handle_below(self, app: OpenAPI, prefix: str, elsewhere: Callable[[HTTPException], Any]) -> None:
        """Answer as problems what no blueprint sees: schemas that do not fit, and unknown paths below `prefix`; what is
        not below it, as `elsewhere` does.
        """
        app.validation_error_callback = refuse

        def answer(error: HTTPException) -> Any:
            return self._answer(error) if request.path.startswith(prefix) else elsewhere(error)

        app.register_error_handler(HTTPException, answer)

    def _answer(self, error: HTTPException) -> Response:
        status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
        detail = error.description or HTTPStatus(status).description
        if request.method == "POST" and request.path.rstrip("/") == TRIGGER_PATH:
            detail = f"{detail.rstrip('.')}. {self._fallback_text}"
        problem = Problem(
            title=HTTPStatus(status).phrase, status=status, detail=detail, field=getattr(error, "field", None)
        )
        headers = [(name, value) for name, value in error.get_headers() if name.lower() != "content-type"]
        return Response(problem.model_dump_json(exclude_none=True), status, headers, content_type=CONTENT_TYPE)

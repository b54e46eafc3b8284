"""Reads a request's JSON object. Whatever a client sends, it is read, or refused in a sentence."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from flask import request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from pager.adapters.web.problems import refuse

LARGEST_BODY = 64 * 1024  # bytes, of every route; the longest that makes sense is a few thousand

Model = TypeVar("Model", bound=BaseModel)


def read_object() -> dict[str, Any]:
    """Return the body's JSON object.

    Raises UnsupportedMediaType without a JSON content type, RequestEntityTooLarge, and BadRequest where the body is
    no JSON object that can be read.
    """
    request.max_content_length = LARGEST_BODY
    data = request.get_data()
    if not request.is_json:
        raise UnsupportedMediaType("The body must be JSON; send it with Content-Type: application/json.")
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BadRequest("The body cannot be read as JSON.") from error
    if not isinstance(found, dict):
        raise BadRequest('The body must be a JSON object, like {"station": "compton", "callback": "310-555-0100"}.')
    return found


def canonical(fields: dict[str, Any]) -> str:
    """Return a text that is equal for equal objects, whatever the order of their fields. Raises BadRequest."""
    try:
        return json.dumps(fields, sort_keys=True)
    except RecursionError as error:  # nested less deeply than what cannot be read at all, but only just
        raise BadRequest("The body cannot be read as JSON.") from error


def read(model: type[Model]) -> Model:
    """Return the body as `model`; no body stands for an empty object. Raises as `read_object`, and UnusableError."""
    request.max_content_length = LARGEST_BODY
    fields = read_object() if request.get_data().strip() else {}
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        refuse(error)


def storable(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the object with what no database keeps replaced in its texts: NUL, and half of a pair of surrogates."""
    return {name: _storable(value) if isinstance(value, str) else value for name, value in fields.items()}


def _storable(text: str) -> str:
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode(errors="replace").decode()

"""Puts the whole HTTP API into an application."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_openapi3.openapi import OpenAPI
from werkzeug.exceptions import HTTPException

from pager.adapters.web.api import create_api
from pager.adapters.web.description import create_description
from pager.adapters.web.health import create_health
from pager.adapters.web.metrics import Counts, Metrics, create_metrics
from pager.adapters.web.problems import Problems
from pager.lifecycle.turn import Context


def register_api(
    app: OpenAPI,
    context: Context,
    *,
    is_carrier_ok: Callable[[], bool],
    count: Callable[[], Counts],
    elsewhere: Callable[[HTTPException], Any] = lambda error: error,
) -> None:
    """Register the API, health, metrics and their description; `app` is made by `description.new_app`.

    `is_carrier_ok` tells whether the carrier takes our credentials, `count` counts what the database holds,
    `elsewhere` answers an error that is none of the API's.
    """
    problems = Problems(context.fallback_text)
    problems.handle_below(app, "/api/", elsewhere)
    metrics = Metrics(context, is_carrier_ok, count)
    api = create_api(context)
    metrics.count_triggers_of(api)
    for blueprint in (api, create_health(context, is_carrier_ok), create_metrics(context, metrics)):
        problems.handle_in(blueprint)
        app.register_api(blueprint)
    app.register_blueprint(create_description())

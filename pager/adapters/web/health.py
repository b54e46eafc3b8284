"""Whether the service is alive and does its work, for load balancers and for people who watch it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Response
from flask_openapi3.blueprint import APIBlueprint

from pager.adapters.web.api_keys import find_key
from pager.adapters.web.operations import KEY, SERVICE, Operations
from pager.adapters.web.schemas import Health, Liveness
from pager.domain.authority import SCOPES, Deed, may
from pager.lifecycle.ports import StoreUnavailableError
from pager.lifecycle.trigger import ENGINE_IS_SILENT_AFTER
from pager.lifecycle.turn import Context, reading

CHECKS = ("database", "engine", "unsent", "carrier")  # the names that `failing` may hold
UNSENT_IS_LATE_AFTER_SECONDS = 30.0


@dataclass(frozen=True)
class Vitals:
    """How the service does. `engine_lag_seconds` is None where no engine has ever beaten or the database is away,
    `oldest_unsent_seconds` where nothing is unsent or the database is away. `is_rate_the_limit`: something that is
    due waits for the carrier's messages or calls a second.
    """

    is_database_ok: bool
    is_carrier_ok: bool
    is_rate_the_limit: bool = False
    engine_lag_seconds: float | None = None
    oldest_unsent_seconds: float | None = None

    def failing(self) -> Iterator[str]:
        """Yield the name of each part that fails."""
        if not self.is_database_ok:
            yield "database"  # what the others do is not known then
        elif self.engine_lag_seconds is None or self.engine_lag_seconds > ENGINE_IS_SILENT_AFTER.total_seconds():
            yield "engine"
        if self.oldest_unsent_seconds is not None and self.oldest_unsent_seconds >= UNSENT_IS_LATE_AFTER_SECONDS:
            yield "unsent"
        if not self.is_carrier_ok:
            yield "carrier"


def take_vitals(context: Context, is_carrier_ok: bool) -> Vitals:
    """Look how the service does; never raises because something is away."""
    if not context.store.is_reachable():
        return Vitals(is_database_ok=False, is_carrier_ok=is_carrier_ok)
    try:
        with reading(context) as turn:
            beat_at = turn.work.engines.last_beat_at()
            unsent_since = turn.work.deliveries.oldest_unsent(turn.now)
            # An engine in another process may have had its credentials refused.
            is_carrier_ok = is_carrier_ok and turn.work.engines.is_carrier_ok(turn.now - ENGINE_IS_SILENT_AFTER)
            is_rate_the_limit = turn.work.claims.next_slot_at(turn.now) is not None
    except StoreUnavailableError:
        return Vitals(is_database_ok=False, is_carrier_ok=is_carrier_ok)
    lag, unsent = (None if at is None else max(0.0, (turn.now - at).total_seconds()) for at in (beat_at, unsent_since))
    return Vitals(True, is_carrier_ok, is_rate_the_limit, engine_lag_seconds=lag, oldest_unsent_seconds=unsent)


class HealthCalls:
    """Neither call is ever refused: a key that cannot be read is none."""

    def __init__(self, context: Context, is_carrier_ok: Callable[[], bool]) -> None:
        self._context, self._is_carrier_ok = context, is_carrier_ok

    def livez(self) -> Response:
        """Tell whether process and database answer."""
        is_ok = self._context.store.is_reachable()
        return _answer(Liveness(status="ok" if is_ok else "failing"))

    def healthz(self) -> Response:
        """Tell what fails; to a key that may read, also by how much."""
        vitals = take_vitals(self._context, self._is_carrier_ok())
        failing = list(vitals.failing())
        told: dict[str, Any] = {"status": "failing" if failing else "ok", "failing": failing}
        if vitals.is_database_ok and self._may_read():
            told |= {
                "database": "ok",
                "engine_lag_seconds": vitals.engine_lag_seconds,
                "oldest_unsent_seconds": vitals.oldest_unsent_seconds,
                "carrier": "ok" if vitals.is_carrier_ok else "failing",
                "carrier_rate_is_the_limit": vitals.is_rate_the_limit,
            }
        return _answer(Health(**told))

    def _may_read(self) -> bool:
        try:
            key = find_key(self._context)
        except StoreUnavailableError:
            return False
        return key is not None and may(key, Deed.MEASURE)


def _answer(told: Liveness) -> Response:
    status = HTTPStatus.OK if told.status == "ok" else HTTPStatus.SERVICE_UNAVAILABLE
    return Response(told.model_dump_json(exclude_unset=True), status, content_type="application/json")


def create_health(context: Context, is_carrier_ok: Callable[[], bool]) -> APIBlueprint:
    """Return `/livez` and `/healthz`; `is_carrier_ok` tells whether the carrier takes our credentials."""
    health = APIBlueprint("health", __name__, abp_tags=[SERVICE])
    operations, calls = Operations(health, context), HealthCalls(context, is_carrier_ok)
    operations.get("/livez", calls.livez, deed=None, gives={200: Liveness, 503: Liveness})
    operations.get(
        "/healthz",
        calls.healthz,
        deed=None,
        gives={200: Health, 503: Health},
        security=[{}, *({KEY: [scope.value]} for scope in SCOPES[Deed.MEASURE])],
    )
    return health

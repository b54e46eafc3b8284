"""The call that opens an encounter and pages. Of its content only the station and the callback can refuse it."""

from __future__ import annotations

import hashlib
import hmac
from http import HTTPStatus
from typing import Any

from flask import Response, url_for

from pager.adapters.web.answers import encounter_with_warnings
from pager.adapters.web.api_keys import acting, current_key, require_station, sent_secret
from pager.adapters.web.json_body import canonical, read_object, storable
from pager.adapters.web.operations import answer
from pager.adapters.web.schemas import TriggerHeaders
from pager.domain.authority import Deed
from pager.domain.readable import full_number
from pager.domain.trigger_request import read_trigger
from pager.lifecycle.trigger import Idempotency, trigger
from pager.lifecycle.turn import Context

EMPTY_KEY = "Idempotency-Key left out: it is empty; the same request again would page again"


class TriggerCall:
    """`POST /encounters`."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def trigger(self, header: TriggerHeaders) -> Response:
        """Open an encounter and page every agency that the station's policy names."""
        body = storable(read_object())
        request = read_trigger(body, self._known_callback(body))
        require_station(Deed.OPEN, request.station)
        done = trigger(acting(self._context), request, _idempotency(header.idempotency_key, body))
        warnings = [*done.warnings, EMPTY_KEY] if header.idempotency_key == "" else done.warnings
        return answer(
            encounter_with_warnings(done.overview, warnings),
            HTTPStatus.CREATED if done.is_new else HTTPStatus.OK,
            Location=url_for("api.encounter", reference=done.overview.encounter.reference),
        )

    def _known_callback(self, body: dict[str, Any]) -> str | None:
        """Return the callback as a note may hold it, None where it cannot be read."""
        callback = body.get("callback")
        number = self._context.read_number(callback) if isinstance(callback, str) else None
        return None if number is None else full_number(number.e164, number.extension)


def _idempotency(key: str | None, body: dict[str, Any]) -> Idempotency | None:
    """Return the request's idempotency, as hashes: key and body may be long, or hold what is not ours to keep.

    They are keyed with the client's secret, which we do not keep: who steals the database cannot try out names.
    """
    if not key:
        return None
    return Idempotency(current_key().id, _hash(key), _hash(canonical(body)))


def _hash(text: str) -> str:
    return hmac.new((sent_secret() or "").encode(), text.encode(), hashlib.sha256).hexdigest()

"""Counts and gauges for Prometheus. No label names a station, an agency or an encounter."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from flask import Response, request
from flask_openapi3.blueprint import APIBlueprint
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from werkzeug.exceptions import Forbidden

from pager.adapters.web.api_keys import current_key
from pager.adapters.web.health import CHECKS, Vitals, take_vitals
from pager.adapters.web.operations import SERVICE, Operations
from pager.domain.authority import Deed, may_to
from pager.lifecycle.turn import Context

TRIGGER_ENDPOINT = "api.trigger"
RESULTS = {201: "opened", 200: "repeated"}
REFUSED, FAILED = "refused", "failed"


class Counts(Protocol):
    """What the database holds at one instant; drills count like any other."""

    @property
    def open_encounters(self) -> int: ...
    @property
    def pages(self) -> Mapping[str, int]:
        """Pages of open encounters by state."""
        ...

    @property
    def deliveries(self) -> Mapping[str, int]:
        """Deliveries on their way, `queued` and `sending`."""
        ...


class Gauges(Collector):
    """What is read from the database at each scrape."""

    def __init__(self, context: Context, is_carrier_ok: Callable[[], bool], count: Callable[[], Counts]) -> None:
        self._context, self._is_carrier_ok, self._count = context, is_carrier_ok, count

    def describe(self) -> list[GaugeMetricFamily]:
        """Describe nothing beforehand, so that registering does not read the database."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        counts, vitals = self._count(), take_vitals(self._context, self._is_carrier_ok())
        lag, unsent = vitals.engine_lag_seconds, vitals.oldest_unsent_seconds
        yield GaugeMetricFamily("pager_open_encounters", "Encounters that are open", counts.open_encounters)
        yield _by_state("pager_pages", "Pages of open encounters", counts.pages)
        yield _by_state("pager_deliveries", "Messages and calls that are on their way", counts.deliveries)
        yield GaugeMetricFamily(
            "pager_engine_lag_seconds", "Since the engine's last beat; +Inf: never", math.inf if lag is None else lag
        )
        yield GaugeMetricFamily("pager_oldest_unsent_seconds", "How long the longest due waits; 0: none", unsent or 0.0)
        yield _healthy(vitals)
        yield GaugeMetricFamily(
            "pager_rate_is_the_limit",
            "1: something waits for the carrier's rate alone",
            float(vitals.is_rate_the_limit),
        )


def _healthy(vitals: Vitals) -> GaugeMetricFamily:
    family = GaugeMetricFamily("pager_healthy", "1: this part works, 0: it fails, as /healthz says", labels=["check"])
    failing = set(vitals.failing())
    for check in CHECKS:
        family.add_metric([check], float(check not in failing))
    return family


def _by_state(name: str, documentation: str, counts: Mapping[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, documentation, labels=["state"])
    for state, count in counts.items():
        family.add_metric([state], count)
    return family


class Metrics:
    """The registry of one process: its triggers, and what all processes share in the database."""

    def __init__(self, context: Context, is_carrier_ok: Callable[[], bool], count: Callable[[], Counts]) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(Gauges(context, is_carrier_ok, count))
        self._triggers = Counter(
            "pager_triggers", "Answers to triggers by this process", ["result"], registry=self.registry
        )
        for result in (*RESULTS.values(), REFUSED, FAILED):
            self._triggers.labels(result)

    def count_triggers_of(self, api: APIBlueprint) -> None:
        """Count each answer to a trigger by what became of it."""
        api.after_request(self._count_trigger)

    def _count_trigger(self, response: Response) -> Response:
        if request.endpoint == TRIGGER_ENDPOINT:
            otherwise = FAILED if response.status_code >= 500 else REFUSED
            self._triggers.labels(RESULTS.get(response.status_code, otherwise)).inc()
        return response

    def metrics(self) -> Response:
        """Show counts and gauges in Prometheus's text format; they are of all stations."""
        if not may_to(current_key(), Deed.MEASURE):
            raise Forbidden("The metrics are of all stations; this key is for some.")
        return Response(generate_latest(self.registry), content_type=CONTENT_TYPE_LATEST)


def create_metrics(context: Context, metrics: Metrics) -> APIBlueprint:
    """Return `/metrics`."""
    blueprint = APIBlueprint("metrics", __name__, abp_tags=[SERVICE])
    text = {"description": "OK", "content": {"text/plain": {"schema": {"type": "string"}}}}
    Operations(blueprint, context).get("/metrics", metrics.metrics, deed=Deed.MEASURE, gives={200: text})
    return blueprint

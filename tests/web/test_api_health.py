"""What load balancers and watchers are told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from pager.domain.rate import Rates
from tests.web.api_support import MINUTE, TRIGGER, Service


def samples(service: Service) -> dict[tuple[str, ...], float]:
    """Return the metrics by name and the values of their labels."""
    text = service.get("/metrics").text
    found = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {(sample.name, *sample.labels.values()): sample.value for sample in found}


def test_is_well(service: Service) -> None:
    assert service.get("/livez", key="").json == {"status": "ok"}
    healthy = service.get("/healthz", key="")
    assert (healthy.status_code, healthy.json) == (200, {"status": "ok", "failing": []})


def test_tells_a_reading_key_by_how_much(service: Service) -> None:
    service.clock.move(timedelta(seconds=3))
    assert service.get("/healthz").json == {
        "status": "ok",
        "failing": [],
        "database": "ok",
        "engine_lag_seconds": 3.0,
        "oldest_unsent_seconds": None,
        "carrier": "ok",
        "carrier_rate_is_the_limit": False,
    }


@pytest.mark.parametrize("key", ["", "trigger", "wrong", "gone"])
def test_is_refused_to_nobody_and_tells_others_no_more(service: Service, key: str) -> None:
    assert set(service.get("/healthz", key=key).json) == {"status", "failing"}


def test_tells_that_the_engine_is_silent(service: Service) -> None:
    service.clock.move(timedelta(seconds=10))
    assert service.get("/healthz").json["failing"] == []
    service.clock.move(timedelta(seconds=1))
    failing = service.get("/healthz")
    assert (failing.status_code, failing.json["status"], failing.json["failing"]) == (503, "failing", ["engine"])


def test_tells_that_something_waits_unsent(service: Service) -> None:
    service.open()
    service.clock.move(timedelta(seconds=29))
    service.beat()
    assert service.get("/healthz").json["failing"] == []
    service.clock.move(timedelta(seconds=1))
    failing = service.get("/healthz").json
    assert (failing["failing"], failing["oldest_unsent_seconds"]) == (["unsent"], 30.0)


def test_tells_that_the_carrier_refuses_us(service: Service) -> None:
    service.carrier[0] = False
    failing = service.get("/healthz")
    assert (failing.status_code, failing.json["failing"], failing.json["carrier"]) == (503, ["carrier"], "failing")
    assert service.get("/livez").status_code == 200


@pytest.mark.parametrize("key", ["", "read"])
def test_tells_that_the_database_is_away(service: Service, key: str) -> None:
    service.store.is_away = True
    failing = service.get("/healthz", key=key)
    assert (failing.status_code, failing.json) == (503, {"status": "failing", "failing": ["database"]})
    assert service.get("/livez", key="").status_code == 503


def test_counts_what_is_open(service: Service) -> None:
    ended, open_ = service.open(), service.open()
    service.post(f"{ended}/cancel")
    service.post(f"{open_}/pages/dcfs/acknowledge", {"responder": "dcfs-ana"})
    found = samples(service)
    assert found["pager_open_encounters",] == 1
    assert (found["pager_pages", "paging"], found["pager_pages", "acknowledged"]) == (1, 1)
    assert found["pager_pages", "on_scene"] == 0
    assert found["pager_deliveries", "queued"] > 0
    assert found["pager_deliveries", "sending"] == 0


def test_gauges_lag_and_what_waits(service: Service) -> None:
    service.open()
    service.clock.move(MINUTE)
    found = samples(service)
    assert (found["pager_engine_lag_seconds",], found["pager_oldest_unsent_seconds",]) == (60, 60)


def test_gauges_what_fails(service: Service) -> None:
    def healthy() -> dict[str, float]:
        found = samples(service)
        return {check: found["pager_healthy", check] for check in ("database", "engine", "unsent", "carrier")}

    assert healthy() == {"database": 1, "engine": 1, "unsent": 1, "carrier": 1}
    service.open()
    service.carrier[0] = False
    service.clock.move(MINUTE)
    assert healthy() == {"database": 1, "engine": 0, "unsent": 0, "carrier": 0}


def test_gauges_whether_the_rate_is_the_limit(service: Service) -> None:
    service.open()
    assert samples(service)["pager_rate_is_the_limit",] == 0
    with service.context.store.writing() as work:
        work.claims.claim(service.clock.now(), 1, MINUTE, Rates(messages=1, calls=1), service.context.senders)
    assert samples(service)["pager_rate_is_the_limit",] == 1


def test_counts_triggers_by_what_became_of_them(service: Service) -> None:
    for _ in range(2):
        service.post("/encounters", TRIGGER, Idempotency_Key="a")
    service.post("/encounters", {})
    service.post("/encounters", TRIGGER, key="wrong")
    service.store.is_away = True
    service.post("/encounters", TRIGGER)
    service.store.is_away = False
    service.show(f"/encounters/{service.get('/api/v1/encounters').json['items'][0]['reference']}")
    found = samples(service)
    counted = {result: found["pager_triggers_total", result] for result in ("opened", "repeated", "refused", "failed")}
    assert counted == {"opened": 1, "repeated": 1, "refused": 2, "failed": 1}


def test_no_metric_names_a_station_an_agency_or_an_encounter(service: Service) -> None:
    path = service.open()
    text = service.get("/metrics").text
    assert not [word for word in ("compton", "dcfs", "probation", path[-5:]) if word in text]


def test_metrics_need_the_database(service: Service) -> None:
    service.store.is_away = True
    assert service.get("/metrics").status_code == 503

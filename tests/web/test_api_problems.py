"""Errors of the API are problems (RFC 9457), whatever went wrong."""

from __future__ import annotations

import logging
from typing import NoReturn

import pytest

from pager.lifecycle.ports import StoreConflictError
from tests.web.api_support import FALLBACK, TRIGGER, FakePolicies, Service


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/api/nothing", 404),
        ("PUT", "/api/v1/encounters", 405),
        ("DELETE", "/api/v1/encounters/7K2QD", 405),
        ("GET", "/api/v1/encounters/7K2QD", 404),
        ("POST", "/api/v1/encounters/", 404),
    ],
)
def test_every_error_is_a_problem(service: Service, method: str, path: str, status: int) -> None:
    failed = service.call(method, path, "admin")
    assert (failed.status_code, failed.content_type) == (status, "application/problem+json")
    assert (failed.json["type"], failed.json["status"]) == ("about:blank", status)
    assert failed.json["title"]
    assert failed.json["detail"]


def test_a_refused_method_says_which_are_allowed(service: Service) -> None:
    refused = service.call("PUT", "/api/v1/encounters", key="")
    assert {"GET", "POST"} <= set(refused.headers["Allow"].split(", "))


def test_an_error_elsewhere_is_left_to_others(service: Service) -> None:
    assert service.get("/nothing").content_type.startswith("text/html")


def test_a_trigger_to_an_address_with_a_slash_too_many_still_tells_whom_to_telephone(service: Service) -> None:
    assert service.post("/encounters/", TRIGGER).json["detail"].endswith(FALLBACK)


def test_a_fault_of_ours_shows_nothing_of_itself(
    service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_self: object, _name: str) -> NoReturn:
        raise ArithmeticError("a secret")

    monkeypatch.setattr(FakePolicies, "get", broken)
    with caplog.at_level(logging.CRITICAL):
        failed = service.post("/encounters", TRIGGER)
    assert (failed.status_code, failed.content_type) == (500, "application/problem+json")
    assert "secret" not in failed.text
    assert failed.json["detail"].endswith(FALLBACK)


def test_a_conflict_that_stays_is_told_as_unavailable(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    def conflicting() -> None:
        raise StoreConflictError("twice")

    monkeypatch.setattr(service.store, "writing", conflicting)
    failed = service.post("/encounters", TRIGGER)
    assert (failed.status_code, failed.json["detail"].endswith(FALLBACK)) == (503, True)


def test_the_database_away_is_unavailable_for_every_call(service: Service) -> None:
    path = service.open()
    service.store.is_away = True
    for failed in (service.get("/api/v1/encounters"), service.post(f"{path}/cancel"), service.get("/api/v1/oncall")):
        assert (failed.status_code, failed.content_type) == (503, "application/problem+json")
        assert "Retry-After" in failed.headers

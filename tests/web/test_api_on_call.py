"""Who is on call, over HTTP."""

from __future__ import annotations

import pytest

from tests.web.api_support import Service


def test_shows_each_tier_of_one_agency_at_one_station(service: Service) -> None:
    found = service.get("/api/v1/oncall?agency=dcfs&station=compton").json
    assert found["at"] == "2026-01-05T20:00:00.000Z"
    assert found["items"] == [
        {
            "agency": "dcfs",
            "station": "compton",
            "tiers": {
                "primary": {"responder": "dcfs-ana", "name": "Ana", "channels": ["sms", "voice"]},
                "backup": {"responder": "dcfs-ben", "name": "Ben", "channels": ["sms", "voice"]},
                "supervisor": None,
            },
            "duty_phone": True,
        }
    ]


def test_shows_every_agency_at_every_active_station(service: Service) -> None:
    items = service.get("/api/v1/oncall").json["items"]
    assert [(item["station"], item["agency"]) for item in items] == [
        ("compton", "dcfs"),
        ("compton", "probation"),
        ("lancaster", "dcfs"),
        ("lancaster", "probation"),
    ]


def test_holds_no_telephone_number(service: Service) -> None:
    assert "555" not in service.get("/api/v1/oncall").text


@pytest.mark.parametrize(
    "at",
    ["2025-12-31T23:59:59Z", "2026-01-01T07:59:59%2B08:00", "2026-01-01T07:59:59 08:00", "2025-12-31T23:59:59-0000"],
)
def test_shows_another_instant_in_any_zone(service: Service, at: str) -> None:
    found = service.get(f"/api/v1/oncall?agency=dcfs&station=compton&at={at}").json
    assert found["at"] == "2025-12-31T23:59:59.000Z"
    assert found["items"][0]["tiers"]["primary"] is None


@pytest.mark.parametrize(
    "at",
    ["", "noon", "2026-01-05", "2026-01-05T12:00:00", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00%2B12:00", "%00"],
)
def test_a_time_needs_its_zone(service: Service, at: str) -> None:
    refused = service.get(f"/api/v1/oncall?at={at}")
    assert (refused.status_code, refused.json["field"]) == (422, "at")
    assert "2026-01-05T15:45:00Z" in refused.json["detail"]


@pytest.mark.parametrize("field", ["agency", "station"])
@pytest.mark.parametrize("value", ["", "nowhere", "closed", "%00"])
def test_says_which_are_known(service: Service, field: str, value: str) -> None:
    refused = service.get(f"/api/v1/oncall?{field}={value}")
    assert (refused.status_code, refused.json["field"]) == (422, field)
    assert "known are:" in refused.json["detail"]

"""Who may do what: no key, a wrong one, too small a scope, and keys made for some stations."""

from __future__ import annotations

import pytest

from pager.adapters.db.keys import SqlKeys
from pager.domain.api_key import hash_secret
from tests.web.api_support import FALLBACK, TRIGGER, Service

LANCASTER = TRIGGER | {"station": "lancaster"}


@pytest.mark.parametrize("key", ["", "wrong", "gone", "\xff"])
def test_refuses_a_trigger_without_a_valid_key(service: Service, key: str) -> None:
    refused = service.post("/encounters", TRIGGER, key=key)
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"] == "Bearer"
    assert refused.json["detail"].endswith(FALLBACK)


@pytest.mark.parametrize("header", ["Basic dHJpZ2dlcjo=", "Bearer", "Bearer ", "trigger", "Bearer trigger more"])
def test_refuses_what_is_no_bearer_key(service: Service, header: str) -> None:
    refused = service.post("/encounters", TRIGGER, key="", Authorization=header)
    assert refused.status_code == 401


@pytest.mark.parametrize("header", ["bearer trigger", "BEARER  trigger "])
def test_takes_the_scheme_in_any_case(service: Service, header: str) -> None:
    opened = service.post("/encounters", TRIGGER, key="", Authorization=header)
    assert opened.status_code == 201


def test_asks_for_the_key_before_it_looks_at_the_request(service: Service) -> None:
    assert service.post("/encounters", ["no object"], key="").status_code == 401
    assert service.get("/api/v1/encounters?limit=x", key="").status_code == 401


def test_a_reading_key_pages_nobody_and_changes_nothing(service: Service) -> None:
    path = service.open()
    refused = service.post("/encounters", TRIGGER, key="read")
    assert (refused.status_code, refused.json["detail"].endswith(FALLBACK)) == (403, True)
    assert service.post(f"{path}/cancel", key="read").status_code == 403
    assert service.show(path)["state"] == "open"


def test_an_admin_key_may_page_and_read(service: Service) -> None:
    opened = service.post("/encounters", TRIGGER, key="admin")
    assert opened.status_code == 201
    assert service.get("/api/v1/encounters", key="admin").json["items"][0]["reference"] == opened.json["reference"]


@pytest.mark.parametrize("path", ["/api/v1/encounters", "/api/v1/oncall", "/metrics"])
def test_a_trigger_key_neither_lists_nor_sees_rosters_or_metrics(service: Service, path: str) -> None:
    assert service.get(path, key="trigger").status_code == 403
    assert service.get(path, key="compton").status_code == 403


def test_a_trigger_key_without_stations_acts_on_and_reads_every_station(service: Service) -> None:
    path = service.open(station="lancaster")
    assert service.get(f"/api/v1{path}", key="trigger").status_code == 200
    assert service.get(f"/api/v1{path}/timeline", key="trigger").status_code == 200
    assert service.post(f"{path}/cancel", key="trigger").status_code == 200


def test_a_key_of_one_station_pages_for_that_one_only(service: Service) -> None:
    refused = service.post("/encounters", LANCASTER, key="compton")
    assert (refused.status_code, refused.json["detail"].endswith(FALLBACK)) == (403, True)
    assert "compton only" in refused.json["detail"]
    assert service.post("/encounters", TRIGGER, key="compton").status_code == 201


CALLS_ON_ONE: dict[str, dict[str, object] | None] = {
    "": None,
    "/timeline": None,
    "/cancel": {},
    "/close": {},
    "/correct": {"callback": "310-555-0111"},
    "/pages/dcfs/acknowledge": {"responder": "dcfs-ana"},
    "/pages/dcfs/on-scene": {},
    "/pages/dcfs/release": {},
    "/pages/dcfs/undo": {},
    "/pages/dcfs/page": {},
    "/pages": {"agency": "dcfs"},
    "/follow-ups/health_evaluation": {"outcome": "completed"},
}


def test_an_encounter_of_another_station_does_not_exist(service: Service) -> None:
    path = service.open(station="compton")
    before = service.show(path)
    for call, body in CALLS_ON_ONE.items():
        if body is None:
            found = service.get(f"/api/v1{path}{call}", key="lancaster-trigger")
        else:
            found = service.post(f"{path}{call}", body, key="lancaster-trigger")
        assert found.status_code == 404, call
        assert service.show(path) == before, call


def test_a_key_of_one_station_lists_that_one_only(service: Service) -> None:
    service.open(station="compton")
    theirs = service.open(station="lancaster")
    listed = service.get("/api/v1/encounters", key="lancaster").json["items"]
    assert [f"/encounters/{one['reference']}" for one in listed] == [theirs]


def test_an_encounter_belongs_to_every_station_that_it_has_had(service: Service) -> None:
    path = service.open(station="compton")
    service.post(f"{path}/correct", {"station": "lancaster"})
    assert service.get(f"/api/v1{path}", key="compton").status_code == 200
    assert service.get(f"/api/v1{path}", key="lancaster").status_code == 200
    assert len(service.get("/api/v1/encounters", key="lancaster").json["items"]) == 1


def test_a_key_of_one_station_does_not_move_an_encounter_to_another(service: Service) -> None:
    path = service.open()
    refused = service.post(f"{path}/correct", {"station": "lancaster"}, key="compton")
    assert refused.status_code == 403
    assert service.show(path)["station"] == "compton"


def test_a_key_of_one_station_sees_that_roster_only(service: Service) -> None:
    listed = service.get("/api/v1/oncall", key="lancaster").json["items"]
    assert {item["station"] for item in listed} == {"lancaster"}
    assert service.get("/api/v1/oncall?station=compton", key="lancaster").status_code == 403
    assert service.get("/metrics", key="lancaster").status_code == 403


def test_a_key_is_looked_up_by_its_hash_alone(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def find_nothing(_: SqlKeys, hash_: str) -> None:
        asked.append(hash_)

    monkeypatch.setattr(SqlKeys, "by_hash", find_nothing)
    guesses = ("read", "rea", "wrong", "x" * 5000)
    for key in guesses:
        assert service.get("/api/v1/encounters", key=key).status_code == 401
    assert asked == [hash_secret(key) for key in guesses]

"""Opening an encounter over HTTP: what is answered, and what cannot refuse it."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.web.api_support import FALLBACK, MINUTE, TRIGGER, Service


def test_answers_with_the_encounter_once_it_is_stored(service: Service) -> None:
    opened = service.post("/encounters", TRIGGER)
    reference = opened.json["reference"]
    assert opened.status_code == 201
    assert opened.headers["Location"] == f"/api/v1/encounters/{reference}"
    assert opened.json["warnings"] == []
    without_warnings = {name: value for name, value in opened.json.items() if name != "warnings"}
    assert service.show(f"/encounters/{reference}") == without_warnings


def test_shows_the_encounter_as_the_interface_has_it(service: Service) -> None:
    found = service.show(service.open(callback="310-555-0100 x12"))
    page = found["pages"][0]
    assert found["callback"] == "+13105550100"
    assert found["callback_extension"] == "12"
    assert (found["state"], found["drill"], found["policy"]) == ("open", False, "first-responder")
    assert (found["opened_at"], found["respond_by"]) == ("2026-01-05T20:00:00.000Z", "2026-01-05T21:30:00.000Z")
    assert page == {
        "agency": "dcfs",
        "state": "paging",
        "round": 1,
        "rung": 0,
        "next_rung_at": "2026-01-05T20:02:00.000Z",
        "acknowledged_at": None,
        "acknowledged_by": None,
        "eta": None,
        "on_scene_at": None,
        "late": False,
        "standby": [],
    }
    assert found["follow_ups"] == [
        {"name": "health_evaluation", "agency": "dcfs", "due_at": "2026-01-08T20:00:00.000Z", "outcome": None}
    ]


def test_leaves_out_an_agency_where_the_policy_lets_it(service: Service) -> None:
    found = service.show(service.open(leave_out=["probation"]))
    assert found["left_out"] == ["probation"]
    assert [page["agency"] for page in found["pages"]] == ["dcfs"]


@pytest.mark.parametrize(
    ("extra", "warning"),
    [
        ({"name": "x"}, "unknown field left out: name"),
        ({"Name of child": "x"}, "an unknown field was left out"),
        ({"drill": "yes"}, "drill left out"),
        ({"updates": "fax"}, "updates left out"),
        ({"leave_out": 5}, "leave_out left out"),
        ({"leave_out": ["dcfs"]}, "does not let dcfs be left out"),
        ({"note": 5}, "note left out"),
        ({"note": "born 3/4/2010"}, "holds a date"),
    ],
)
def test_pages_all_the_same_and_says_what_was_left_out(
    service: Service, extra: dict[str, object], warning: str
) -> None:
    opened = service.post("/encounters", TRIGGER | extra)
    assert opened.status_code == 201
    assert [page["agency"] for page in opened.json["pages"]] == ["dcfs", "probation"]
    assert any(warning in one for one in opened.json["warnings"])


def test_keeps_a_note_that_holds_the_callback(service: Service) -> None:
    path = service.open(note="ring 310-555-0100 at the back door")
    opened = service.get(f"/api/v1{path}/timeline", "trigger").json["items"][0]
    assert (opened["kind"], opened["words"]) == ("opened", "ring 310-555-0100 at the back door")


def test_says_that_the_engine_is_silent(service: Service) -> None:
    service.clock.move(timedelta(seconds=11))
    warnings = service.post("/encounters", TRIGGER).json["warnings"]
    assert any("engine" in one and FALLBACK in one for one in warnings)


def test_warns_of_a_station_that_is_not_live_yet(service: Service) -> None:
    opened = service.post("/encounters", TRIGGER | {"station": "lancaster"})
    assert (opened.status_code, len(opened.json["warnings"])) == (201, 1)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"callback": "310-555-0100"}, "station"),
        ({"station": "compton"}, "callback"),
        ({"station": "nowhere", "callback": "310-555-0100"}, "station"),
        ({"station": "closed", "callback": "310-555-0100"}, "station"),
        ({"station": "compton", "callback": "12"}, "callback"),
        ({"station": ["compton"], "callback": "310-555-0100"}, "station"),
        ({"station": "compton", "callback": 3105550100}, "callback"),
        ({"station": "comp\0ton", "callback": "310-555-0100"}, "station"),
        ({"station": "\ud800", "callback": "310-555-0100"}, "station"),
        ({"station": "compton", "callback": "\ud800\0"}, "callback"),
    ],
)
def test_refuses_only_an_unknown_station_and_an_unusable_callback(
    service: Service, body: dict[str, object], field: str
) -> None:
    refused = service.post("/encounters", body)
    assert (refused.status_code, refused.json["field"]) == (422, field)
    assert refused.json["detail"].endswith(FALLBACK)


def test_the_same_idempotency_key_and_body_is_the_same_encounter(service: Service) -> None:
    first = service.post("/encounters", TRIGGER, Idempotency_Key="a")
    body_in_another_order = dict(reversed(TRIGGER.items()))
    second = service.post("/encounters", body_in_another_order, Idempotency_Key="a")
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json["reference"] == first.json["reference"]
    assert second.headers["Location"] == first.headers["Location"]


def test_the_same_idempotency_key_with_another_body_is_refused(service: Service) -> None:
    service.post("/encounters", TRIGGER, Idempotency_Key="a")
    refused = service.post("/encounters", TRIGGER | {"drill": True}, Idempotency_Key="a")
    assert refused.status_code == 422
    assert "idempotency key" in refused.json["detail"]
    assert refused.json["detail"].endswith(FALLBACK)


def test_what_is_kept_of_an_idempotency_key_and_body_cannot_be_tried_out_without_the_api_key(service: Service) -> None:
    guesses = ("Maria", json.dumps(TRIGGER | {"note": "Maria"}, sort_keys=True))
    service.post("/encounters", TRIGGER | {"note": "Maria"}, Idempotency_Key="Maria")
    with service.store.store.engine.connect() as connection:
        (kept,) = connection.execute(text("SELECT key, body_hash FROM idempotency_keys"))
    assert not {hashlib.sha256(guess.encode()).hexdigest() for guess in guesses} & set(kept)


def test_an_idempotency_key_belongs_to_one_api_key(service: Service) -> None:
    first = service.post("/encounters", TRIGGER, Idempotency_Key="a")
    other = service.post("/encounters", TRIGGER, key="admin", Idempotency_Key="a")
    assert other.status_code == 201
    assert other.json["reference"] != first.json["reference"]


@pytest.mark.parametrize(("hours", "status"), [(71, 200), (73, 201)])
def test_an_idempotency_key_holds_for_72_hours(service: Service, hours: int, status: int) -> None:
    service.post("/encounters", TRIGGER, Idempotency_Key="a")
    service.clock.move(timedelta(hours=hours))
    assert service.post("/encounters", TRIGGER, Idempotency_Key="a").status_code == status


def test_a_repeat_says_that_nobody_is_being_paged_any_more(service: Service) -> None:
    opened = service.post("/encounters", TRIGGER, Idempotency_Key="a")
    service.post(f"/encounters/{opened.json['reference']}/cancel")
    repeated = service.post("/encounters", TRIGGER, Idempotency_Key="a")
    assert (repeated.status_code, repeated.json["state"]) == (200, "cancelled")
    assert FALLBACK in repeated.json["warnings"][0]


def test_a_very_long_idempotency_key_holds_like_any_other(service: Service) -> None:
    first = service.post("/encounters", TRIGGER, Idempotency_Key="k" * 5000)
    assert service.post("/encounters", TRIGGER, Idempotency_Key="k" * 5000).json["reference"] == first.json["reference"]
    assert service.post("/encounters", TRIGGER, Idempotency_Key="k" * 4999).status_code == 201


def test_an_empty_idempotency_key_pages_and_is_told(service: Service) -> None:
    opened = service.post("/encounters", TRIGGER, Idempotency_Key="")
    assert opened.status_code == 201
    assert any("Idempotency-Key" in one for one in opened.json["warnings"])


def test_a_repeat_while_the_database_is_away_is_refused_like_a_first(service: Service) -> None:
    service.store.is_away = True
    refused = service.post("/encounters", TRIGGER, Idempotency_Key="a")
    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    assert refused.json["detail"].endswith(FALLBACK)


def test_warnings_are_in_that_answer_only(service: Service) -> None:
    path = service.open(name="x")
    service.clock.move(MINUTE)
    assert "warnings" not in service.show(path)
    assert "warnings" not in service.get("/api/v1/encounters").json["items"][0]

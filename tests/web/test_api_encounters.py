"""Calls on an encounter that is open, or was."""

from __future__ import annotations

import pytest

from tests.web.api_support import MINUTE, Service

DCFS = "/pages/dcfs"


def dcfs(service: Service, path: str) -> dict[str, object]:
    """Return DCFS's page."""
    pages: list[dict[str, object]] = service.show(path)["pages"]
    return pages[0]


def test_lists_newest_first_page_by_page(service: Service) -> None:
    paths = [service.open() for _ in range(5)]
    seen, cursor = [], ""
    for _ in range(3):
        listed = service.get(f"/api/v1/encounters?limit=2{cursor}").json
        seen += [f"/encounters/{one['reference']}" for one in listed["items"]]
        cursor = f"&cursor={listed['next']}"
    assert seen == paths[::-1]
    assert listed["next"] is None


def test_goes_on_where_it_was_while_new_encounters_open(service: Service) -> None:
    first, _, _ = (service.open() for _ in range(3))
    cursor = service.get("/api/v1/encounters?limit=2").json["next"]
    service.open()
    listed = service.get(f"/api/v1/encounters?limit=2&cursor={cursor}").json
    assert [f"/encounters/{one['reference']}" for one in listed["items"]] == [first]


def test_lists_one_state(service: Service) -> None:
    gone, _ = service.open(), service.open()
    service.post(f"{gone}/close")
    listed = service.get("/api/v1/encounters?state=closed").json["items"]
    assert [f"/encounters/{one['reference']}" for one in listed] == [gone]


def test_lists_nothing_where_there_is_nothing(service: Service) -> None:
    assert service.get("/api/v1/encounters?state=open").json == {"items": [], "next": None}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=many", "limit"),
        ("state=ended", "state"),
        ("cursor=17", "cursor"),
        ("cursor=2222B", "cursor"),
        ("cursor=%00", "cursor"),
        ("stat=open", "stat"),
    ],
)
def test_says_what_is_wrong_with_a_query(service: Service, query: str, field: str) -> None:
    refused = service.get(f"/api/v1/encounters?{query}")
    assert (refused.status_code, refused.json["field"]) == (422, field)


@pytest.mark.parametrize("reference", ["2222B", "7k2qd", "x", "%00", "%ED%A0%80", "a" * 3000])
def test_an_unknown_reference_is_not_found(service: Service, reference: str) -> None:
    assert service.get(f"/api/v1/encounters/{reference}").status_code == 404
    assert service.post(f"/encounters/{reference}/cancel").status_code == 404


def test_the_timeline_tells_all_in_order_with_its_data(service: Service) -> None:
    path = service.open()
    service.post(f"{path}{DCFS}/acknowledge", {"responder": "dcfs-ana", "eta_minutes": 25})
    service.post(f"{path}/cancel", {"reason": "duplicate"})
    items = service.get(f"/api/v1{path}/timeline", "trigger").json["items"]
    by_kind = {item["kind"]: item for item in items}
    assert [items[0]["kind"], items[0]["at"]] == ["opened", "2026-01-05T20:00:00.000Z"]
    assert by_kind["acknowledged"]["eta"] == "2026-01-05T20:25:00.000Z"
    assert by_kind["acknowledged"]["responder"] == "dcfs-ana"
    assert by_kind["cancelled"]["words"] == "duplicate"
    assert "words" not in by_kind["acknowledged"]


def test_the_timeline_says_who_was_paged_how(service: Service) -> None:
    paged = service.get(f"/api/v1{service.open()}/timeline").json["items"][1]
    assert (paged["kind"], paged["agency"], paged["responder"]) == ("paged", "dcfs", "dcfs-ana")
    assert (paged["round"], paged["rung"], paged["by"]) == (1, 0, ["sms"])


@pytest.mark.parametrize(
    ("call", "state", "outcome"), [("close", "closed", None), ("cancel", "cancelled", "not_needed")]
)
def test_ends_every_page(service: Service, call: str, state: str, outcome: str | None) -> None:
    path = service.open()
    service.clock.move(MINUTE)
    ended = service.post(f"{path}/{call}")
    assert (ended.status_code, ended.json["state"], ended.json["warnings"]) == (200, state, [])
    assert ended.json["ended_at"] == "2026-01-05T20:01:00.000Z"
    assert {page["state"] for page in ended.json["pages"]} == {state}
    assert {page["next_rung_at"] for page in ended.json["pages"]} == {None}
    assert ended.json["follow_ups"][0]["outcome"] == outcome


def test_ending_what_has_ended_so_changes_nothing_and_otherwise_is_a_conflict(service: Service) -> None:
    path = service.open()
    first = service.post(f"{path}/close")
    service.clock.move(MINUTE)
    assert service.post(f"{path}/close").json == first.json
    conflict = service.post(f"{path}/cancel")
    assert conflict.status_code == 409
    assert "closed" in conflict.json["detail"]


def test_says_that_a_reason_was_not_kept(service: Service) -> None:
    path = service.open()
    ended = service.post(f"{path}/cancel", {"reason": "her birthday is 3/4/2010"})
    assert (ended.status_code, len(ended.json["warnings"])) == (200, 1)
    assert "2010" not in service.get(f"/api/v1{path}/timeline").text


def test_corrects_station_and_callback(service: Service) -> None:
    path = service.open()
    corrected = service.post(f"{path}/correct", {"station": "lancaster", "callback": "310-555-0111"})
    assert corrected.status_code == 200
    assert (corrected.json["station"], corrected.json["callback"]) == ("lancaster", "+13105550111")


@pytest.mark.parametrize(
    "body",
    [{"station": "nowhere"}, {"callback": "12"}, {"callback": "310-555-0111", "station": "closed"}, {"reason": "x"}],
)
def test_a_bad_correction_changes_nothing(service: Service, body: dict[str, str]) -> None:
    path = service.open()
    before = service.show(path)
    assert service.post(f"{path}/correct", body).status_code == 422
    assert service.show(path) == before


def test_acknowledges_for_a_responder(service: Service) -> None:
    path = service.open()
    found = service.post(f"{path}{DCFS}/acknowledge", {"responder": "dcfs-ben", "eta_minutes": 25})
    page = found.json["pages"][0]
    assert (found.status_code, page["state"], page["acknowledged_by"]) == (200, "acknowledged", "dcfs-ben")
    assert (page["eta"], page["next_rung_at"]) == ("2026-01-05T20:25:00.000Z", None)


def test_shows_who_stands_by(service: Service) -> None:
    path = service.open()
    for responder in ("dcfs-ana", "dcfs-ben"):
        service.post(f"{path}{DCFS}/acknowledge", {"responder": responder})
    assert (dcfs(service, path)["acknowledged_by"], dcfs(service, path)["standby"]) == ("dcfs-ana", ["dcfs-ben"])


def test_acknowledging_again_changes_nothing(service: Service) -> None:
    path = service.open()
    first = service.post(f"{path}{DCFS}/acknowledge", {"responder": "dcfs-ana"})
    service.clock.move(MINUTE)
    again = service.post(f"{path}{DCFS}/acknowledge", {"responder": "dcfs-ana"})
    assert (again.status_code, again.json) == (200, first.json)


@pytest.mark.parametrize("minutes", [0, 1000, -5, "25", 2.5, True])
def test_an_eta_is_between_1_and_999_minutes(service: Service, minutes: object) -> None:
    path = service.open()
    refused = service.post(f"{path}{DCFS}/acknowledge", {"responder": "dcfs-ana", "eta_minutes": minutes})
    assert (refused.status_code, refused.json["field"]) == (422, "eta_minutes")
    assert dcfs(service, path)["state"] == "paging"


@pytest.mark.parametrize("responder", ["probation-kim", "nobody", "", "a\0b", "\ud800", 7])
def test_only_the_agencys_own_responder_can_acknowledge(service: Service, responder: object) -> None:
    path = service.open()
    refused = service.post(f"{path}{DCFS}/acknowledge", {"responder": responder})
    assert (refused.status_code, refused.json["field"]) == (422, "responder")


def test_arrives_and_then_cannot_be_released(service: Service) -> None:
    path = service.open()
    service.post(f"{path}{DCFS}/acknowledge", {"responder": "dcfs-ana"})
    service.clock.move(MINUTE)
    assert service.post(f"{path}{DCFS}/on-scene").status_code == 200
    page = dcfs(service, path)
    assert (page["state"], page["on_scene_at"]) == ("on_scene", "2026-01-05T20:01:00.000Z")
    assert service.post(f"{path}{DCFS}/release").status_code == 409


def test_cannot_tell_who_arrived_where_nobody_acknowledged(service: Service) -> None:
    refused = service.post(f"{service.open()}{DCFS}/on-scene")
    assert (refused.status_code, refused.json["field"]) == (422, "responder")


def test_a_release_pages_again(service: Service) -> None:
    path = service.open()
    service.post(f"{path}{DCFS}/acknowledge", {"responder": "dcfs-ana"})
    assert service.post(f"{path}{DCFS}/release", {"responder": "dcfs-ana"}).status_code == 200
    page = dcfs(service, path)
    assert (page["state"], page["round"], page["acknowledged_by"]) == ("paging", 2, None)


def test_nobody_can_be_released_from_a_page_that_nobody_took(service: Service) -> None:
    assert service.post(f"{service.open()}{DCFS}/release").status_code == 409


def test_takes_back_an_arrival_and_then_the_acknowledgement(service: Service) -> None:
    path = service.open()
    service.post(f"{path}{DCFS}/on-scene", {"responder": "dcfs-ana"})
    undone = service.post(f"{path}{DCFS}/undo")
    assert (undone.status_code, undone.json["pages"][0]["state"]) == (200, "acknowledged")
    assert service.post(f"{path}{DCFS}/undo").json["pages"][0]["round"] == 2
    refused = service.post(f"{path}{DCFS}/undo")
    assert (refused.status_code, "nothing to undo" in refused.json["detail"]) == (409, True)


def test_pages_the_next_rung_now_or_one_person(service: Service) -> None:
    path = service.open()
    assert service.post(f"{path}{DCFS}/page").json["pages"][0]["rung"] == 1
    assert service.post(f"{path}{DCFS}/page", {"responder": "dcfs-ben"}).status_code == 200
    assert service.post(f"{path}{DCFS}/page", {"responder": "dcfs-ben"}).status_code == 409
    refused = service.post(f"{path}{DCFS}/page", {"responder": "nobody"})
    assert (refused.status_code, refused.json["field"]) == (422, "responder")
    timeline = service.get(f"/api/v1{path}/timeline").json["items"]
    assert any(item["text"] == "paged by name" and item["responder"] == "dcfs-ben" for item in timeline)


def test_adds_an_agency_once(service: Service) -> None:
    path = service.open()
    agencies = [page["agency"] for page in service.show(path)["pages"]]
    again = service.post(f"{path}/pages", {"agency": "dcfs"})
    assert (again.status_code, [page["agency"] for page in again.json["pages"]]) == (200, agencies)
    refused = service.post(f"{path}/pages", {"agency": "fire"})
    assert (refused.status_code, refused.json["field"]) == (422, "agency")


@pytest.mark.parametrize("call", ["acknowledge", "on-scene", "release", "page"])
def test_a_page_of_an_ended_encounter_is_a_conflict(service: Service, call: str) -> None:
    path = service.open()
    service.post(f"{path}/cancel")
    assert service.post(f"{path}{DCFS}/{call}", {"responder": "dcfs-ana"}).status_code == 409


@pytest.mark.parametrize("agency", ["dmh", "%00", "DCFS"])
def test_an_agency_without_a_page_is_not_found(service: Service, agency: str) -> None:
    missing = service.post(f"{service.open()}/pages/{agency}/acknowledge", {"responder": "dcfs-ana"})
    assert missing.status_code == 404


def test_closes_a_follow_up_once(service: Service) -> None:
    path = f"{service.open()}/follow-ups/health_evaluation"
    closed = service.post(path, {"outcome": "declined"})
    assert (closed.status_code, closed.json["follow_ups"][0]["outcome"]) == (200, "declined")
    assert service.post(path, {"outcome": "declined"}).json == closed.json
    assert service.post(path, {"outcome": "completed"}).status_code == 409


@pytest.mark.parametrize("body", [None, {}, {"outcome": "done"}, {"outcome": None}, {"outcome": "completed", "x": 1}])
def test_an_outcome_is_one_of_three(service: Service, body: object) -> None:
    assert service.post(f"{service.open()}/follow-ups/health_evaluation", body).status_code == 422


def test_an_unknown_follow_up_is_not_found(service: Service) -> None:
    assert service.post(f"{service.open()}/follow-ups/nothing", {"outcome": "completed"}).status_code == 404


@pytest.mark.parametrize(
    "call", ["cancel", "close", "correct", "pages/dcfs/on-scene", "pages/dcfs/undo", "pages/dcfs/page"]
)
def test_an_unknown_field_is_refused_by_name(service: Service, call: str) -> None:
    path = service.open()
    refused = service.post(f"{path}/{call}", {"resaon": "duplicate"})
    assert (refused.status_code, refused.json["field"]) == (422, "resaon")
    assert service.show(path)["state"] == "open"


@pytest.mark.parametrize(
    "data", [b"[]", b"{", b"null", b'"x"', b"\xff", b"[" * 5000, b'{"reason":' + b"9" * 5000 + b"}"]
)
def test_a_body_that_is_no_object_changes_nothing(service: Service, data: bytes) -> None:
    path = service.open()
    assert service.post_raw(data, path=f"{path}/cancel").status_code == 400
    assert service.show(path)["state"] == "open"


def test_a_form_is_refused_and_an_empty_one_is_no_body(service: Service) -> None:
    path, form = service.open(), "application/x-www-form-urlencoded"
    assert service.post_raw("reason=x", form, f"{path}/cancel").status_code == 415
    assert service.post_raw("", form, f"{path}/cancel").status_code == 200

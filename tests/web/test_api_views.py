"""Who looked at an encounter is on its timeline, and what people wrote is for those who work with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from pager.lifecycle.ports import StoreUnavailableError, Work
from tests.web.api_support import MINUTE, Service

SHOWN = ("", "/timeline")


def views(service: Service, path: str) -> list[str]:
    """Return who is on the timeline for having looked, without looking."""
    with service.store.reading() as work:
        encounter = work.encounters.find(path.rpartition("/")[2])
        assert encounter is not None
        return [event.data["by"] for event in work.timeline.of(encounter.id) if event.kind == "viewed"]


@pytest.mark.parametrize("part", SHOWN)
def test_a_look_is_recorded_with_the_keys_name(service: Service, part: str) -> None:
    path = service.open()
    assert service.get(f"/api/v1{path}{part}").status_code == 200
    assert views(service, path) == ["key read"]


def test_a_look_shows_on_the_timeline_from_the_next_time_on(service: Service) -> None:
    path = service.open()
    first, second = (service.get(f"/api/v1{path}/timeline").json["items"] for _ in range(2))
    assert [item["kind"] for item in first if item["kind"] == "viewed"] == []
    assert second[:-1] == first
    assert (second[-1]["kind"], second[-1]["by"]) == ("viewed", "key read")


def test_who_looks_again_and_again_is_recorded_once_an_hour(service: Service) -> None:
    path = service.open()
    for minutes in (0, 1, 58, 1):
        service.clock.move(minutes * MINUTE)
        for part in SHOWN:
            service.get(f"/api/v1{path}{part}")
    assert views(service, path) == ["key read"] * 2


def test_each_encounter_and_each_viewer_counts_for_itself(service: Service) -> None:
    one, two = service.open(), service.open()
    for path, key in ((one, "read"), (two, "read"), (one, "compton")):
        service.get(f"/api/v1{path}", key)
    assert (views(service, one), views(service, two)) == (["key read", "key compton"], ["key read"])


def test_who_may_not_look_is_not_recorded(service: Service) -> None:
    path = service.open()
    assert service.get(f"/api/v1{path}", "lancaster").status_code == 404
    assert views(service, path) == []


@pytest.mark.parametrize("part", SHOWN)
def test_a_look_that_cannot_be_recorded_is_refused(
    service: Service, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    path = service.open()

    @contextmanager
    def refuse() -> Iterator[Work]:
        raise StoreUnavailableError("read-only")
        yield

    monkeypatch.setattr(service.store, "writing", refuse)
    refused = service.get(f"/api/v1{path}{part}")
    assert refused.status_code == 503
    assert "compton" not in refused.text


@pytest.mark.parametrize(("key", "sees"), [("trigger", True), ("compton", True), ("admin", True), ("read", False)])
def test_words_are_for_those_who_work_with_encounters(service: Service, key: str, sees: bool) -> None:
    path = service.open(note="side door")
    service.post(f"{path}/close", {"reason": "all are here"})
    shown = service.get(f"/api/v1{path}/timeline", key)
    assert [item["words"] for item in shown.json["items"] if "words" in item] == ["side door", "all are here"] * sees


def test_words_whose_key_is_missing_are_said_to_be_so(service: Service) -> None:
    path = service.open(note="side door")
    with service.store.store.engine.begin() as connection:
        connection.execute(text("UPDATE words SET text = 'gAAAAA' || substr(text, 7, 60) || text"))
    shown = service.get(f"/api/v1{path}/timeline", "trigger")
    assert shown.json["items"][0]["words"] == "cannot be read: its key is missing"

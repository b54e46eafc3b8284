"""When keys were used: written beside the requests, once a minute, and never in their way; and revoking, at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Event

import pytest

from pager.adapters.db.session import SqlStore, open_database
from pager.adapters.web.key_uses import KeyUses
from pager.app import Engine, make_context, make_service, open_store
from pager.lifecycle.manage_keys import revoke_key
from pager.lifecycle.ports import StoreUnavailableError
from tests.web.api_support import NOON, Service
from tests.web.api_support import make_service as make_api
from tests.web.whole_app import settings_for

MINUTE = timedelta(minutes=1)


@pytest.fixture
def uses(service: Service) -> KeyUses:
    """The service's uses; nothing writes them but the test."""
    uses = KeyUses(service.context)
    service.app.after_request(uses.note)
    return uses


def used_at(service: Service, name: str) -> datetime | None:
    with service.context.store.reading() as work:
        key = work.keys.by_name(name)
    assert key is not None
    return key.last_used_at


def test_a_use_is_written_with_the_minute_and_not_with_the_request(service: Service, uses: KeyUses) -> None:
    service.get("/api/v1/encounters")
    assert used_at(service, "read") is None
    uses.write()
    assert used_at(service, "read") == NOON
    assert used_at(service, "trigger") is None


def test_many_uses_within_a_minute_are_one_row_written_once(service: Service, uses: KeyUses) -> None:
    for _ in range(3):
        service.get("/api/v1/encounters")
        service.clock.move(timedelta(seconds=1))
    uses.write()
    assert used_at(service, "read") == NOON + timedelta(seconds=2)
    service.store.is_away = True
    uses.write()  # nothing is left, so nothing is asked of the database


def test_who_is_not_let_in_uses_no_key(service: Service, uses: KeyUses) -> None:
    service.post("/encounters", {}, key="read")
    service.get("/api/v1/encounters", key="gone")
    uses.write()
    assert (used_at(service, "read"), used_at(service, "gone")) == (None, None)


def test_what_cannot_be_written_harms_no_request_and_is_written_later(service: Service, uses: KeyUses) -> None:
    service.open()
    service.store.is_away = True
    with pytest.raises(StoreUnavailableError):
        uses.write()
    service.store.is_away = False
    uses.write()
    assert used_at(service, "trigger") == NOON


def test_of_two_processes_the_later_use_stays(service: Service, uses: KeyUses) -> None:
    service.clock.move(MINUTE)
    service.get("/api/v1/encounters")
    uses.write()
    with service.context.store.writing() as work:
        key = work.keys.by_name("read")
        assert key is not None
        work.keys.note_uses({key.id: NOON})
    assert used_at(service, "read") == NOON + MINUTE


@pytest.mark.parametrize("runs_engine", [True, False])
def test_the_service_writes_them_every_minute_with_an_engine_and_without(
    sqlite_url: str, runs_engine: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = Event()
    monkeypatch.setattr(KeyUses, "write", lambda _: written.set())
    settings = settings_for(sqlite_url, runs_engine=runs_engine)
    store = open_store(settings)
    _, background = make_service(settings, store)
    minute = background.minute if isinstance(background, Engine) else background
    minute.start()
    assert written.wait(30)
    minute.stop()
    store.engine.dispose()


def test_a_revoked_key_is_refused_at_once_by_every_process(database_url: str) -> None:
    one, other = (SqlStore(open_database(database_url)) for _ in range(2))
    service = make_api(one)
    assert service.get("/api/v1/encounters").status_code == 200
    revoke_key(make_context(settings_for(database_url), other), "read", "pager key revoke")
    assert service.get("/api/v1/encounters").status_code == 401
    for store in (one, other):
        store.engine.dispose()

"""Opening an encounter: what refuses a page, what only warns, and what one key opens once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from pager.domain.page import PageState
from pager.domain.policy import AgencyPlan
from pager.domain.trigger_request import RefusedError, read_trigger
from pager.lifecycle.trigger import Idempotency, KeyReusedError, trigger
from tests.people import ANA
from tests.world import ALARM, CALLBACK, GivenPolicies, World

BODY = {"station": "compton", "callback": CALLBACK}


@pytest.mark.parametrize(
    ("station", "callback", "field"),
    [("nowhere", CALLBACK, "station"), ("compton", "12", "callback"), ("compton", "soon", "callback")],
)
def test_only_an_unknown_station_or_an_unusable_callback_refuses(
    world: World, station: str, callback: str, field: str
) -> None:
    with pytest.raises(RefusedError) as refused:
        world.trigger(station, callback)
    assert refused.value.field == field
    assert world.messages(ANA) == []


def test_everything_else_that_is_wrong_is_left_out_and_named(world: World) -> None:
    triggered = world.trigger(name="x", Note="y", drill="yes", leave_out="dcfs", note=7)
    assert len(triggered.warnings) == 5
    assert "unknown field left out: name" in triggered.warnings
    assert "an unknown field was left out" in triggered.warnings
    assert len(world.messages(ANA)) == 1


def test_a_note_is_kept_only_when_it_may_be(world: World) -> None:
    kept = world.trigger(note="Use the back entrance.")
    refused = world.trigger(note="DOB 3/4/2010")
    with world.store.reading() as work:
        assert work.timeline.words(kept.overview.encounter.id) == {1: "Use the back entrance."}
        assert work.timeline.words(refused.overview.encounter.id) == {}
    assert len(refused.warnings) == 1


def test_an_agency_is_left_out_only_where_the_policy_allows_it(county: World) -> None:
    triggered = county.trigger(leave_out=["probation", "nobody"])
    assert len(triggered.overview.pages) == 5
    assert len(triggered.warnings) == 2
    with county.store.writing() as work:
        work.directory.station("lancaster").policy = "outlying-station"
    allowed = county.trigger("lancaster", leave_out=["probation"])
    assert allowed.overview.encounter.left_out == ["probation"]
    assert "probation" not in {page.agency for page in allowed.overview.pages}


def test_an_extension_is_kept_and_not_dialled(world: World) -> None:
    encounter = world.trigger(callback="310-555-0100 ext. 12").overview.encounter
    assert (encounter.callback, encounter.extension) == (CALLBACK, "12")
    assert "x12" in world.messages(ANA)[0]


def test_a_station_that_is_not_live_yet_is_paged_with_a_warning(world: World) -> None:
    with world.store.writing() as work:
        work.directory.station("compton").live_since = date(2030, 1, 1)
    triggered = world.trigger()
    assert any("2030-01-01" in warning for warning in triggered.warnings)
    assert len(world.messages(ANA)) == 1


def test_a_silent_engine_is_said_so_with_the_fallback_text(world: World) -> None:
    world.clock.move(timedelta(seconds=11))
    triggered = trigger(world.context, read_trigger(BODY))
    assert any("printed list" in warning for warning in triggered.warnings)


def test_a_missing_policy_never_refuses_a_page(world: World) -> None:
    with world.store.writing() as work:
        work.directory.station("compton").policy = "gone"
    triggered = world.trigger()
    assert triggered.overview.encounter.policy == "first-responder"
    assert any("gone" in warning for warning in triggered.warnings)


def test_an_agency_that_nobody_loaded_has_a_page_and_the_dispatcher_is_alerted(world: World) -> None:
    policies = world.context.policies
    policy = policies.stand_in()
    shelter = AgencyPlan("shelter", policy.agencies[0].ladder)
    changed = {policy.name: replace(policy, agencies=(*policy.agencies, shelter))}
    world.context = replace(world.context, policies=GivenPolicies(changed))
    triggered = world.trigger()
    assert world.page(triggered, "shelter").state is PageState.PAGING
    assert world.calls(CALLBACK) == 1
    assert "SHELTER" in world.messages(ALARM)[0]


def test_one_idempotency_key_opens_one_encounter(world: World) -> None:
    api_key = world.api_key()
    key = Idempotency(api_key, "k1", "hash")
    first = trigger(world.context, read_trigger(BODY), key)
    again = trigger(world.context, read_trigger(BODY), key)
    assert (first.is_new, again.is_new) == (True, False)
    assert first.overview.encounter.reference == again.overview.encounter.reference
    with pytest.raises(KeyReusedError):
        trigger(world.context, read_trigger(BODY), Idempotency(api_key, "k1", "other"))
    world.cancel(first.overview.encounter.reference)
    assert "nobody is being paged" in trigger(world.context, read_trigger(BODY), key).warnings[0]
    world.clock.move(timedelta(hours=73))
    assert trigger(world.context, read_trigger(BODY), key).is_new

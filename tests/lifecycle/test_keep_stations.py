"""Keeping the stations."""

from __future__ import annotations

from datetime import date

import pytest

from pager.domain.directory import Station
from pager.domain.written import DraftError
from pager.lifecycle.keep_roster import ChangedMeanwhileError
from pager.lifecycle.keep_stations import (
    StationDraft,
    StillOpenError,
    add_station,
    change_station,
    deactivate_station,
    reactivate_station,
    seen,
)
from pager.lifecycle.turn import reading
from tests.world import World

BY = "admin@county.example"
PALMDALE = StationDraft("Palmdale Station", "Palmdale Stn", "first-responder", "2026-04-01")


def station(world: World, code: str = "compton") -> Station:
    with reading(world.context) as turn:
        return turn.work.directory.station(code)


def test_a_new_station_opens_encounters(world: World) -> None:
    new = add_station(world.context, "palmdale", PALMDALE, BY)
    assert (new.short, new.live_since) == ("Palmdale Stn", date(2026, 4, 1))
    assert world.trigger("palmdale").overview.encounter.station == "palmdale"
    with reading(world.context) as turn:
        [(_, entry)] = turn.work.audit.listing(agency=None, before=None, limit=1)
    assert (entry.by, entry.what, entry.name, entry.agency) == (BY, "station", "palmdale", None)


def test_without_a_short_name_messages_say_its_name(world: World) -> None:
    new = add_station(world.context, "palmdale", StationDraft("Palmdale Station", policy="first-responder"), BY)
    assert (new.short, new.live_since) == ("Palmdale Station", None)


def test_tells_every_mistake_at_once(world: World) -> None:
    with pytest.raises(DraftError) as error:
        add_station(world.context, "P", StationDraft("", "x\ny", "none", "soon"), BY)
    assert [mistake.field for mistake in error.value.mistakes] == ["code", "name", "short", "live_since", "policy"]


def test_a_code_is_there_once(world: World) -> None:
    with pytest.raises(DraftError, match="there is a station compton already"):
        add_station(world.context, "compton", PALMDALE, BY)


def test_the_second_of_two_administrators_changes_nothing_until_they_have_seen_the_first(world: World) -> None:
    before = seen(station(world))
    change_station(world.context, "compton", PALMDALE, BY, as_seen=before)
    with pytest.raises(ChangedMeanwhileError):
        change_station(world.context, "compton", StationDraft("C", policy="first-responder"), BY, as_seen=before)
    assert station(world).name == "Palmdale Station"


def test_a_station_with_open_encounters_goes_only_where_that_is_confirmed(world: World) -> None:
    reference = world.trigger().overview.encounter.reference
    with pytest.raises(StillOpenError) as error:
        deactivate_station(world.context, "compton", BY, is_confirmed=False)
    assert error.value.references == [reference]
    deactivate_station(world.context, "compton", BY, is_confirmed=True)
    assert not station(world).is_active
    assert reactivate_station(world.context, "compton", BY).is_active


def test_a_station_without_any_goes_at_once(world: World) -> None:
    world.trigger("lancaster")
    deactivate_station(world.context, "compton", BY, is_confirmed=False)
    assert not station(world).is_active


def test_a_station_that_is_not_there_is_none(world: World) -> None:
    with pytest.raises(KeyError):
        change_station(world.context, "nowhere", PALMDALE, BY, as_seen="")
    with pytest.raises(KeyError):
        deactivate_station(world.context, "nowhere", BY, is_confirmed=True)

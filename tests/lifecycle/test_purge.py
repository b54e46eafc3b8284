"""Encounters that ended long ago are removed whole, here and at the carrier, and nothing else is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from pager.domain.retention import PurgedEncounter, verify
from pager.lifecycle import purge as purging
from pager.lifecycle.erase import Eraser
from pager.lifecycle.foresee_purge import Foreseen, foresee_purge
from pager.lifecycle.hold import lift_hold, place_hold
from pager.lifecycle.purge import Batch
from pager.lifecycle.turn import reading, writing
from pager.sandbox.faults import Asked, Fault, FaultKind
from tests.lifecycle.purging import LONG, Meanwhile, cutoff, everything, forgotten, past, purged, rows
from tests.people import ANA, BEN, STRANGER
from tests.world import CALLBACK, World


def references(world: World) -> list[str]:
    with reading(world.context) as turn:
        return [one.reference for one in turn.work.encounters.oldest(after=0, limit=100)]


def copies(world: World) -> int:
    """Return how many messages and calls the carrier keeps."""
    pages = (world.sandbox.list_messages({"PageSize": "1000"}), world.sandbox.list_calls({"PageSize": "1000"}))
    return len(pages[0]["messages"]) + len(pages[1]["calls"])


def test_of_an_old_encounter_its_length_and_last_hash_stay_and_nothing_else(world: World) -> None:
    triggered = world.trigger(note="Side door")
    world.pass_time(timedelta(minutes=2))
    world.sandbox.reject(world.sandbox.open_call(ANA) or "")
    world.pass_time(timedelta(minutes=2))  # she is called again
    assert world.calls(ANA) == 2
    world.text(BEN, "ACK 25")
    world.cancel(triggered.overview.encounter.reference)
    encounter = world.overview(triggered.overview.encounter.reference).encounter
    world.clock.move(LONG)
    world.settle()  # the last telephones stop ringing
    [batch] = purged(world)
    forgotten(world)
    assert batch.purged == (PurgedEncounter(encounter.id, encounter.timeline_length, encounter.timeline_head),)
    assert rows(world) == {"purged_encounters": 1}
    assert copies(world) == 0
    assert [one for one in (encounter.reference, CALLBACK, "gAAAA") if one in everything(world)] == []


def test_certificates_are_numbered_chained_and_whole(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purging, "BATCH", 2)
    for _ in range(3):
        past(world)
    world.clock.move(LONG)
    assert [len(batch.purged) for batch in purged(world)] == [2, 1]
    with reading(world.context) as turn:
        certificates = turn.work.retention.certificates(after=0, limit=10)
    assert [certificate.number for certificate, _ in certificates] == [1, 2]
    assert verify(certificates) is None
    assert certificates[0][0].ended_before == cutoff(world)
    assert certificates[1][0].by == "pager purge"


def test_what_is_open_or_ended_later_is_not_touched(world: World) -> None:
    still_open = world.trigger().overview.encounter.reference
    world.clock.move(LONG)
    recent = past(world)
    before = rows(world)
    assert purged(world) == []
    assert (rows(world), references(world)) == (before, [still_open, recent])


def test_a_hold_keeps_an_encounter_until_it_is_lifted(world: World) -> None:
    held, other = past(world), past(world)
    place_hold(world.context, held, "tests")
    world.clock.move(LONG)
    kept = copies(world)
    purged(world)
    assert references(world) == [held]
    assert 0 < copies(world) < kept
    lift_hold(world.context, held, "tests")
    purged(world)
    assert (references(world), rows(world)["purged_encounters"]) == ([], 2)
    assert other != held


def test_a_hold_placed_while_the_carrier_is_asked_wins(world: World) -> None:
    reference = past(world)
    world.clock.move(LONG)
    meanwhile = Meanwhile(lambda: place_hold(world.context, reference, "tests"))
    assert purged(world, Eraser(meanwhile)) == [Batch(held=(reference,))]
    assert references(world) == [reference]
    assert "certificates" not in rows(world)


def test_a_hold_placed_before_the_carrier_is_asked_keeps_its_copies_too(world: World) -> None:
    first, second = past(world), past(world)
    world.clock.move(LONG)
    meanwhile = Meanwhile(lambda: place_hold(world.context, second, "tests"))
    [batch] = purged(world, Eraser(meanwhile))
    assert (len(batch.purged), batch.held, references(world)) == (1, (), [second])
    with reading(world.context) as turn:
        [kept] = turn.work.retention.holds()
        [theirs] = turn.work.retention.copies([kept[0].id]).values()
    assert theirs
    assert first != second


def test_a_hold_placed_a_moment_too_late_finds_no_encounter(world: World) -> None:
    reference = past(world)
    world.clock.move(LONG)
    purged(world)
    with pytest.raises(KeyError):
        place_hold(world.context, reference, "tests")


def test_what_the_carrier_refuses_to_delete_stays_whole_and_goes_the_next_time(world: World) -> None:
    first, second = past(world), past(world)
    world.clock.move(LONG)
    events = rows(world)["events"] // 2
    world.sandbox.add_fault(Fault(FaultKind.REFUSE, on=Asked.READ, times=1, http_status=409, code=20009))
    [batch] = purged(world)
    assert (batch.refused, references(world), rows(world)["events"]) == ((first,), [first], events)
    [batch] = purged(world)
    assert (batch.refused, references(world)) == ((), [])
    assert second != first


def test_a_carrier_that_is_away_is_asked_once(world: World) -> None:
    several = [past(world) for _ in range(3)]
    world.clock.move(LONG)
    world.sandbox.add_fault(Fault(FaultKind.REFUSE, on=Asked.READ, http_status=503))
    asked = len(world.sandbox.ledger())
    [batch] = purged(world)
    assert (batch.refused, batch.certificate) == (tuple(several), None)
    assert len(world.sandbox.ledger()) == asked + 1


def test_a_second_purge_at_the_same_time_finds_the_encounters_gone(world: World) -> None:
    for _ in range(2):
        past(world)
    world.clock.move(LONG)
    inner: list[Batch] = []
    assert purged(world, Eraser(Meanwhile(lambda: inner.extend(purged(world))))) == [Batch()]
    assert (len(inner), references(world), rows(world)["purged_encounters"]) == (1, [], 2)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_an_encounter_that_somebody_works_on_is_left_for_the_next_time(world: World) -> None:
    busy, other = past(world), past(world)
    world.clock.move(LONG)
    with writing(world.context) as turn:
        turn.work.encounters.lock_reference(busy)
        [batch] = purged(world)
    assert (len(batch.purged), references(world)) == (1, [busy])
    assert other != busy


def test_what_was_sent_meanwhile_is_left_for_the_next_time(world: World) -> None:
    reference = past(world)
    world.clock.move(LONG)

    def send_again() -> None:
        with writing(world.context) as turn:
            encounter = turn.work.encounters.lock_reference(reference)
            assert encounter is not None
            turn.work.deliveries.of_encounter(encounter.id)[0].other_sid = "SM1"

    assert purged(world, Eraser(Meanwhile(send_again))) == [Batch(refused=(reference,))]
    assert references(world) == [reference]


def test_no_encounter_ever_gets_the_id_of_one_that_was_purged(world: World) -> None:
    past(world)
    world.clock.move(LONG)
    [batch] = purged(world)
    opened = world.trigger().overview.encounter
    assert opened.id > batch.purged[0].encounter_id
    with world.store.engine.begin() as connection, pytest.raises(DBAPIError, match="is refused"):
        connection.execute(text("DELETE FROM events"))


def test_a_follow_up_that_nobody_closed_keeps_nothing(world: World) -> None:
    reference = past(world)
    assert [one.outcome for one in world.overview(reference).follow_ups][:1] == [None]
    world.clock.move(LONG)
    assert len(purged(world)[0].purged) == 1


def test_what_is_foreseen_is_what_is_done(world: World) -> None:
    held, _ = past(world), past(world)
    place_hold(world.context, held, "tests")
    world.clock.move(timedelta(hours=1))
    world.text(STRANGER, "hello?")
    world.clock.move(LONG)
    before, kept = everything(world), copies(world)
    foreseen = foresee_purge(world.context, cutoff(world))
    assert (everything(world), copies(world)) == (before, kept)
    [batch] = purged(world)
    gone = forgotten(world)
    assert foreseen == Foreseen(len(batch.purged), 1, gone.rows, kept - copies(world))


def test_purges_that_run_at_the_same_time_remove_each_encounter_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purging, "BATCH", 2)
    several = {past(world) for _ in range(6)}
    world.clock.move(LONG)
    with ThreadPoolExecutor(3) as threads:
        batches = [
            batch for done in threads.map(lambda _: purged(world, Eraser(Meanwhile(int))), range(3)) for batch in done
        ]
    assert sum(len(batch.purged) for batch in batches) == len(several)
    assert references(world) == []
    with reading(world.context) as turn:
        assert verify(turn.work.retention.certificates(after=0, limit=10)) is None

"""Keeping an agency's people: what is refused, what is confirmed, what two administrators do to each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from pager.domain.audit import AuditEntry
from pager.domain.changes import compare
from pager.domain.directory import Responder
from pager.domain.directory_file import Directory, DirectoryFile
from pager.domain.roster import Tier
from pager.domain.written import DraftError
from pager.lifecycle.keep_people import (
    StillOnRosterError,
    add_person,
    change_duty_phone,
    change_person,
    deactivate_person,
    reactivate_person,
    seen,
)
from pager.lifecycle.keep_roster import ChangedMeanwhileError
from pager.lifecycle.load import known_directory
from pager.lifecycle.read_person import PersonDraft
from pager.lifecycle.turn import reading, writing
from tests.people import ANA, BEN, DAN, DCFS_DUTY
from tests.world import World

BY = "dcfs@county.example"
DEE = PersonDraft("Dee Moss", sms="213-555-0104")


def person(world: World, responder: str = "dcfs-ana") -> Responder:
    with reading(world.context) as turn:
        return turn.work.directory.responder(responder)


def add(world: World, draft: PersonDraft = DEE, id_: str = "") -> Responder:
    return add_person(world.context, "dcfs", id_, draft, BY)


def change(world: World, draft: PersonDraft, responder: str = "dcfs-ana", as_seen: str | None = None) -> Responder:
    return change_person(world.context, "dcfs", responder, draft, BY, as_seen=as_seen or seen(person(world, responder)))


def deactivate(world: World, responder: str, *, is_confirmed: bool = True) -> None:
    deactivate_person(world.context, "dcfs", responder, BY, is_confirmed=is_confirmed)


def mistakes(error: pytest.ExceptionInfo[DraftError]) -> dict[str, str]:
    return dict(error.value.mistakes)


def last_entry(world: World) -> AuditEntry:
    with reading(world.context) as turn:
        [(_, entry)] = turn.work.audit.listing(agency="dcfs", before=None, limit=1)
        return entry


def test_somebody_new_gets_an_id_of_their_agency_and_is_called_where_they_are_written_to(world: World) -> None:
    new = add(world)
    assert (new.id, new.sms, new.voice) == ("dcfs-dee", "+12135550104", "+12135550104")
    assert (last_entry(world).by, last_entry(world).name, last_entry(world).before) == (BY, "dcfs-dee", {})


def test_a_second_of_the_same_first_name_gets_another_id(world: World) -> None:
    add(world)
    assert add(world, replace(DEE, sms="213-555-0105")).id == "dcfs-dee-2"


@pytest.mark.parametrize(
    ("id_", "says"),
    [("dcfs-ana", "is taken"), ("dhs-dan", "is taken"), ("dcfs-duty", "duty phone"), ("Dee", "small letters")],
)
def test_an_id_must_be_new_and_well_made(world: World, id_: str, says: str) -> None:
    with pytest.raises(DraftError) as error:
        add(world, id_=id_)
    assert says in mistakes(error)["id"]


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (BEN, "this is the number of Ben Okafor already"),
        (DAN, "this is a number of another agency already"),
        (DCFS_DUTY, "this is the duty phone's number already"),
        ("213", "this is no telephone number"),
        ("213-555-0104 x7", "without an extension"),
    ],
)
def test_says_what_is_wrong_with_a_number_and_names_nobody_of_another_agency(
    world: World, number: str, says: str
) -> None:
    with pytest.raises(DraftError) as error:
        add(world, replace(DEE, sms=number))
    assert says in mistakes(error)["sms"]
    assert "Dan" not in mistakes(error)["sms"]


def test_tells_every_mistake_at_once(world: World) -> None:
    tomorrow = "2026-03-03"  # by the agency's calendar it is the second
    with pytest.raises(DraftError) as error:
        add(world, PersonDraft(" ", trained_until="31.1.2027", consented_on=tomorrow), id_="A")
    found = mistakes(error)
    assert found.keys() == {"id", "name", "sms", "trained_until", "consented_on", "consent_how"}
    assert "is still to come" in found["consented_on"]


def test_consent_is_kept_with_its_day_and_how(world: World) -> None:
    new = change(world, PersonDraft("Ana Ruiz", ANA, consented_on="2026-03-02", consent_how="in writing"))
    assert new.consented_at is not None
    assert (new.consented_at.date(), new.consent_how) == (date(2026, 3, 2), "in writing")
    assert last_entry(world).after.keys() == {"consented_at", "consent_how"}


def test_a_number_that_changes_is_unverified_and_the_other_stays_verified(world: World) -> None:
    with writing(world.context) as turn:
        ana = turn.work.directory.responder("dcfs-ana")
        ana.sms_verified_at = ana.voice_verified_at = turn.now
    new = change(world, PersonDraft("Ana Ruiz", sms="213-555-0109", voice=ANA))
    assert (new.sms_verified_at, new.voice_verified_at) == (None, world.clock.now())


def test_the_second_of_two_administrators_changes_nothing_until_they_have_seen_the_first(world: World) -> None:
    before = seen(person(world))
    change(world, PersonDraft("Ana Ruiz-Lopez", ANA), as_seen=before)
    with pytest.raises(ChangedMeanwhileError):
        change(world, PersonDraft("Ana R.", ANA), as_seen=before)
    assert person(world).name == "Ana Ruiz-Lopez"


def test_an_answer_and_an_opt_out_meanwhile_are_no_change_of_an_administrator(world: World) -> None:
    before = seen(person(world))
    world.text(ANA, "STOP")
    assert change(world, PersonDraft("Ana Ruiz-Lopez", ANA), as_seen=before).sms_opted_out_at is not None


def test_what_is_saved_as_it_was_is_no_change(world: World) -> None:
    add(world)
    change(world, PersonDraft("Ana Ruiz", ANA))
    assert last_entry(world).name == "dcfs-dee"


def test_who_is_on_no_roster_goes_at_once_and_is_paged_no_more(world: World) -> None:
    add(world)
    deactivate(world, "dcfs-dee", is_confirmed=False)
    assert not person(world, "dcfs-dee").is_active
    assert last_entry(world).after == {"is_active": False}


def test_who_is_on_the_roster_goes_only_where_that_is_confirmed_and_the_gap_was_shown(world: World) -> None:
    with pytest.raises(StillOnRosterError) as error:
        deactivate(world, "dcfs-ben", is_confirmed=False)
    duties = error.value.duties
    assert ([one.tier for one in duties.entries], duties.has_later) == ([Tier.BACKUP], False)
    assert [(gap.tier, gap.stations) for gap in duties.gaps] == [(Tier.BACKUP, ("compton", "lancaster"))]
    assert person(world, "dcfs-ben").is_active
    deactivate(world, "dcfs-ben")
    assert not person(world, "dcfs-ben").is_active


def test_who_comes_back_finds_their_number_taken_or_free(world: World) -> None:
    deactivate(world, "dcfs-ben")
    add(world, replace(DEE, sms=BEN))
    with pytest.raises(DraftError, match="the number of Dee Moss already"):
        reactivate_person(world.context, "dcfs", "dcfs-ben", BY)
    change(world, PersonDraft("Ben Okafor", sms="213-555-0106"), "dcfs-ben")
    assert reactivate_person(world.context, "dcfs", "dcfs-ben", BY).is_active


@pytest.mark.parametrize("responder", ["dhs-dan", "dcfs-duty", "nobody"])
def test_nobody_else_is_of_the_agency(world: World, responder: str) -> None:
    with pytest.raises(KeyError):
        change_person(world.context, "dcfs", responder, DEE, BY, as_seen="")
    with pytest.raises(KeyError):
        deactivate(world, responder)
    with pytest.raises(KeyError):
        reactivate_person(world.context, "dcfs", responder, BY)


def test_a_duty_phone_is_changed_given_up_and_taken_back(world: World) -> None:
    for number, was in (("213-555-0170", DCFS_DUTY), ("", "+12135550170"), (DCFS_DUTY, "")):
        change_duty_phone(world.context, "dcfs", number, BY, as_seen=was)
        duty = person(world, "dcfs-duty")
        assert duty.is_active is bool(number)
    assert duty.voice == DCFS_DUTY


def test_a_duty_phone_is_nobody_elses_and_not_changed_behind_anybodys_back(world: World) -> None:
    with pytest.raises(DraftError, match="the number of Ana Ruiz already"):
        change_duty_phone(world.context, "dcfs", ANA, BY, as_seen=DCFS_DUTY)
    with pytest.raises(ChangedMeanwhileError):
        change_duty_phone(world.context, "dcfs", "213-555-0170", BY, as_seen="+12135550171")


def test_who_answers_by_sms_or_by_key_was_reached_noted_once_a_minute(world: World) -> None:
    world.trigger()
    world.text(ANA, "what?")
    first = world.clock.now()
    world.clock.move(timedelta(seconds=59))
    world.text(ANA, "ACK")
    assert person(world).last_reached_at == first
    world.pass_time(timedelta(minutes=1, seconds=10))
    world.press(DAN, "1")
    assert person(world, "dhs-dan").last_reached_at == world.clock.now()


def test_that_somebody_was_reached_stands_in_no_audit_and_in_no_load(world: World) -> None:
    known = known_directory(world.context)
    world.text(ANA, "hello")
    assert known_directory(world.context) == known
    file = DirectoryFile(responders=(person(world),))
    assert compare(Directory(responders=known.responders), file, now=world.clock.now(), prune=False) == ()
    with reading(world.context) as turn:
        [(_, entry), *_] = turn.work.audit.listing(agency="dcfs", before=None, limit=1)
    assert entry.by == "pager load"

"""A directory file read where something is known already: what it may refer to, and what is in its way."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.adapters.directory_support import AGENCIES, BASE, as_known, problems, read, shift, shifts


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "x.yaml"


def test_who_is_on_the_roster_stays_there_when_their_training_ends(path: Path) -> None:
    known = as_known(read(path, BASE + shifts(shift())))
    trained = BASE.replace("name: Ana Ruiz", "name: Ana Ruiz, trained_until: 2026-06-01")
    assert len(read(path, trained + shifts(shift()), known).shifts) == 1


def test_shifts_alone_may_name_what_is_known(path: Path) -> None:
    known = as_known(read(path, BASE))
    assert read(path, shifts(shift(", stations: [century]")), known).shifts[0].responder == "dcfs-ana"


def test_who_is_deactivated_is_not_put_on_call_unless_named_again(path: Path) -> None:
    known = as_known(read(path, BASE))
    known.responders[0].is_active = False
    (found,) = problems(path, shifts(shift()), known)
    assert found.startswith("2: shifts[0].responder: dcfs-ana is deactivated; name it under `responders`")
    assert read(path, BASE + shifts(shift()), known).shifts


def test_a_number_that_is_held_already_is_refused(path: Path) -> None:
    known = as_known(read(path, BASE))
    newcomer = 'responders: [{id: dhs-new, agency: dhs, name: New, sms: "213-555-0101"}]'
    (found,) = problems(path, newcomer, known)
    assert found.startswith("1: responders[0].sms: is the number of dcfs-ana already (from before)")


def test_the_number_of_somebody_who_left_may_go_to_somebody_else(path: Path) -> None:
    known = as_known(read(path, BASE))
    newcomer = 'responders: [{id: dhs-new, agency: dhs, name: New, sms: "213-555-0101"}]'
    assert read(path, newcomer, known, prune=True).responders[0].sms == "+12135550101"
    known.responders[0].is_active = False
    assert read(path, newcomer, known).responders[0].sms == "+12135550101"


def test_an_id_stays_with_its_agency(path: Path) -> None:
    known = as_known(read(path, BASE))
    (found,) = problems(path, 'responders: [{id: dcfs-ana, agency: dhs, name: A, sms: "+12135550101"}]', known)
    assert found.startswith("1: responders[0].agency: dcfs-ana is an id of dcfs; an id stays with its agency")


def test_a_shift_may_not_overlap_one_that_is_known_and_stays(path: Path) -> None:
    known = as_known(read(path, BASE + shifts(shift())))
    later = shifts(shift(who="dcfs-ben", start="2026-08-01T20:00", end="2026-08-03T08:00"))
    (found,) = problems(path, later, known)
    assert "overlaps dcfs-ana from 2026-08-01T08:00 to 2026-08-02T08:00 (in the roster, not in this file)" in found
    assert read(path, later, known, prune=True).shifts
    assert read(path, shifts(shift(end="2026-08-01T20:00")) + later.removeprefix("shifts:\n"), known).shifts


def test_what_the_roster_held_in_the_past_is_in_nobodys_way(path: Path) -> None:
    known = as_known(read(path, BASE + shifts(shift(start="2026-05-01T08:00", end="2026-06-01T08:00"))))
    assert read(path, shifts(shift(start="2026-05-15T08:00", end="2026-09-01T08:00")), known).shifts


def test_a_zone_does_not_change_under_shifts_that_the_file_does_not_name(path: Path) -> None:
    known = as_known(read(path, BASE + shifts(shift())))
    moved = AGENCIES.replace("code: dcfs", "code: dcfs, timezone: America/Denver")
    (found,) = problems(path, moved, known)
    assert found.startswith(
        "2: agencies[0].timezone: America/Denver is a change from America/Los_Angeles, in which 1 other"
    )
    assert read(path, moved + shifts(shift()), known).shifts[0].start_at == datetime(2026, 8, 1, 14, tzinfo=UTC)

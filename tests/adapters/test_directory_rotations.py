"""Rotations in a directory file, and what a load makes of them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from pager.domain.changes import Change, compare
from pager.domain.directory_file import Directory
from pager.domain.roster import EntryKind, Shift, Tier
from pager.domain.rotation import Rotation
from tests.adapters.directory_support import BASE, NOW, as_known, local, problems, read


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "x.yaml"


def turning(who: str = "dcfs-ana, dcfs-ben", start: str = "2026-01-05T08:00", every: str = "7d", rest: str = "") -> str:
    """Return one line of `rotations`."""
    return f"  - {{agency: dcfs, tier: backup, responders: [{who}], start: {start}, every: {every}{rest}}}\n"


def file(*lines: str) -> str:
    return BASE + "rotations:\n" + "".join(lines)


def test_a_rotation_is_read_in_the_agencys_time(path: Path) -> None:
    (one,) = read(path, file(turning())).rotations
    assert one == Rotation(
        "dcfs",
        Tier.BACKUP,
        ("dcfs-ana", "dcfs-ben"),
        frozenset(),
        local("2026-01-05T08:00"),
        timedelta(days=7),
        "America/Los_Angeles",
    )


@pytest.mark.parametrize(("every", "length"), [("12h", timedelta(hours=12)), ("1d", timedelta(days=1))])
def test_turns_are_hours_or_days_long(path: Path, every: str, length: timedelta) -> None:
    assert read(path, file(turning(every=every))).rotations[0].every == length


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (turning(who=""), "10: rotations[0].responders: is empty; name those who take turns"),
        (turning(who="dcfs-ana, dhs-thuy"), "10: rotations[0].responders[1]: dhs-thuy belongs to dhs, not to dcfs"),
        (turning(who="dcfs-anna"), "10: rotations[0].responders[0]: dcfs-anna is not one of the responders; did you"),
        (turning(who="dcfs-duty"), "10: rotations[0].responders[0]: dcfs-duty is a duty phone, which is on no tier"),
        (turning(every="0d"), "10: rotations[0].every: 0d is not the length of a turn; write it like 12h, 1d or 7d"),
        (turning(every="90m"), "10: rotations[0].every: 90m is not the length of a turn"),
        (turning(rest=", stations: []"), "10: rotations[0].stations: is empty; name a station, or take the key out"),
        (turning(start="tomorrow"), "10: rotations[0].start: tomorrow is not a local time"),
    ],
)
def test_what_is_wrong_is_refused_at_its_line(path: Path, line: str, problem: str) -> None:
    (found,) = problems(path, file(line))
    assert found.startswith(problem)


def test_a_station_may_be_in_one_rotation_of_a_tier_only(path: Path) -> None:
    both, one = ", stations: [compton, century]", ", stations: [compton]"
    (found,) = problems(path, file(turning(), turning(rest=both), turning(rest=one, start="2026-02-02T08:00")))
    assert found.startswith("12: rotations[2]: shares dcfs's backup tier with the rotation from 2026-01-05T08:00 (in")


def test_nobody_comes_newly_into_a_rotation_past_the_end_of_their_training(path: Path) -> None:
    trained = BASE.replace('sms: "+12135550102"', 'sms: "+12135550102", trained_until: 2026-06-30')
    (found,) = problems(path, trained + "rotations:\n" + turning())
    assert found.startswith("10: rotations[0].responders[1]: dcfs-ben's training ended on 2026-06-30")
    known = as_known(read(path, file(turning())))
    assert read(path, trained + "rotations:\n" + turning(), known).rotations


def changes(known: Directory, path: Path, content: str, *, prune: bool = False) -> list[Change]:
    return list(compare(known, read(path, content, known, prune), now=NOW, prune=prune))


def test_a_rotation_is_added_changed_and_ended_by_what_the_file_says(path: Path) -> None:
    empty, known = as_known(read(path, BASE)), as_known(read(path, file(turning())))
    (added,) = changes(empty, path, file(turning()))
    (changed,) = changes(known, path, file(turning("dcfs-ben, dcfs-ana")))
    (ended,) = changes(known, path, BASE, prune=True)
    assert (added.kind, added.key, added.detail) == ("added", "dcfs backup", "dcfs-ana, dcfs-ben")
    assert (changed.kind, changed.detail) == ("changed", "responders: dcfs-ana, dcfs-ben -> dcfs-ben, dcfs-ana")
    assert ended.kind == "ended"
    assert isinstance(ended.new, Rotation)
    assert ended.new.end_at == NOW
    assert changes(known, path, BASE) == changes(known, path, file(turning())) == []


def test_one_that_has_not_begun_is_removed(path: Path) -> None:
    (removed,) = changes(as_known(read(path, file(turning(start="2026-08-01T08:00")))), path, BASE, prune=True)
    assert (removed.kind, removed.new) == ("removed", None)


def test_pruning_spares_overrides(path: Path) -> None:
    known = as_known(read(path, BASE))
    end_at = NOW + timedelta(days=1)
    override = Shift("dcfs", Tier.PRIMARY, "dcfs-ben", frozenset(), NOW, end_at, NOW, end_at, kind=EntryKind.OVERRIDE)
    assert (
        changes(Directory(known.agencies, known.stations, known.responders, (override,)), path, BASE, prune=True) == []
    )

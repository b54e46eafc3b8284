"""Keep an agency's roster: put people on call by shifts, overrides and rotations, and take them off it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from pager.domain.audit import fingerprint
from pager.domain.changes import change_to, rotation_taken_off, shift_taken_off
from pager.domain.draft import Draft, Surroundings, overlap, overlap_told, read_draft
from pager.domain.local_time import shown
from pager.domain.roster import EntryKind, Shift
from pager.domain.rotation import Rotation
from pager.domain.rotation_draft import RotationDraft, clash, clash_told, read_rotation
from pager.domain.written import DraftError, Mistake
from pager.lifecycle.change_directory import change_directory
from pager.lifecycle.turn import Context, Turn, writing

Kept = TypeVar("Kept", Shift, Rotation)


class ChangedMeanwhileError(Exception):
    """Somebody else has changed what is to be changed since it was looked at."""


def surroundings(turn: Turn, agency: str) -> Surroundings:
    """Return what drafts of an agency are checked against. Raises KeyError for no such agency."""
    directory = turn.work.directory
    found = directory.find_agency(agency)
    if found is None:
        raise KeyError(agency)
    stations = frozenset(one.code for one in directory.stations() if one.is_active)
    return Surroundings(found, {one.id: one for one in directory.responders()}, stations, turn.now)


def put_shift(
    context: Context,
    agency: str,
    draft: Draft,
    kind: EntryKind,
    by: str,
    *,
    entry_id: int | None = None,
    seen: str | None = None,
) -> Shift:
    """Put somebody on call by a shift or an override, or change the one with `entry_id` where it still is as `seen`.

    Raises DraftError, ChangedMeanwhileError; KeyError for no such agency.
    """
    with writing(context) as turn:
        turn.work.directory.lock_agencies(agency)
        around = surroundings(turn, agency)
        old = None if entry_id is None else _as_seen(find_shift(turn, agency, entry_id), seen)
        new = read_draft(draft, kind, around, replaced=old)
        if old is None and new.end_at <= turn.now:
            raise DraftError([Mistake("end", "is past already: nobody can be put on call then any more")])
        _keep_apart(new, [one for one in turn.work.directory.shifts([agency]) if one is not old])
        if new != old:
            change_directory(turn, [change_to(old, new)], by)
        return new


def _keep_apart(new: Shift, others: Sequence[Shift]) -> None:
    """Raise DraftError where another entry holds the same place at once, or is known by the same local start."""
    in_the_way = overlap(new, others)
    if in_the_way is not None:
        raise DraftError([Mistake("start", overlap_told(in_the_way))])
    if any(one.key == new.key for one in others):
        text = f"{shown(new.starts)} is when another entry begins, an hour apart as the clocks go back; begin later"
        raise DraftError([Mistake("start", text)])


def put_rotation(
    context: Context,
    agency: str,
    draft: RotationDraft,
    by: str,
    *,
    entry_id: int | None = None,
    seen: str | None = None,
) -> Rotation:
    """Have people take turns, or change the rotation with `entry_id` where it still is as `seen`; raises as above."""
    with writing(context) as turn:
        turn.work.directory.lock_agencies(agency)
        around = surroundings(turn, agency)
        old = None if entry_id is None else _as_seen(find_rotation(turn, agency, entry_id), seen)
        new = read_rotation(draft, around, replaced=old)
        others = [one for one in turn.work.directory.rotations([agency]) if one is not old]
        same = next((one for one in others if one.key == new.key), None)
        if same is not None and old is None and same.end_at is not None and same.end_at <= turn.now:
            old, others = same, [one for one in others if one is not same]  # what is over gives its place up
        _keep_rotations_apart(new, others)
        if new != old:
            change_directory(turn, [change_to(old, new)], by)
        return new


def _keep_rotations_apart(new: Rotation, others: Sequence[Rotation]) -> None:
    """Raise DraftError where another rotation holds the same place at once, or has the same tier and stations."""
    in_the_way = clash(new, others)
    if in_the_way is not None:
        raise DraftError([Mistake("tier", clash_told(in_the_way))])
    same = next((one for one in others if one.key == new.key), None)
    if same is not None:
        text = (
            f"has a rotation for these stations already, from {shown(same.starts)}: there is one at a time; "
            "change that one, or make this one once it has ended"
        )
        raise DraftError([Mistake("tier", text)])


def take_off_shift(context: Context, agency: str, entry_id: int, by: str, *, seen: str) -> bool:
    """Take a shift or an override off the roster: it ends now, or goes where it has not begun.

    Returns whether it did: what is over stays as it was. Raises ChangedMeanwhileError.
    """
    with writing(context) as turn:
        turn.work.directory.lock_agencies(agency)
        zone = turn.work.directory.agency(agency).timezone
        shift = _as_seen(find_shift(turn, agency, entry_id), seen)
        now = turn.now.replace(microsecond=0)  # whole seconds, as people write them
        if shift.end_at <= now:
            return False
        change_directory(turn, [shift_taken_off(shift, now, zone)], by)
        return True


def take_off_rotation(context: Context, agency: str, entry_id: int, by: str, *, seen: str) -> bool:
    """Take a rotation off the roster as `take_off_shift` does a shift."""
    with writing(context) as turn:
        turn.work.directory.lock_agencies(agency)
        rotation = _as_seen(find_rotation(turn, agency, entry_id), seen)
        now = turn.now.replace(microsecond=0)
        if rotation.end_at is not None and rotation.end_at <= now:
            return False
        change_directory(turn, [rotation_taken_off(rotation, now)], by)
        return True


def find_shift(turn: Turn, agency: str, entry_id: int) -> Shift | None:
    """Return one of the agency's shifts or overrides."""
    found = turn.work.directory.find_shift(entry_id)
    return found if found is not None and found.agency == agency else None


def find_rotation(turn: Turn, agency: str, entry_id: int) -> Rotation | None:
    """Return one of the agency's rotations."""
    found = turn.work.directory.find_rotation(entry_id)
    return found if found is not None and found.agency == agency else None


def _as_seen(found: Kept | None, seen: str | None) -> Kept:
    if found is None or fingerprint(found) != seen:
        raise ChangedMeanwhileError
    return found

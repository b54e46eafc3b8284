"""What loading a directory file changes: a plan that can be shown before it is carried out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from pager.domain.directory import Agency, Responder, Station
from pager.domain.directory_file import Directory, DirectoryFile, duty_responder
from pager.domain.local_time import shown
from pager.domain.roster import EntryKind, Shift
from pager.domain.rotation import Rotation


class ChangeKind(StrEnum):
    """What becomes of an entry. Those of the roster are ended or removed, people and stations deactivated; nothing else
    goes.
    """

    ADDED = "added"
    CHANGED = "changed"
    ENDED = "ended"
    REMOVED = "removed"
    DEACTIVATED = "deactivated"
    REACTIVATED = "reactivated"


Named = Agency | Station | Responder
NamedT = TypeVar("NamedT", Agency, Station, Responder)
Entry = Named | Shift | Rotation
EntryT = TypeVar("EntryT", Agency, Station, Responder, Shift, Rotation)


@dataclass(frozen=True)
class Change:
    """One entry that changes from `old` to `new`; None stands for not being there.

    `what` is `agency`, `station`, `responder`, `shift`, `override` or `rotation`. `detail` may hold names, so it is for
    the screen of who makes the change and not for logs; telephone numbers are cut to their last four digits.
    """

    kind: ChangeKind
    what: str
    key: str
    detail: str = ""
    new: Entry | None = None
    old: Entry | None = None


def change_to(old: EntryT | None, new: EntryT | None) -> Change:
    """Return the change of one entry to another of its kind, None standing for not being there: one of them is.

    Raises ValueError where both are None.
    """
    one = new or old
    if one is None:
        raise ValueError("nothing would become of nothing")
    what, key = name_of(one)
    if old is None:
        return Change(ChangeKind.ADDED, what, key, new=new)
    if new is None:
        return Change(ChangeKind.REMOVED, what, key, old=old)
    return Change(_kind_of(old, new), what, name_of(old)[1], _difference(old, new), new, old)


def _kind_of(old: Entry, new: Entry) -> ChangeKind:
    if not isinstance(old, Shift | Rotation) and not isinstance(new, Shift | Rotation):
        if old.is_active and not new.is_active:
            return ChangeKind.DEACTIVATED
        if new.is_active and not old.is_active:
            return ChangeKind.REACTIVATED
    return ChangeKind.CHANGED


def name_of(one: Entry) -> tuple[str, str]:
    """Return what kind of thing an entry is and which one, as changes and the audit call it."""
    match one:
        case Agency() | Station() | Responder():
            return type(one).__name__.lower(), _name(one)
        case Rotation():
            return "rotation", _rotation_name(one)
        case Shift():
            return one.kind.value, _shift_name(one)


def compare(current: Directory, wanted: DirectoryFile, *, now: datetime, prune: bool) -> tuple[Change, ...]:
    """Return what makes `current` as `wanted` says, in an order in which it can be carried out.

    What `wanted` does not name stays. With `prune` the shifts and rotations that it does not name end now, or are
    removed where they have not begun, and its people and stations are deactivated; naming them again brings them back.
    Overrides are spared.
    """
    return (
        *_compare_named("agency", current.agencies, wanted.agencies),
        *_compare_named("station", current.stations, wanted.stations),
        *_compare_named("responder", current.responders, _wanted_responders(current, wanted)),
        *_duty_phones_given_up(current, wanted),
        *(_pruned(current, wanted, now) if prune else ()),
        *_compare_shifts(current, wanted),
        *_compare_rotations(current, wanted),
    )


def _compare_named(what: str, current: Iterable[NamedT], wanted: Iterable[NamedT]) -> Iterator[Change]:
    before = {_name(one): one for one in current}
    for new in wanted:
        old = before.get(_name(new))
        if old is None:
            yield Change(ChangeKind.ADDED, what, _name(new), new=new)
        elif new != old:
            kind = ChangeKind.CHANGED if old.is_active else ChangeKind.REACTIVATED
            yield Change(kind, what, _name(new), _difference(old, new), new, old)


def _wanted_responders(current: Directory, wanted: DirectoryFile) -> Iterator[Responder]:
    """Yield the file's people and duty phones, with what is known of them beside what a file holds."""
    before = {one.id: one for one in current.responders}
    duty = (duty_responder(agency) for agency in wanted.agencies)
    for responder in (*wanted.responders, *(one for one in duty if one)):
        old = before.get(responder.id)
        yield responder if old is None else with_what_is_known(responder, old)


def with_what_is_known(new: Responder, old: Responder) -> Responder:
    """Return `new` with what is known of `old`: of a number it stays with the number, of a person with them."""
    is_same_sms, is_same_voice = new.sms == old.sms, new.voice == old.voice
    return replace(
        new,
        sms_opted_out_at=old.sms_opted_out_at if is_same_sms else None,
        sms_verified_at=old.sms_verified_at if is_same_sms else None,
        voice_verified_at=old.voice_verified_at if is_same_voice else None,
        consented_at=old.consented_at,
        consent_how=old.consent_how,
    )


def _duty_phones_given_up(current: Directory, wanted: DirectoryFile) -> Iterator[Change]:
    without = {agency.duty_id for agency in wanted.agencies if agency.duty_phone is None}
    for one in current.responders:
        if one.id in without and one.is_active:
            yield _deactivated("responder", one, "the agency has no duty phone any more")


def _pruned(current: Directory, wanted: DirectoryFile, now: datetime) -> Iterator[Change]:
    for station in current.stations:
        if station.is_active and station.code not in wanted.named_stations:
            yield _deactivated("station", station, "not named in the file")
    for one in current.responders:
        if one.is_active and not one.is_duty and one.id not in wanted.named_responders:
            yield _deactivated("responder", one, "not named in the file")
    # Whole seconds, as people write them.
    yield from _pruned_shifts(current, wanted, now.replace(microsecond=0))
    yield from _pruned_rotations(current, wanted, now.replace(microsecond=0))


def _pruned_shifts(current: Directory, wanted: DirectoryFile, end_at: datetime) -> Iterator[Change]:
    zones = {agency.code: agency.timezone for agency in current.agencies}
    keys = {shift.key for shift in wanted.shifts}
    for shift in current.shifts:
        if shift.key not in keys and shift.end_at > end_at and shift.kind is not EntryKind.OVERRIDE:
            yield shift_taken_off(shift, end_at, zones[shift.agency])


def _pruned_rotations(current: Directory, wanted: DirectoryFile, end_at: datetime) -> Iterator[Change]:
    keys = {rotation.key for rotation in wanted.rotations}
    for one in current.rotations:
        if one.key not in keys and (one.end_at is None or one.end_at > end_at):
            yield rotation_taken_off(one, end_at)


def shift_taken_off(shift: Shift, at: datetime, timezone: str) -> Change:
    """Return what takes a shift or an override off the roster: it ends at `at`, or goes where it has not begun then."""
    what, key = name_of(shift)
    if shift.start_at >= at:
        return Change(ChangeKind.REMOVED, what, key, shift.responder, old=shift)
    ends = at.astimezone(ZoneInfo(timezone)).replace(tzinfo=None)
    return Change(ChangeKind.ENDED, what, key, shift.responder, replace(shift, ends=ends, end_at=at), shift)


def rotation_taken_off(one: Rotation, at: datetime) -> Change:
    """Return what takes a rotation off the roster: it ends at `at`, or goes where it has not begun then."""
    ends = at.astimezone(ZoneInfo(one.timezone)).replace(tzinfo=None)
    people = ", ".join(one.responders)
    if one.starts >= ends:
        return Change(ChangeKind.REMOVED, "rotation", _rotation_name(one), people, old=one)
    return Change(ChangeKind.ENDED, "rotation", _rotation_name(one), people, replace(one, ends=ends), one)


def _compare_rotations(current: Directory, wanted: DirectoryFile) -> Iterator[Change]:
    before = {rotation.key: rotation for rotation in current.rotations}
    for new in wanted.rotations:
        old = before.get(new.key)
        if old is None:
            yield Change(ChangeKind.ADDED, "rotation", _rotation_name(new), ", ".join(new.responders), new)
        elif new != old:
            yield Change(ChangeKind.CHANGED, "rotation", _rotation_name(new), _difference(old, new), new, old)


def _rotation_name(rotation: Rotation) -> str:
    return f"{rotation.agency} {rotation.tier.value}{_for_stations(rotation.stations)}"


def _compare_shifts(current: Directory, wanted: DirectoryFile) -> Iterator[Change]:
    before = {shift.key: shift for shift in current.shifts}
    for new in wanted.shifts:
        old = before.get(new.key)
        if old is None:
            detail = f"{new.responder} until {shown(new.ends)}"
            yield Change(ChangeKind.ADDED, "shift", _shift_name(new), detail, new)
        elif new != old:
            yield Change(ChangeKind.CHANGED, "shift", _shift_name(new), _difference(old, new), new, old)


def _deactivated(what: str, old: Station | Responder, why: str) -> Change:
    return Change(ChangeKind.DEACTIVATED, what, _name(old), why, replace(old, is_active=False), old)


def _name(one: Named) -> str:
    return one.id if isinstance(one, Responder) else one.code


def _shift_name(shift: Shift) -> str:
    return f"{shift.agency} {shift.tier.value}{_for_stations(shift.stations)} from {shown(shift.starts)}"


def _for_stations(stations: frozenset[str]) -> str:
    return f" ({', '.join(sorted(stations))})" if stations else ""


# The instants of a shift follow from its local times and its agency's zone.
_UNTOLD = ("is_active", "sms_opted_out_at", "sms_verified_at", "voice_verified_at", "start_at", "end_at")
_NUMBERS = ("sms", "voice", "duty_phone")


def _difference(old: Entry, new: Entry) -> str:
    """Write the fields that differ, as people see them: `ends: 2026-03-01T08:00 -> 2026-04-01T08:00`."""
    parts = []
    for key in (field.name for field in fields(old) if field.compare):
        before, after = getattr(old, key), getattr(new, key)
        if before != after and key not in _UNTOLD:
            parts.append(f"{key}: {_shown(key, before)} -> {_shown(key, after)}")
    return "; ".join(parts)


def _shown(key: str, value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, datetime):
        return shown(value)
    if isinstance(value, tuple):
        return ", ".join(value)
    return f"...{str(value)[-4:]}" if key in _NUMBERS else str(value)

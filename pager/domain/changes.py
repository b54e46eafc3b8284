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
from pager.domain.roster import Shift


class ChangeKind(StrEnum):
    """What becomes of an entry. Shifts are ended or removed, people and stations deactivated; nothing else goes."""

    ADDED = "added"
    CHANGED = "changed"
    ENDED = "ended"
    REMOVED = "removed"
    DEACTIVATED = "deactivated"
    REACTIVATED = "reactivated"


Named = Agency | Station | Responder
NamedT = TypeVar("NamedT", Agency, Station, Responder)


@dataclass(frozen=True)
class Change:
    """One entry that changes from `old` to `new`; None stands for not being there.

    `what` is `agency`, `station`, `responder` or `shift`. `detail` may hold names, so it is for the screen of who
    loads the file and not for logs; telephone numbers are cut to their last four digits.
    """

    kind: ChangeKind
    what: str
    key: str
    detail: str = ""
    new: Named | Shift | None = None
    old: Named | Shift | None = None


def compare(current: Directory, wanted: DirectoryFile, *, now: datetime, prune: bool) -> tuple[Change, ...]:
    """Return what makes `current` as `wanted` says, in an order in which it can be carried out.

    What `wanted` does not name stays. With `prune` the shifts that it does not name end now, or are removed where
    they have not begun, and its people and stations are deactivated; naming them again brings them back.
    """
    return (
        *_compare_named("agency", current.agencies, wanted.agencies),
        *_compare_named("station", current.stations, wanted.stations),
        *_compare_named("responder", current.responders, _wanted_responders(current, wanted)),
        *_duty_phones_given_up(current, wanted),
        *(_pruned(current, wanted, now) if prune else ()),
        *_compare_shifts(current, wanted),
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
    """Yield the file's people and duty phones. An opt-out is the carrier's word on a number, and stays with it."""
    before = {one.id: one for one in current.responders}
    duty = (duty_responder(agency) for agency in wanted.agencies)
    for responder in (*wanted.responders, *(one for one in duty if one)):
        old = before.get(responder.id)
        is_same_number = old is not None and old.sms == responder.sms
        yield replace(responder, sms_opted_out_at=old.sms_opted_out_at) if old and is_same_number else responder


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
    zones = {agency.code: agency.timezone for agency in current.agencies}
    keys = {shift.key for shift in wanted.shifts}
    # Whole seconds, as people write them.
    end_at = now.replace(microsecond=0)
    for shift in current.shifts:
        if shift.key in keys or shift.end_at <= end_at:
            continue
        if shift.start_at >= end_at:
            yield Change(ChangeKind.REMOVED, "shift", _shift_name(shift), shift.responder, old=shift)
        else:
            ends = end_at.astimezone(ZoneInfo(zones[shift.agency])).replace(tzinfo=None)
            new = replace(shift, ends=ends, end_at=end_at)
            yield Change(ChangeKind.ENDED, "shift", _shift_name(shift), shift.responder, new, shift)


def _compare_shifts(current: Directory, wanted: DirectoryFile) -> Iterator[Change]:
    before = {shift.key: shift for shift in current.shifts}
    for new in wanted.shifts:
        old = before.get(new.key)
        if old is None:
            detail = f"{new.responder} until {_local(new.ends)}"
            yield Change(ChangeKind.ADDED, "shift", _shift_name(new), detail, new)
        elif new != old:
            yield Change(ChangeKind.CHANGED, "shift", _shift_name(new), _difference(old, new), new, old)


def _deactivated(what: str, old: Station | Responder, why: str) -> Change:
    return Change(ChangeKind.DEACTIVATED, what, _name(old), why, replace(old, is_active=False), old)


def _name(one: Named) -> str:
    return one.id if isinstance(one, Responder) else one.code


def _shift_name(shift: Shift) -> str:
    stations = f" ({', '.join(sorted(shift.stations))})" if shift.stations else ""
    return f"{shift.agency} {shift.tier.value}{stations} from {_local(shift.starts)}"


# The instants of a shift follow from its local times and its agency's zone.
_UNTOLD = ("is_active", "sms_opted_out_at", "start_at", "end_at")
_NUMBERS = ("sms", "voice", "duty_phone")


def _difference(old: Named | Shift, new: Named | Shift) -> str:
    """Write the fields that differ, as people see them: `ends: 2026-03-01T08:00 -> 2026-04-01T08:00`."""
    parts = []
    for key in (field.name for field in fields(old)):
        before, after = getattr(old, key), getattr(new, key)
        if before != after and key not in _UNTOLD:
            parts.append(f"{key}: {_shown(key, before)} -> {_shown(key, after)}")
    return "; ".join(parts)


def _shown(key: str, value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, datetime):
        return _local(value)
    return f"...{str(value)[-4:]}" if key in _NUMBERS else str(value)


def _local(time: datetime) -> str:
    return time.isoformat(timespec="minutes")

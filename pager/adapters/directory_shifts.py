"""Reads the shifts of a directory file: local times become instants, and no two people hold one place."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pager.adapters.checked_file import CheckedFile, Entry
from pager.adapters.directory_names import Names, check_reference
from pager.adapters.directory_sections import ShiftSection
from pager.adapters.yaml_lines import Loc
from pager.domain.local_time import (
    LocalTimeError,
    NonexistentTimeError,
    after_the_jump,
    check_year,
    instant,
    is_ambiguous,
    shown,
)
from pager.domain.roster import Shift, overlaps

PlacedShift = tuple[Loc, Shift]


def read_shifts(file: CheckedFile, names: Names) -> list[PlacedShift]:
    """Return the usable shifts of the file, each with its place."""
    found = []
    for entry in file.read_each(("shifts",), ShiftSection):
        check_reference(file, (*entry.loc, "agency"), entry.value.agency, names.agencies)
        check_holder(file, (*entry.loc, "responder"), entry.value.responder, entry.value.agency, names)
        check_stations(file, (*entry.loc, "stations"), entry.value.stations, names)
        zone = names.zones.get(entry.value.agency)
        shift = _shift(file, entry, ZoneInfo(zone)) if zone else None
        if shift:
            found.append((entry.loc, shift))
    return found


def check_holder(file: CheckedFile, loc: Loc, responder: str, agency: str, names: Names) -> None:
    """Refuse a responder at `loc` who cannot be on one of the agency's tiers."""
    if responder in names.duty_ids:
        file.refuse(loc, f"{responder} is a duty phone, which is on no tier; name a person")
        return
    check_reference(file, loc, responder, names.responders)
    theirs = names.people.get(responder, agency)
    if theirs != agency:
        file.refuse(loc, f"{responder} belongs to {theirs}, not to {agency}")


def check_stations(file: CheckedFile, loc: Loc, stations: list[str] | None, names: Names) -> None:
    """Refuse stations at `loc` that cannot be served; None stands for all of them."""
    if stations == []:
        file.refuse(loc, "is empty; name a station, or take the key out to serve all of them")
    file.refuse_repeated(((*loc, index), code) for index, code in enumerate(stations or ()))
    for index, code in enumerate(stations or ()):
        check_reference(file, (*loc, index), code, names.stations)


def _shift(file: CheckedFile, entry: Entry[ShiftSection], zone: ZoneInfo) -> Shift | None:
    written = entry.value
    start_at = _instant(file, (*entry.loc, "start"), written.start, zone)
    end_at = _instant(file, (*entry.loc, "end"), written.end, zone)
    if start_at is None or end_at is None:
        return None
    if end_at <= start_at:
        file.refuse((*entry.loc, "end"), f"{shown(written.end)} should be after the start, {shown(written.start)}")
        return None
    return Shift(
        agency=written.agency,
        tier=written.tier,
        responder=written.responder,
        stations=frozenset(written.stations or ()),
        starts=written.start,
        ends=written.end,
        start_at=start_at,
        end_at=end_at,
    )


def _instant(file: CheckedFile, loc: Loc, local: datetime, zone: ZoneInfo) -> datetime | None:
    try:
        check_year(local)
        at = instant(local, zone)
    except NonexistentTimeError as error:
        file.refuse(loc, f"{error}; write {shown(after_the_jump(local, zone))}")
        return None
    except LocalTimeError as error:
        file.refuse(loc, str(error))
        return None
    if is_ambiguous(local, zone):
        file.warn(loc, f"{shown(local)} comes twice in {zone.key}, as the clocks go back; read as the first")
    return at


def check_overlaps(file: CheckedFile, placed: list[PlacedShift], roster: Collection[Shift]) -> None:
    """Refuse shifts that put two people on one tier of one station at once; `roster` is what stays beside the file."""
    places = {id(shift): loc for loc, shift in placed}
    for one, other in overlaps([*(shift for _, shift in placed), *roster]):
        if id(one) not in places and id(other) not in places:
            continue
        late, early = (other, one) if id(other) in places else (one, other)
        where = f"in line {file.line(places[id(early)])}" if id(early) in places else "in the roster, not in this file"
        period = f"{early.responder} from {shown(early.starts)} to {shown(early.ends)}"
        message = f"overlaps {period} ({where}): two people on {late.agency}'s {late.tier.value} tier at once"
        file.refuse(places[id(late)], f"{message}; end one before the other begins")


def check_training(
    file: CheckedFile,
    placed: list[PlacedShift],
    trained_until: Mapping[str, date | None],
    roster: Collection[Shift],
    zones: Mapping[str, str],
    now: datetime,
) -> None:
    """Refuse to put somebody newly on call past the end of their training; what the roster has already stays."""
    held = {(*shift.key, shift.responder) for shift in roster}
    for loc, shift in placed:
        last = trained_until.get(shift.responder)
        if last is None or shift.end_at <= now or (*shift.key, shift.responder) in held:
            continue
        begins = max(shift.start_at, now).astimezone(ZoneInfo(zones[shift.agency]))
        if begins.date() > last:
            refuse_untrained(file, (*loc, "responder"), shift.responder, last)


def refuse_untrained(file: CheckedFile, loc: Loc, responder: str, last: date) -> None:
    """Refuse a responder at `loc` whose training ends on `last`, before they would be on call."""
    said = f"{responder}'s training ended on {last}: nobody is newly put on call past it"
    file.refuse(loc, f"{said}; renew `trained_until`, or name somebody else")

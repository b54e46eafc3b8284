"""Reads the rotations of a directory file."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pager.adapters.checked_file import CheckedFile, Entry
from pager.adapters.directory_names import Names, check_reference
from pager.adapters.directory_sections import RotationSection
from pager.adapters.directory_shifts import check_holder, check_stations, refuse_untrained
from pager.adapters.yaml_lines import Loc
from pager.domain.local_time import LocalTimeError, check_year, shown
from pager.domain.rotation import Rotation, clashes, hand_over

PlacedRotation = tuple[Loc, Rotation]


def read_rotations(file: CheckedFile, names: Names) -> list[PlacedRotation]:
    """Return the usable rotations of the file, each with its place."""
    found = []
    for entry in file.read_each(("rotations",), RotationSection):
        written, loc = entry.value, entry.loc
        check_reference(file, (*loc, "agency"), written.agency, names.agencies)
        if not written.responders:
            file.refuse((*loc, "responders"), "is empty; name those who take turns, in their order")
        for index, responder in enumerate(written.responders):
            check_holder(file, (*loc, "responders", index), responder, written.agency, names)
        check_stations(file, (*loc, "stations"), written.stations, names)
        zone = names.zones.get(written.agency)
        if zone and written.responders and _is_in_calendar(file, (*loc, "start"), written.start):
            found.append((loc, _rotation(entry, zone)))
    return found


def _is_in_calendar(file: CheckedFile, loc: Loc, start: datetime) -> bool:
    try:
        check_year(start)
    except LocalTimeError as error:
        file.refuse(loc, str(error))
        return False
    return True


def _rotation(entry: Entry[RotationSection], zone: str) -> Rotation:
    written = entry.value
    return Rotation(
        agency=written.agency,
        tier=written.tier,
        responders=tuple(written.responders),
        stations=frozenset(written.stations or ()),
        starts=written.start,
        every=written.every,
        timezone=zone,
    )


def check_clashes(file: CheckedFile, placed: list[PlacedRotation], roster: Collection[Rotation]) -> None:
    """Refuse rotations that put two people on one tier of one station at once; `roster` stays beside the file."""
    places = {id(rotation): loc for loc, rotation in placed}
    for one, other in clashes([*roster, *(rotation for _, rotation in placed)]):
        late, early = (other, one) if id(other) in places else (one, other)
        if id(late) not in places:
            continue
        where = f"in line {file.line(places[id(early)])}" if id(early) in places else "in the roster, not in this file"
        message = f"shares {late.agency}'s {late.tier.value} tier with the rotation from {shown(early.starts)}"
        file.refuse(places[id(late)], f"{message} ({where}): two people at once; let each station be in one of them")


def check_rotation_training(
    file: CheckedFile,
    placed: list[PlacedRotation],
    trained_until: Mapping[str, date | None],
    roster: Collection[Rotation],
    now: datetime,
) -> None:
    """Refuse to put somebody newly into a rotation past the end of their training; who is in it already stays."""
    held = {rotation.key: rotation.responders for rotation in roster}
    for loc, rotation in placed:
        begins = max(hand_over(rotation.starts, rotation.timezone), now).astimezone(ZoneInfo(rotation.timezone)).date()
        for index, responder in enumerate(rotation.responders):
            last = trained_until.get(responder)
            if last is not None and begins > last and responder not in held.get(rotation.key, ()):
                refuse_untrained(file, (*loc, "responders", index), responder, last)

"""Reads a directory file: agencies, stations, people, shifts, rotations; what is wrong is refused with its line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pager.adapters.checked_file import CheckedFile, Entry, did_you_mean
from pager.adapters.directory_names import Names, check_reference, gather_names
from pager.adapters.directory_numbers import check_numbers
from pager.adapters.directory_rotations import check_clashes, check_rotation_training, read_rotations
from pager.adapters.directory_sections import AgencySection, DirectorySection, ResponderSection, StationSection
from pager.adapters.directory_shifts import check_overlaps, check_training, read_shifts
from pager.adapters.yaml_lines import FileError, load_yaml
from pager.domain.directory import Agency, Responder, Station
from pager.domain.directory_file import Directory, DirectoryFile
from pager.domain.readiness import TRAINING_WARNED_AHEAD
from pager.domain.roster import EntryKind, Shift
from pager.domain.rotation import Rotation

# Messages light up on locked telephones: these words in an agency's short name would say what they are about.
_TELLING = re.compile(r"child|youth|minor|juvenile|victim|traffick|exploit|sex", re.IGNORECASE)


def read_directory(
    path: Path,
    *,
    region: str,
    timezone: str,
    policies: Collection[str],
    now: datetime,
    known: Directory | None = None,
    prune: bool = False,
) -> DirectoryFile:
    """Return what the file names; raises FileError with everything that is wrong.

    `region` is how numbers without a country are read, `timezone` stands for agencies that name none, `policies` are
    the names a station may use. What is in `known` may be referred to; with `prune`, what the file does not name
    there counts as gone.
    """
    file = CheckedFile(load_yaml(path), {"region": region})
    known = known or Directory()
    file.read((), DirectorySection)
    agencies = file.read_each(("agencies",), AgencySection)
    stations = file.read_each(("stations",), StationSection)
    responders = file.read_each(("responders",), ResponderSection)
    names = gather_names(file, agencies, responders, known, timezone)
    shifts = read_shifts(file, names)
    rotations = read_rotations(file, names)
    beside = _beside(file, known, [shift for _, shift in shifts], [one for _, one in rotations], prune, now)
    _check_agencies(file, agencies, names, known, beside)
    _check_stations(file, stations, policies)
    _check_responders(file, responders, names, known)
    check_numbers(file, agencies, responders, beside)
    check_overlaps(file, shifts, beside.shifts)
    check_clashes(file, rotations, beside.rotations)
    trained_until = _training(known.responders, responders)
    check_training(file, shifts, trained_until, known.shifts, names.zones, now)
    check_rotation_training(file, rotations, trained_until, known.rotations, now)
    if file.problems:
        raise FileError(file.problems)
    _warn(file, agencies, responders, now.astimezone(ZoneInfo(timezone)).date())
    return DirectoryFile(
        agencies=tuple(_agency(entry.value, timezone) for entry in agencies),
        stations=tuple(_station(entry.value) for entry in stations),
        responders=tuple(_responder(entry.value) for entry in responders),
        shifts=tuple(shift for _, shift in shifts),
        rotations=tuple(rotation for _, rotation in rotations),
        warnings=tuple(file.warnings),
    )


def _beside(
    file: CheckedFile, known: Directory, shifts: list[Shift], rotations: list[Rotation], prune: bool, now: datetime
) -> Directory:
    """Return what of `known` stays beside the file: all that it does not name, or hardly anything with `prune`.

    Overrides always stay: a file has none, and they win over what it has.
    """
    keys, turning = {shift.key for shift in shifts}, {rotation.key for rotation in rotations}
    named = file.names(("responders",), "id") | {shift.responder for shift in shifts}
    named |= {responder for rotation in rotations for responder in rotation.responders}
    return replace(
        known,
        responders=tuple(one for one in known.responders if not prune or one.is_duty or one.id in named),
        shifts=tuple(
            shift
            for shift in known.shifts
            if shift.end_at > now and shift.key not in keys and (not prune or shift.kind is EntryKind.OVERRIDE)
        ),
        rotations=tuple(
            one for one in known.rotations if not prune and one.key not in turning and (one.end_at or now) >= now
        ),
    )


def _check_agencies(
    file: CheckedFile, agencies: list[Entry[AgencySection]], names: Names, known: Directory, beside: Directory
) -> None:
    file.refuse_repeated(((*entry.loc, "code"), entry.value.code) for entry in agencies)
    before = {agency.code: agency.timezone for agency in known.agencies}
    staying = Counter(shift.agency for shift in beside.shifts) + Counter(one.agency for one in beside.rotations)
    for entry in agencies:
        code = entry.value.code
        zone = names.zones[code]
        if staying[code] and before[code] != zone:
            message = (
                f"{zone} is a change from {before[code]}, in which {staying[code]} other roster entries were written"
            )
            file.refuse((*entry.loc, "timezone"), f"{message}; name them here too, or use --prune")


def _check_stations(file: CheckedFile, stations: list[Entry[StationSection]], policies: Collection[str]) -> None:
    file.refuse_repeated(((*entry.loc, "code"), entry.value.code) for entry in stations)
    for entry in stations:
        policy = entry.value.policy
        if policy not in policies:
            hint = did_you_mean(policy, policies) or f"; there are {', '.join(sorted(policies)) or 'none'}"
            file.refuse((*entry.loc, "policy"), f"{policy} is not the name of a policy{hint}")


def _check_responders(
    file: CheckedFile, responders: list[Entry[ResponderSection]], names: Names, known: Directory
) -> None:
    file.refuse_repeated(((*entry.loc, "id"), entry.value.id) for entry in responders)
    before = {one.id: one.agency for one in known.responders}
    for entry in responders:
        one, loc = entry.value, entry.loc
        check_reference(file, (*loc, "agency"), one.agency, names.agencies)
        if one.id in names.duty_ids:
            file.refuse((*loc, "id"), f"{one.id} is the name of a duty phone; give this person another id")
        elif before.get(one.id, one.agency) != one.agency:
            message = f"{one.id} is an id of {before[one.id]}; an id stays with its agency, so take a new one"
            file.refuse((*loc, "agency"), message)
        if one.sms is None and one.voice is None:
            file.refuse(
                loc, f'{one.id} has no telephone number; write `sms: "+12135550101"`, or `voice` for calls only'
            )


def _training(known: Iterable[Responder], named: list[Entry[ResponderSection]]) -> dict[str, date | None]:
    before = {one.id: one.trained_until for one in known}
    return before | {entry.value.id: entry.value.trained_until for entry in named}


def _warn(
    file: CheckedFile, agencies: list[Entry[AgencySection]], responders: list[Entry[ResponderSection]], today: date
) -> None:
    for agency in agencies:
        if agency.value.duty_phone is None:
            file.warn(agency.loc, f"{agency.value.code} has no duty_phone: when a tier has nobody, nobody is called")
        for key, text in (("short", agency.value.short), ("spoken", agency.value.spoken)):
            if text and (telling := _TELLING.search(text)):
                file.warn((*agency.loc, key), f"{telling[0]} says what a message is about; use initials")
    for entry in responders:
        last = entry.value.trained_until
        if last and last < today + TRAINING_WARNED_AHEAD:
            verb = "ended" if last < today else "ends"
            file.warn((*entry.loc, "trained_until"), f"the training of {entry.value.id} {verb} on {last}; renew it")


def _agency(entry: AgencySection, timezone: str) -> Agency:
    short = entry.short or entry.code.upper()
    return Agency(
        code=entry.code,
        name=entry.name,
        short=short,
        spoken=entry.spoken or short,
        timezone=entry.timezone or timezone,
        duty_phone=entry.duty_phone,
    )


def _station(entry: StationSection) -> Station:
    return Station(
        code=entry.code,
        name=entry.name,
        short=entry.short or entry.name,
        policy=entry.policy,
        live_since=entry.live_since,
    )


def _responder(entry: ResponderSection) -> Responder:
    return Responder(
        id=entry.id,
        agency=entry.agency,
        name=entry.name,
        sms=entry.sms,
        voice=entry.voice or entry.sms,
        trained_until=entry.trained_until,
    )

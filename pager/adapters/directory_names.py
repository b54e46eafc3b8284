"""What a directory file may refer to: what it names itself, and what is known from before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from pager.adapters.checked_file import CheckedFile, Entry, did_you_mean
from pager.adapters.directory_sections import AgencySection, ResponderSection
from pager.adapters.yaml_lines import Loc
from pager.domain.directory import duty_responder_id
from pager.domain.directory_file import Directory


@dataclass(frozen=True)
class Kind:
    """The codes or ids of one kind, `what` being their key in the file.

    Those of refused entries are among them, so that one mistake is told once.
    """

    what: str
    names: Set[str]
    inactive: Set[str]


@dataclass(frozen=True)
class Names:
    """All that may be referred to; `zones` has each agency's time zone, `people` each responder's agency."""

    agencies: Kind
    stations: Kind
    responders: Kind
    zones: Mapping[str, str]
    people: Mapping[str, str]

    @property
    def duty_ids(self) -> set[str]:
        """The responder ids that duty phones act as."""
        return {duty_responder_id(agency) for agency in self.agencies.names}


def gather_names(
    file: CheckedFile,
    agencies: Iterable[Entry[AgencySection]],
    responders: Iterable[Entry[ResponderSection]],
    known: Directory,
    timezone: str,
) -> Names:
    """Return what exists. `timezone` is for agencies that name none."""
    people = {one.id: one for one in known.responders if not one.is_duty}
    return Names(
        agencies=_kind(file, "agencies", "code", {agency.code: agency.is_active for agency in known.agencies}),
        stations=_kind(file, "stations", "code", {station.code: station.is_active for station in known.stations}),
        responders=_kind(file, "responders", "id", {one.id: one.is_active for one in people.values()}),
        zones={agency.code: agency.timezone for agency in known.agencies}
        | {entry.value.code: entry.value.timezone or timezone for entry in agencies},
        people={one.id: one.agency for one in people.values()}
        | {entry.value.id: entry.value.agency for entry in responders},
    )


def _kind(file: CheckedFile, what: str, key: str, known: Mapping[str, bool]) -> Kind:
    named = file.names((what,), key)
    inactive = {name for name, is_active in known.items() if not is_active}
    return Kind(what, named | known.keys(), inactive - named)


def check_reference(file: CheckedFile, loc: Loc, name: str, kind: Kind) -> None:
    """Refuse `name` at `loc` unless it is one of its kind, and active."""
    if name not in kind.names:
        hint = did_you_mean(name, kind.names) or f"; name it under `{kind.what}`, or use one that is there"
        file.refuse(loc, f"{name} is not one of the {kind.what}{hint}")
    elif name in kind.inactive:
        file.refuse(loc, f"{name} is deactivated; name it under `{kind.what}` to bring it back")

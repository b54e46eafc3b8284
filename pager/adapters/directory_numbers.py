"""Checks that each telephone number of a directory file belongs to one responder or one duty phone."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from pager.adapters.checked_file import CheckedFile, Entry
from pager.adapters.directory_sections import AgencySection, ResponderSection
from pager.adapters.yaml_lines import Loc
from pager.domain.directory import duty_responder_id
from pager.domain.directory_file import Directory


@dataclass(frozen=True)
class _Holder:
    responder: str
    loc: Loc | None


def check_numbers(
    file: CheckedFile,
    agencies: Collection[Entry[AgencySection]],
    responders: Collection[Entry[ResponderSection]],
    known: Directory,
) -> None:
    """Refuse a number that somebody else holds, in the file or among the active responders in `known`.

    Who has left holds no number: their telephone may have gone on to somebody else.
    """
    named = {entry.value.id for entry in responders} | {duty_responder_id(entry.value.code) for entry in agencies}
    holders = {
        number: _Holder(responder.id, None)
        for responder in known.responders
        if responder.is_active and responder.id not in named
        for number in (responder.sms, responder.voice)
        if number
    }
    for loc, number, responder in _numbers(agencies, responders):
        holder = holders.setdefault(number, _Holder(responder, loc))
        if holder.responder != responder:
            place = f"in line {file.line(holder.loc)}" if holder.loc else "from before"
            file.refuse(loc, f"is the number of {holder.responder} already ({place}); a number belongs to one only")


def _numbers(
    agencies: Collection[Entry[AgencySection]], responders: Collection[Entry[ResponderSection]]
) -> Iterator[tuple[Loc, str, str]]:
    for agency in agencies:
        if agency.value.duty_phone:
            yield (*agency.loc, "duty_phone"), agency.value.duty_phone, duty_responder_id(agency.value.code)
    for entry in responders:
        for key, number in (("sms", entry.value.sms), ("voice", entry.value.voice)):
            if number:
                yield (*entry.loc, key), number, entry.value.id

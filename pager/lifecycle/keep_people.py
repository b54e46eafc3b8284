"""Keep an agency's people: add, change, deactivate and reactivate them, and the duty phone. Nobody is ever deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pager.domain.audit import fingerprint
from pager.domain.changes import change_to, compare
from pager.domain.directory import Agency, Responder
from pager.domain.directory_file import Directory, DirectoryFile
from pager.domain.person_id import propose_id
from pager.domain.roster import Shift
from pager.domain.shared_gaps import SharedGap
from pager.domain.written import DraftError, Mistake, read_code, read_field
from pager.lifecycle.change_directory import change_directory
from pager.lifecycle.foresee_gaps import foresee_gaps
from pager.lifecycle.keep_roster import ChangedMeanwhileError
from pager.lifecycle.read_person import PersonDraft, check_free, read_duty_phone, read_person
from pager.lifecycle.survey import SURVEYED_AHEAD
from pager.lifecycle.turn import Context, Turn, writing


@dataclass(frozen=True)
class Duties:
    """What somebody is on the roster for in the next 14 days, whether for more later, and the gaps without them, as
    far ahead as gaps are foreseen.
    """

    entries: Sequence[Shift]
    has_later: bool
    gaps: Sequence[SharedGap]


class StillOnRosterError(Exception):
    """Somebody is on the roster, and that they are to go was not confirmed."""

    def __init__(self, duties: Duties) -> None:
        super().__init__("still on the roster")
        self.duties = duties


def seen(person: Responder) -> str:
    """Return a text that is another one as soon as what administrators write about somebody is."""
    return fingerprint(replace(person, sms_opted_out_at=None, sms_verified_at=None, voice_verified_at=None))


def find_person(turn: Turn, agency: str, responder: str) -> Responder | None:
    """Return one of the agency's people; a duty phone is none."""
    found = turn.work.directory.find_responder(responder)
    return found if found is not None and found.agency == agency and not found.is_duty else None


def add_person(context: Context, agency: str, responder: str, draft: PersonDraft, by: str) -> Responder:
    """Add somebody, under an id that is made from the agency and their first name where none is given.

    Raises DraftError; KeyError for no such agency.
    """
    with writing(context) as turn:
        theirs = _lock(turn, agency)
        mistakes: list[Mistake] = []
        id_ = _new_id(turn, theirs, responder.strip(), draft.name, mistakes)
        try:
            new = read_person(turn, theirs, draft, Responder(id_, agency, "", None, None))
        except DraftError as error:
            raise DraftError((*mistakes, *error.mistakes)) from None
        if mistakes:
            raise DraftError(mistakes)
        change_directory(turn, [change_to(None, new)], by)
        return new


def change_person(
    context: Context, agency: str, responder: str, draft: PersonDraft, by: str, *, as_seen: str
) -> Responder:
    """Change somebody who is still as they were seen; a number that changes is unverified.

    Raises DraftError, ChangedMeanwhileError; KeyError for nobody of the agency.
    """
    with writing(context) as turn:
        theirs = _lock(turn, agency)
        old = _find(turn, agency, responder)
        if seen(old) != as_seen:
            raise ChangedMeanwhileError
        new = read_person(turn, theirs, draft, old)
        if new != old:
            change_directory(turn, [change_to(old, new)], by)
        return new


def deactivate_person(context: Context, agency: str, responder: str, by: str, *, is_confirmed: bool) -> Responder:
    """Let somebody be paged no more; their answers to earlier pages count.

    Raises StillOnRosterError where they are on the roster and it is not confirmed that they go; KeyError.
    """
    with writing(context) as turn:
        _lock(turn, agency)
        old = _find(turn, agency, responder)
        if not old.is_active:
            return old
        found = duties(turn, old)
        if (found.entries or found.has_later) and not is_confirmed:
            raise StillOnRosterError(found)
        change_directory(turn, [change_to(old, replace(old, is_active=False))], by)
        return old


def reactivate_person(context: Context, agency: str, responder: str, by: str) -> Responder:
    """Let somebody be paged again, on the roster where they were. Raises DraftError where their number is another's."""
    with writing(context) as turn:
        _lock(turn, agency)
        old = _find(turn, agency, responder)
        if not old.is_active:
            check_free(turn, old)
            change_directory(turn, [change_to(old, replace(old, is_active=True))], by)
        return old


def change_duty_phone(context: Context, agency: str, text: str, by: str, *, as_seen: str | None) -> Agency:
    """Give an agency another duty phone where it still has the one that was seen; in both an empty text is none.

    Raises DraftError; ChangedMeanwhileError, also where nothing was seen (None); KeyError for no such agency.
    """
    with writing(context) as turn:
        old = _lock(turn, agency)
        if (old.duty_phone or "") != as_seen:
            raise ChangedMeanwhileError
        new = replace(old, duty_phone=read_duty_phone(turn, old, text))
        duty = turn.work.directory.find_responder(old.duty_id)
        known = Directory(agencies=(old,), responders=(duty,) if duty else ())
        changes = compare(known, DirectoryFile(agencies=(new,)), now=turn.now, prune=False)
        change_directory(turn, changes, by)
        return new


def duties(turn: Turn, person: Responder) -> Duties:
    """Return what somebody is on the roster for."""
    directory, end = turn.work.directory, turn.now + SURVEYED_AHEAD
    shifts, rotations = directory.shifts([person.agency]), directory.rotations([person.agency])
    known = Directory(
        agencies=(directory.agency(person.agency),),
        stations=tuple(directory.stations()),
        responders=tuple(one for one in directory.responders() if one.agency == person.agency),
        shifts=tuple(shifts),
        rotations=tuple(rotations),
    )
    without = foresee_gaps(turn, known, [change_to(person, replace(person, is_active=False))])
    entries = directory.entries([person.agency], turn.now, end)
    return Duties(
        # Copies: they outlive the unit of work.
        entries=[replace(one) for one in entries if one.responder == person.id],
        has_later=any(one.responder == person.id and one.start_at >= end for one in shifts)
        or any(person.id in one.responders and (one.end_at is None or one.end_at > end) for one in rotations),
        gaps=without.opened,
    )


def _lock(turn: Turn, agency: str) -> Agency:
    """Lock all agencies, since a number belongs to one person of them all, and return one."""
    turn.work.directory.lock_agencies()
    found = turn.work.directory.find_agency(agency)
    if found is None:
        raise KeyError(agency)
    return found


def _find(turn: Turn, agency: str, responder: str) -> Responder:
    found = find_person(turn, agency, responder)
    if found is None:
        raise KeyError(responder)
    return found


def _new_id(turn: Turn, agency: Agency, written: str, name: str, mistakes: list[Mistake]) -> str:
    taken = {one.id for one in turn.work.directory.responders()}
    duty_ids = {one.duty_id for one in turn.work.directory.agencies()}
    if not written:
        return propose_id(agency.code, name, taken | duty_ids)
    read_field("id", read_code, written, mistakes)
    if written in duty_ids:
        mistakes.append(Mistake("id", f"{written} is the name of a duty phone; take another id"))
    elif written in taken:
        mistakes.append(Mistake("id", f"{written} is taken; an id stays with its person for good, so take another"))
    return written

"""Warn an agency's administrators of gaps before they hurt: seven days and 24 hours ahead, once each."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pager.domain.coverage import Gap
from pager.domain.coverage_warning import Outlook, Warned, look
from pager.domain.coverage_wording import gaps_sms
from pager.domain.delivery import DeliveryKind
from pager.domain.directory import Agency
from pager.domain.user import Role, User
from pager.lifecycle.find_gaps import find_gaps
from pager.lifecycle.ports import StoreConflictError
from pager.lifecycle.queue import queue_message
from pager.lifecycle.turn import Context, Turn, reading, writing

log = logging.getLogger(__name__)

LOOK_EVERY = timedelta(minutes=15)
# From midnight of a day (UTC) on: what is found is then the same all day, and little has to be stored anew.
LOOKED_AHEAD = timedelta(days=9)

Gaps = Mapping[str, Sequence[Gap]]


def warn_of_gaps(context: Context) -> None:
    """Look the rosters over, every quarter of an hour in one process of all, and queue the warnings that are due.

    A warning is queued together with the fact that it was given. Raises StoreUnavailableError.
    """
    try:
        begun_at = _begin(context)
        if begun_at is None:
            return
        with reading(context) as turn:
            gaps = _gaps(turn, begun_at)
            if not _changes_anything(turn, gaps):
                return
        with writing(context) as turn:
            if turn.work.coverage.lock_look(begun_at):
                _warn(turn, gaps)
    except StoreConflictError:
        log.info("another process looks the rosters over at the same moment")


def _begin(context: Context) -> datetime | None:
    """Begin to look, and return when: None where somebody else has, not long ago. Nothing is written then."""
    with reading(context) as turn:
        last = turn.work.coverage.last_look_at()
    # One that lies ahead was begun by a clock that was wrong.
    if last is not None and abs(turn.now - last) < LOOK_EVERY:
        return None
    with writing(context) as turn:
        return turn.now if turn.work.coverage.begin_look(last, turn.now) else None


def _gaps(turn: Turn, now: datetime) -> Gaps:
    """Return the gaps that are there and that come, by agency. No writer waits while they are looked for."""
    since = now.replace(hour=0, minute=0, second=0, microsecond=0)
    agencies = [one.code for one in turn.work.directory.agencies() if one.is_active]
    found = {code: find_gaps(turn, since, since + LOOKED_AHEAD, agency=code) for code in agencies}
    return {code: [gap for gap in gaps if gap.end_at > now] for code, gaps in found.items()}


def _outlooks(turn: Turn, gaps: Gaps) -> Iterator[tuple[Agency, frozenset[Warned], Outlook]]:
    """Yield for each agency what was warned of, and what follows from how its gaps are."""
    facts = turn.work.coverage.all()
    for agency in turn.work.directory.agencies():
        theirs = frozenset(one for one in facts if one.agency == agency.code)
        yield agency, theirs, look(gaps.get(agency.code, ()), theirs, turn.now, ZoneInfo(agency.timezone))


def _changes_anything(turn: Turn, gaps: Gaps) -> bool:
    return any(outlook.due or outlook.kept != theirs for _, theirs, outlook in _outlooks(turn, gaps))


def _warn(turn: Turn, gaps: Gaps) -> None:
    for agency, theirs, outlook in list(_outlooks(turn, gaps)):
        numbers = _whom(turn, agency.code) if outlook.due else ()
        given = frozenset(outlook.due if numbers else ())
        if outlook.due and not numbers:
            log.warning("nobody has a number to be warned of gaps at: %s", agency.code)
        facts = outlook.kept | given
        turn.work.coverage.replace(theirs - facts, facts - theirs)
        if given:
            _tell(turn, agency, outlook.due, numbers)


def _tell(turn: Turn, agency: Agency, due: Sequence[Warned], numbers: Sequence[str]) -> None:
    log.info("%s is warned of %d gaps", agency.code, len(due))
    stations = {one.code: one.short for one in turn.work.directory.stations()}
    text = gaps_sms(agency.short, due, stations, turn.now, ZoneInfo(agency.timezone))
    for number in numbers:
        cause = f"gaps:{agency.code}:{turn.now.isoformat()}"
        queue_message(turn, DeliveryKind.WARNING, number, text, cause=cause)


def _whom(turn: Turn, agency: str) -> Sequence[str]:
    """Return who is warned: the agency's administrators, else the county's, else PAGER_ALARM_TO."""
    users = [one for one in turn.work.users.all() if one.is_active]
    theirs = _numbers(one for one in users if one.role is Role.AGENCY_ADMIN and one.agency == agency)
    return theirs or _numbers(one for one in users if one.role is Role.ADMIN) or turn.context.alarm_to


def _numbers(users: Iterator[User]) -> Sequence[str]:
    return sorted({one.sms for one in users if one.sms})

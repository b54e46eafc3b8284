"""How long a sign-in lasts, and how long failed ones must wait: pauses that grow, so that guessing takes years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from pager.domain.user import ResetLink, Session

SESSION_LASTS = timedelta(hours=12)  # from the sign-in on, however busy: longer than any shift at a console
ENDS_SOON = timedelta(minutes=30)  # so long ahead its user is told: an encounter may be going on
IDLE_LASTS = timedelta(hours=1)  # from the last request on
SEEN_EVERY = timedelta(minutes=1)  # how often a session's last request is written down
LINK_LASTS = timedelta(hours=24)
# How long sessions, links and failures stay to be looked up, long after they have ended.
TRACES_KEPT_FOR = timedelta(days=90)

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=15)
LONGEST_PAUSE_OF_NETWORK = timedelta(seconds=10)
_MOST_DOUBLINGS = 8  # by then any pause is the longest

NO_WAIT = timedelta(0)


@dataclass(frozen=True)
class Allowance:
    """How many failures in a row go without a pause, how long after the last they count, and the longest pause."""

    failures: int
    memory: timedelta
    longest: timedelta


OF_EMAIL = Allowance(5, timedelta(days=1), LONGEST_PAUSE)
# Many people may share an address on the network, a whole county even, and a right password does not clear what others
# got wrong: so it slows a guesser down by seconds, and keeps nobody out.
OF_NETWORK = Allowance(20, timedelta(hours=1), LONGEST_PAUSE_OF_NETWORK)


def is_running(session: Session, now: datetime) -> bool:
    """Tell whether a session still lets its user in."""
    return session.ended_at is None and now < ends_at(session) and now < session.seen_at + IDLE_LASTS


def ends_at(session: Session) -> datetime:
    """Return when a session ends at the latest, however busy it is."""
    return session.begun_at + SESSION_LASTS


def is_usable(link: ResetLink, now: datetime) -> bool:
    """Tell whether a password may still be set by a link."""
    return link.used_at is None and now < link.expires_at


def pause_after(failures: int, allowance: Allowance) -> timedelta:
    """Return how long no password is looked at after so many failures in a row: 5 s, 10 s, 20 s … the longest."""
    over = failures - allowance.failures
    if over < 0:
        return NO_WAIT
    return min(allowance.longest, FIRST_PAUSE * (1 << min(over, _MOST_DOUBLINGS)))


def wait_left(failures: int, last_at: datetime, allowance: Allowance, now: datetime) -> timedelta:
    """Return how much of the pause after the last failure is left at `now`; never more than the pause itself."""
    if now - last_at >= allowance.memory:
        return NO_WAIT
    pause = pause_after(failures, allowance)
    return max(NO_WAIT, min(pause, last_at + pause - now))

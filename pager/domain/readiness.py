"""People on the roster who are not all that they should be: training that has ended or will, no SMS, no number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pager.domain.directory import Responder
from pager.domain.roster import Shift

# So long ahead people are warned that their training ends (PROTOCOL, trained people).
TRAINING_WARNED_AHEAD = timedelta(days=30)


@dataclass(frozen=True)
class Concern:
    """What is to be seen to with one person on the roster, who is on call next from `on_call_at`.

    `trained_until` is set where training ends soon, or has (`has_training_ended`). `has_no_sms`: they opted out. None
    of it keeps anybody from being paged.
    """

    person: Responder
    on_call_at: datetime
    trained_until: date | None
    has_training_ended: bool
    has_no_sms: bool


def concerns(people: Iterable[Responder], entries: Iterable[Shift], now: datetime, today: date) -> Iterator[Concern]:
    """Yield who is on the roster (`entries`, those to come) and has something to be seen to, by when they are next on.

    `today` is that of the agency.
    """
    first_at: dict[str, datetime] = {}
    for entry in entries:
        first_at[entry.responder] = min(first_at.get(entry.responder, entry.start_at), entry.start_at)
    on_roster = [person for person in people if person.id in first_at]
    for person in sorted(on_roster, key=lambda one: (max(first_at[one.id], now), one.id)):
        ends = person.trained_until
        if ends is not None and ends > today + TRAINING_WARNED_AHEAD:
            ends = None
        has_no_sms = person.sms_opted_out_at is not None
        if ends is not None or has_no_sms:
            has_ended = ends is not None and ends < today
            yield Concern(person, max(first_at[person.id], now), ends, has_ended, has_no_sms)


def remarks(person: Responder, day: date) -> Iterator[str]:
    """Yield what is to be known of somebody who is on call on a day, in words."""
    if person.trained_until is not None and person.trained_until < day:
        yield f"training ended {person.trained_until}"
    if person.sms_opted_out_at is not None:
        yield "no SMS: opted out"
    if not person.channels:
        yield "no number that works"

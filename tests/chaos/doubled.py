"""What came twice: a delivery, by the token in its callbacks, that the carrier took more than once; an encounter."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from itertools import pairwise

from pager.domain.delivery import DeliveryKind
from tests.chaos.case import Case
from tests.chaos.evidence import Request

# The carrier's list lags by no more than this; asked sooner, it could not tell.
LONGEST_LAG = timedelta(seconds=4)


class Why(StrEnum):
    """Why a copy is no fault of ours (docs/reliability.md, "Not promised")."""

    PAUSED = "paused inside a request"
    LIST = "the list could not tell"


@dataclass
class Copies:
    """`pages` and `others` hold a line for each message or call that came twice and is not excused."""

    pages: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    excused: Counter[Why] = field(default_factory=Counter)
    called_again: int = 0


def find_doubled(case: Case) -> Copies:
    """Return what was taken twice.

    A call made once more after busy or no answer has a new token, and its first one belongs to no delivery any more:
    there may be as many of these as calls that were made once more to the same number.
    """
    deliveries = {one.token: one for story in case.evidence.stories.values() for one in story.deliveries}
    recalled = Counter(one.to_number for one in deliveries.values() if one.is_recalled)
    opened_twice = case.evidence.stories.keys() - set(case.evidence.accepted)
    copies = Copies([f"{reference}: opened, and no dispatcher was given it" for reference in sorted(opened_twice)])
    for token in case.requests:
        taken, delivery = case.taken(token), deliveries.get(token)
        is_page = delivery is not None and delivery.kind is DeliveryKind.PAGE
        if delivery is None and taken and taken[0].is_call:
            is_page = True
            copies.called_again += 1
            recalled[taken[0].number] -= 1
            if recalled[taken[0].number] < 0:
                copies.pages.append(f"call {token}: made again without a reason")
        for earlier, later in pairwise(taken):
            _judge(case, earlier, later, copies, copies.pages if is_page else copies.others)
    return copies


def _judge(case: Case, earlier: Request, later: Request, copies: Copies, lines: list[str]) -> None:
    why = _excuse(case, earlier, later)
    if why is not None:
        copies.excused[why] += 1
        return
    times = " and ".join(f"{one.at:%H:%M:%S.%f} by {one.process}" for one in (earlier, later))
    lines.append(f"{'call' if later.is_call else 'message'} {later.token}: taken at {times}")


def _excuse(case: Case, earlier: Request, later: Request) -> Why | None:
    if case.was_paused(earlier) or case.was_paused(later):
        return Why.PAUSED
    asked_at = [
        one.at for one in case.evidence.listings if one.number == later.number and earlier.at < one.at < later.at
    ]
    could_not_tell = bool(asked_at) and max(asked_at) - earlier.at < LONGEST_LAG and not later.is_call
    return Why.LIST if could_not_tell else None

"""How soon: a rung's requests after its time, and none after an answer."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from pager.domain.delivery import Delivery
from pager.domain.ladder import Ladder
from pager.domain.page import Page
from pager.domain.timeline import EventKind
from tests.chaos.case import Case, paging
from tests.chaos.evidence import Story

STOPS_WITHIN = timedelta(milliseconds=250)
STOPPING = (EventKind.ACKNOWLEDGED, EventKind.ARRIVED)


def begun_after_answers(case: Case) -> Iterator[str]:
    """Yield a line for each paging request that began too long after its page's round was answered."""
    for story in case.evidence.stories.values():
        answered_at = _answered_at(story)
        for page in story.pages:
            for delivery in paging(story, page):
                stops_at = answered_at.get((page.agency, delivery.round or 0))
                for request in case.requests_for(delivery):
                    if stops_at and request.at > stops_at + STOPS_WITHIN and not case.was_paused(request):
                        late_by = (request.at - stops_at).total_seconds()
                        yield f"{story.encounter.reference} {page.agency}: {late_by:.3f} s, {request.process}"


def lateness(case: Case, *, is_taken: bool) -> list[float]:
    """Return how late each rung was that was carried out, in seconds: its first request, or the first one taken.

    A rung is due by the policy's time, or when it was brought forward; in a later round, when that began.
    """
    late = []
    for story in case.evidence.stories.values():
        for page in story.pages:
            for deliveries in _rungs(story, page):
                requests = [one for each in deliveries for one in case.requests_for(each)]
                begun = [one.at for one in requests if one.is_taken or not is_taken]
                if begun:
                    late.append((min(begun) - _due_at(story, page, deliveries)).total_seconds())
    return late


def _rungs(story: Story, page: Page) -> Iterator[list[Delivery]]:
    rungs: dict[tuple[int | None, int | None], list[Delivery]] = defaultdict(list)
    for delivery in paging(story, page):
        rungs[delivery.round, delivery.rung].append(delivery)
    yield from rungs.values()


def _due_at(story: Story, page: Page, deliveries: list[Delivery]) -> datetime:
    queued_at, rung = min(one.created_at for one in deliveries), deliveries[0].rung
    if deliveries[0].round != 1 or rung is None:
        return queued_at
    encounter, plan = story.encounter, story.policy.plan(page.agency)
    ladder = Ladder(plan.ladder, story.policy.repeat, encounter.opened_at, encounter.respond_by)
    return min(queued_at, ladder.policy_time(rung))


def _answered_at(story: Story) -> Mapping[tuple[str | None, int], datetime]:
    """Return when the first answer in each round of each agency's page was committed."""
    rounds: Counter[str | None] = Counter()
    answered: dict[tuple[str | None, int], datetime] = {}
    for event in story.events:
        if event.kind in STOPPING:
            answered.setdefault((event.agency, rounds[event.agency] + 1), story.committed_at[event.seq])
        elif event.kind is EventKind.RELEASED:
            rounds[event.agency] += 1
    return answered

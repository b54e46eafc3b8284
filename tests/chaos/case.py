"""The evidence, found by what it is about."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from pager.domain.delivery import Delivery, DeliveryKind
from pager.domain.page import Page
from tests.chaos.evidence import Evidence, Request, Story

# What a process had begun when it was paused may reach the carrier so long before and after.
FALLS_ASLEEP_WITHIN, WAKES_WITHIN = timedelta(seconds=0.5), timedelta(seconds=3)


class Case:
    """`requests` holds every request by the token of its delivery, oldest first."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.requests: dict[str, list[Request]] = defaultdict(list)
        for request in sorted(evidence.requests, key=lambda one: one.at):
            self.requests[request.token].append(request)

    def requests_for(self, delivery: Delivery) -> list[Request]:
        return self.requests.get(delivery.token, [])

    def taken(self, token: str) -> list[Request]:
        """Return the requests for a delivery that the carrier goes on with."""
        return [request for request in self.requests.get(token, ()) if request.is_taken]

    def is_paged(self, story: Story, page: Page) -> bool:
        """Tell whether anybody was sent anything for this page."""
        return any(self.taken(delivery.token) for delivery in paging(story, page))

    def was_paused(self, request: Request) -> bool:
        """Tell whether its process stood still when it was under way."""
        return any(
            pause.process == request.process
            and pause.began_at - FALLS_ASLEEP_WITHIN <= request.at <= pause.ended_at + WAKES_WITHIN
            for pause in self.evidence.pauses
        )


def paging(story: Story, page: Page) -> list[Delivery]:
    """Return the deliveries that page somebody for this page."""
    return [one for one in story.deliveries if one.page_id == page.id and one.kind is DeliveryKind.PAGE]

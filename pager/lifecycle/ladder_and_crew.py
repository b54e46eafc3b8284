"""Of a page: its ladder in time, and whom its agency can call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pager.domain.crew import Crew
from pager.domain.encounter import Encounter
from pager.domain.ladder import Ladder
from pager.domain.page import Page
from pager.domain.policy import Policy
from pager.lifecycle.turn import Turn


def ladder_of(policy: Policy, encounter: Encounter, page: Page) -> Ladder:
    """Return a page's ladder in time, by the policy as it was when the encounter opened."""
    return Ladder(
        policy.plan(page.agency).ladder, policy.repeat, page.opened_at or encounter.opened_at, encounter.respond_by
    )


def crew_of(turn: Turn, encounter: Encounter, page: Page) -> Crew:
    """Return whom the page's agency can call now for the encounter's station."""
    return turn.work.directory.crews([page.agency], encounter.station, turn.now)[page.agency]


def usable_crews(turn: Turn, encounter: Encounter, pages: Sequence[Page]) -> Mapping[int, Crew]:
    """Return for each page, by its id, the agency's crew without the channels that have failed for good on it."""
    crews = turn.work.directory.crews([page.agency for page in pages], encounter.station, turn.now)
    lost = turn.work.deliveries.lost_channels([page.id for page in pages])
    return {page.id: crews[page.agency].without(lost[page.id]) for page in pages}

"""An encounter as it stands, whole: what the API and the board show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pager.domain.alert import Alert
from pager.domain.encounter import Encounter
from pager.domain.follow_up import FollowUp
from pager.domain.page import Commitment, Page, PageState, standby
from pager.domain.wording import AgencyStatus
from pager.lifecycle.ladder_and_crew import ladder_of
from pager.lifecycle.turn import Turn


@dataclass(frozen=True)
class Overview:
    """`next_rung_at`, `standby` and `paged` are by agency; the first None unless the agency's page is `paging`.

    `paged` are the responders whom the latest rung of a waiting page pages.
    `alerted` are the agencies for which the dispatcher has been alerted and nobody has taken the alert.
    """

    encounter: Encounter
    pages: Sequence[Page]
    next_rung_at: Mapping[str, datetime | None]
    standby: Mapping[str, Sequence[str]]
    follow_ups: Sequence[FollowUp]
    alerted: frozenset[str] = frozenset()
    paged: Mapping[str, Sequence[str]] = field(default_factory=dict)


def overview(turn: Turn, encounter: Encounter) -> Overview:
    """Return an encounter with its pages and follow-ups."""
    return overviews(turn, [encounter])[0]


def overviews(turn: Turn, found: Sequence[Encounter]) -> Sequence[Overview]:
    """Return encounters with their pages and follow-ups, however many by the same few queries."""
    encounters, ids = turn.work.encounters, [one.id for one in found]
    pages, commitments = encounters.all_pages(ids), encounters.all_commitments(ids)
    follow_ups, alerts = encounters.all_follow_ups(ids), encounters.all_alerts(ids)
    paged = turn.work.deliveries.paged_by_latest_rung(ids)
    return [
        _overview(turn, one, pages.get(one.id, []), commitments, follow_ups.get(one.id, []), alerts.get(one.id), paged)
        for one in found
    ]


def _overview(
    turn: Turn,
    encounter: Encounter,
    pages: Sequence[Page],
    commitments: Mapping[int, list[Commitment]],
    follow_ups: Sequence[FollowUp],
    alert: Alert | None,
    paged: Mapping[int, Sequence[str]],
) -> Overview:
    policy = turn.work.encounters.policy(encounter.policy_digest)
    return Overview(
        encounter=encounter,
        pages=pages,
        next_rung_at={
            page.agency: ladder_of(policy, encounter, page).after(page.rung, page.rung_at)
            if page.state is PageState.PAGING
            else None
            for page in pages
        },
        standby={page.agency: [one.responder for one in standby(page, commitments.get(page.id, []))] for page in pages},
        follow_ups=follow_ups,
        alerted=frozenset(alert.agencies if alert is not None and alert.acknowledged_at is None else ()),
        paged={page.agency: paged.get(page.id, ()) for page in pages},
    )


def statuses(turn: Turn, encounter: Encounter) -> list[AgencyStatus]:
    """Return where each agency's page stands, for STATUS."""
    found = []
    for page in turn.work.encounters.pages(encounter.id):
        agency = turn.work.directory.agency(page.agency)
        who = None if page.acknowledged_by is None else turn.work.directory.responder(page.acknowledged_by).name
        found.append(
            AgencyStatus(
                short=agency.short,
                state=page.state.value,
                who=who,
                eta=None if page.eta is None else turn.local(page.eta),
                is_late=page.is_late,
                spoken=agency.spoken,
            )
        )
    return found

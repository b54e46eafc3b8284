"""Find where nobody will be on call, before it hurts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pager.domain.coverage import Gap, gaps, tiers_paged
from pager.domain.directory import Station
from pager.domain.policy import Policy
from pager.domain.roster import Tier
from pager.lifecycle.turn import Turn


def find_gaps(
    turn: Turn, since: datetime, until: datetime, *, agency: str | None = None, station: str | None = None
) -> Sequence[Gap]:
    """Return the gaps on the tiers that each station's policy pages, by agency, station, tier and time.

    `agency` and `station` narrow it; both are codes.
    """
    directory = turn.work.directory
    agencies = [one.code for one in directory.agencies() if one.is_active and agency in (None, one.code)]
    stations = [one for one in directory.stations() if one.is_active and station in (None, one.code)]
    found: list[Gap] = []
    for code in agencies:
        entries = directory.entries([code], since, until)
        for one in stations:
            found += gaps(entries, code, one.code, tiers_paged_for(turn, one, code), since, until)
    return found


def tiers_paged_for(turn: Turn, station: Station, agency: str) -> Sequence[Tier]:
    """Return the agency's tiers that a trigger at the station would page by name."""
    return _tiers(_policy(turn, station), agency)


def _policy(turn: Turn, station: Station) -> Policy:
    """Return the policy by which a trigger at the station would page."""
    return turn.context.policies.get(station.policy) or turn.context.policies.stand_in()


def _tiers(policy: Policy, agency: str) -> Sequence[Tier]:
    plan = next((plan for plan in policy.agencies if plan.agency == agency), None)
    return () if plan is None else tiers_paged(plan)

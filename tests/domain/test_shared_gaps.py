"""Gaps as people read them."""

from __future__ import annotations

from datetime import timedelta

from pager.domain.coverage import Gap
from pager.domain.roster import Tier
from pager.domain.shared_gaps import SharedGap, share
from tests.domain.test_telephone_list import SINCE

LATER = SINCE + timedelta(hours=8)
END = SINCE + timedelta(days=1)


def gap(station: str, tier: Tier = Tier.PRIMARY, agency: str = "dcfs") -> Gap:
    return Gap(agency, station, tier, SINCE, END)


def test_stations_with_the_same_gap_stand_together() -> None:
    assert share([gap("compton"), gap("lancaster")]) == [
        SharedGap("dcfs", Tier.PRIMARY, SINCE, END, ("compton", "lancaster"))
    ]


def test_gaps_of_other_times_tiers_and_agencies_stand_apart_by_agency_time_and_tier() -> None:
    backup, dhs = gap("compton", Tier.BACKUP), gap("compton", agency="dhs")
    late = Gap("dcfs", "compton", Tier.PRIMARY, LATER, END)
    shared = share([dhs, late, backup, gap("compton"), gap("century")])
    assert [(one.agency, one.start_at, one.tier, len(one.stations)) for one in shared] == [
        ("dcfs", SINCE, Tier.PRIMARY, 2),
        ("dcfs", SINCE, Tier.BACKUP, 1),
        ("dcfs", LATER, Tier.PRIMARY, 1),
        ("dhs", SINCE, Tier.PRIMARY, 1),
    ]

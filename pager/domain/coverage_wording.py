"""What administrators are told of gaps by SMS: one segment for all of an agency's at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from pager.domain.coverage_warning import Warned
from pager.domain.one_segment import fit
from pager.domain.readable import alternatives, day_and_time
from pager.domain.roster import Tier


def gaps_sms(agency: str, gaps: Sequence[Warned], stations: Mapping[str, str], now: datetime, zone: ZoneInfo) -> str:
    """Say where and from when nobody is on call; `agency` and `stations` (by code) are short names."""
    codes, tiers = {gap.station for gap in gaps}, {gap.tier for gap in gaps}
    starts = {max(gap.start_at, now) for gap in gaps}
    where = stations[codes.pop()] if len(codes) == 1 else f"{len(codes)} stations"
    whom = alternatives([tier.value for tier in Tier if tier in tiers])
    when = _when(min(starts).astimezone(zone), is_now=min(starts) == now, is_one=len(starts) == 1)
    return fit(lambda short, place: f"{short}: nobody is {whom} for {place}, {when}. See pager.", agency, where)


def _when(first: datetime, *, is_now: bool, is_one: bool) -> str:
    if is_now:
        return "now" if is_one else "now and later"
    return f"from {day_and_time(first)}" if is_one else f"first {day_and_time(first)}"

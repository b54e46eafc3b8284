"""Foresee what changes to the directory do to who is on call: the gaps they would open and close."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from pager.domain.changes import Change
from pager.domain.directory import Station
from pager.domain.directory_file import Directory
from pager.domain.gap_changes import beyond, changed, directory_gaps
from pager.domain.roster import Tier
from pager.domain.shared_gaps import SharedGap, share
from pager.lifecycle.find_gaps import tiers_paged_for
from pager.lifecycle.turn import Turn

# Rosters are written for a season ahead: what nobody would be told of now comes up when it is late.
FORESEEN_AHEAD = timedelta(days=92)


@dataclass(frozen=True)
class GapChanges:
    """The parts of the next 92 days in which nobody would be on call any more, and in which somebody newly would."""

    opened: Sequence[SharedGap] = ()
    closed: Sequence[SharedGap] = ()


def foresee_gaps(turn: Turn, directory: Directory, changes: Sequence[Change]) -> GapChanges:
    """Return what changes would do to the coverage of a directory, before they are carried out.

    An agency whose roster is empty so far is being set up: nothing opens a gap in it.
    """

    def tiers(station: Station, agency: str) -> Sequence[Tier]:
        if (station.policy, agency) not in paged:  # policies are files: each is looked at once
            paged[station.policy, agency] = tiers_paged_for(turn, station, agency)
        return paged[station.policy, agency]

    paged: dict[tuple[str, str], Sequence[Tier]] = {}
    since, until = turn.now, turn.now + FORESEEN_AHEAD
    before = list(directory_gaps(directory, tiers, since, until))
    after = list(directory_gaps(changed(directory, changes), tiers, since, until))
    kept = {one.agency for one in directory.shifts} | {one.agency for one in directory.rotations}
    opened = (gap for gap in beyond(after, before) if gap.agency in kept)
    return GapChanges(share(opened), share(beyond(before, after)))

"""Look ahead over agencies' rosters: where nobody will be on call, and who on them has something to be seen to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from pager.domain.directory import Agency
from pager.domain.readiness import TRAINING_WARNED_AHEAD, Concern, concerns
from pager.domain.shared_gaps import SharedGap, share
from pager.lifecycle.find_gaps import find_gaps
from pager.lifecycle.turn import Turn

SURVEYED_AHEAD = timedelta(days=14)


@dataclass(frozen=True)
class Survey:
    """One agency's next 14 days; its people are looked at for as long as training is warned of ahead."""

    agency: Agency
    gaps: Sequence[SharedGap]
    concerns: Sequence[Concern]


def survey(turn: Turn, agencies: Iterable[Agency]) -> Iterator[Survey]:
    """Yield how each of these agencies' rosters looks from now on."""
    people = [one for one in turn.work.directory.responders() if one.is_active]
    for agency in agencies:
        gaps = find_gaps(turn, turn.now, turn.now + SURVEYED_AHEAD, agency=agency.code)
        entries = turn.work.directory.entries([agency.code], turn.now, turn.now + TRAINING_WARNED_AHEAD)
        today = turn.now.astimezone(ZoneInfo(agency.timezone)).date()
        yield Survey(agency, share(gaps), list(concerns(people, entries, turn.now, today)))

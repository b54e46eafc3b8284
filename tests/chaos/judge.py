"""The judge: what was lost and what came twice, by what the carrier took and what the database keeps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pager.domain.timeline import verify
from tests.chaos.case import Case
from tests.chaos.doubled import Copies, find_doubled
from tests.chaos.evidence import Evidence
from tests.chaos.lost import count_paged, find_lost
from tests.chaos.speed import begun_after_answers, lateness


@dataclass(frozen=True)
class Verdict:
    """What was found: a line for each finding; lateness in seconds, one for each rung that was carried out."""

    accepted: int
    paged: int
    lost: list[str]
    copies: Copies
    begun_after_answers: list[str]
    broken_chains: list[str]
    first_request_late_by: list[float]
    first_taken_late_by: list[float]

    @property
    def is_clean(self) -> bool:
        return not self.lost and not self.copies.pages


def judge(evidence: Evidence) -> Verdict:
    """Return what the evidence shows."""
    case = Case(evidence)
    return Verdict(
        accepted=len(evidence.accepted),
        paged=count_paged(case),
        lost=list(find_lost(case)),
        copies=find_doubled(case),
        begun_after_answers=list(begun_after_answers(case)),
        broken_chains=list(_broken_chains(evidence)),
        first_request_late_by=lateness(case, is_taken=False),
        first_taken_late_by=lateness(case, is_taken=True),
    )


def _broken_chains(evidence: Evidence) -> Iterator[str]:
    for reference, story in evidence.stories.items():
        broken = verify(story.events, story.encounter.timeline_length, story.encounter.timeline_head)
        if broken is not None:
            yield f"{reference}: event {broken.seq} {broken.what}"

"""Which pages an answer can mean (INTERFACE "What a responder can say")."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pager.domain.page import PageState
from pager.domain.replies import Meaning


@dataclass(frozen=True)
class Stake:
    """One page of an open encounter, and the responder's part in it."""

    reference: str
    is_drill: bool
    encounter_id: int
    page_id: int
    state: PageState
    was_paged: bool
    is_acknowledger: bool
    is_standby: bool

    @property
    def is_theirs(self) -> bool:
        """They come, or stand by."""
        return self.is_acknowledger or self.is_standby


def candidates(meaning: Meaning, stakes: Iterable[Stake]) -> list[Stake]:
    """Return the pages that an answer without a reference can mean, in the order given.

    More than one must be asked back, none means that nothing waits for this responder.
    """
    involved = [stake for stake in stakes if stake.was_paged or stake.is_theirs]
    waiting = [stake for stake in involved if stake.was_paged and stake.state is PageState.PAGING]
    taken = [stake for stake in involved if stake.state is PageState.ACKNOWLEDGED and not stake.is_acknowledger]
    theirs = [stake for stake in involved if stake.is_theirs]
    if meaning is Meaning.STATUS:
        return involved
    meant = waiting or taken
    if meaning is Meaning.ACK:
        return meant or theirs or involved
    meant = meant + [stake for stake in theirs if stake not in meant]
    return meant or involved

"""Forget old rows that belong to no encounter: what came by SMS, what was answered, traces of signing in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from pager.domain.sign_in import TRACES_KEPT_FOR
from pager.lifecycle.erase import Eraser
from pager.lifecycle.retention_ports import Leftover, Shelf
from pager.lifecycle.turn import Context, reading, writing

BATCH = 500


@dataclass(frozen=True)
class Forgotten:
    """How many rows went, and how many stay because the carrier keeps its copies."""

    rows: int
    refused: int


def forget(context: Context, eraser: Eraser, before: datetime) -> Forgotten:
    """Forget what came before, the carrier's copies first, but what came while an encounter was open that is kept.

    To be done after a purge. Of what came from the carrier its id stays: the same, sent again, changes nothing.
    """
    rows = refused = 0
    for shelf in Shelf:
        for found in leftovers(context, shelf, before):
            gone = [one.key for one in found if eraser.erase(one.copies)]
            with writing(context) as turn:
                turn.work.leftovers.drop(shelf, gone)
            rows, refused = rows + len(gone), refused + len(found) - len(gone)
    with writing(context) as turn:
        long_ago = turn.now - TRACES_KEPT_FOR
        turn.work.users.forget_sessions(seen_before=long_ago)
        turn.work.users.forget_old_failures(long_ago)
        turn.work.leftovers.forget_links(long_ago)
    return Forgotten(rows, refused)


def leftovers(
    context: Context, shelf: Shelf, before: datetime, *, but: Collection[int] = ()
) -> Iterator[Sequence[Leftover]]:
    """Yield what is to be forgotten on a shelf, in batches; the encounters in `but` count as gone already."""
    with reading(context) as turn:
        spans = [span for one, span in turn.work.leftovers.spans(before).items() if one not in but]
    after: str | int | None = None
    while True:
        with reading(context) as turn:
            found = turn.work.leftovers.find(shelf, before, after=after, limit=BATCH)
        if not found:
            return
        yield [one for one in found if not any(begin <= one.at <= (end or before) for begin, end in spans)]
        after = found[-1].key

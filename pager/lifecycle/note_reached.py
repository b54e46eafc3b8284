"""Note that somebody was reached: they have answered, so their number rings where they are."""

from __future__ import annotations

from datetime import timedelta

from pager.domain.directory import Responder
from pager.lifecycle.turn import Turn

NOTED_EVERY = timedelta(minutes=1)


def note_reached(turn: Turn, responder: Responder) -> None:
    """Note that a responder has answered now, once a minute at most.

    Comes last in its unit of work: encounters are locked before people.
    """
    last = responder.last_reached_at
    if last is None or turn.now - last >= NOTED_EVERY:
        responder.last_reached_at = turn.now

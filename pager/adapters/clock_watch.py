"""Tells people that the machine's clock was set: apart from the clock itself, which must answer at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pager.domain.alarm import ClockJumped
from pager.lifecycle.alarm import tell_of_clock
from pager.lifecycle.turn import Context


@dataclass
class ClockWatch:
    """`take_jumps` returns the jumps, in seconds, since it was last asked. What could not be told is kept."""

    context: Context
    take_jumps: Callable[[], list[float]]
    untold: list[float] = field(default_factory=list)

    def look(self) -> None:
        """Raise an alarm for the widest jump since the last look; the hour has one. Raises StoreUnavailableError."""
        self.untold += self.take_jumps()
        if self.untold:
            tell_of_clock(self.context, ClockJumped(max(self.untold, key=abs)))
            self.untold = []

"""Keeps the demonstration's clock within what the engine and the carrier have done: they take as long as ever."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from pager.adapters.outbox import ThreadedOutbox
from pager.demo.clock import DemoClock
from pager.lifecycle.tick import Beat
from pager.sandbox.sandbox import Sandbox

# What falls due in the sandbox within this long is done together: five telephones that ring are five events.
SANDBOX_MAY_BE_LATE_BY = timedelta(seconds=2)


def waiting_for_beats(
    clock: DemoClock, sandbox: Sandbox, look: Callable[[], None]
) -> Callable[[Beat, ThreadedOutbox], Callable[[], datetime | None]]:
    """Return what makes of a beat one that holds the clock, and lets it run once nothing is on its way to the carrier.

    It runs up to what is due next, with the engine or in the sandbox: that is then done on time, however fast it is.
    `look` comes before that, and may slow it down.
    """

    def next_due_at(of_engine: datetime | None) -> datetime | None:
        of_sandbox = sandbox.next_due_at
        late = None if of_sandbox is None else of_sandbox + SANDBOX_MAY_BE_LATE_BY
        return min((at for at in (of_engine, late) if at is not None), default=None)

    def around(beat: Beat, outbox: ThreadedOutbox) -> Callable[[], datetime | None]:
        def tick() -> datetime | None:
            clock.hold()
            due_at = beat.tick()
            look()
            if outbox.is_idle:
                clock.let_run(next_due_at(due_at))
            return due_at

        return tick

    return around

"""Tell people that something is wrong with the service itself."""

from __future__ import annotations

import logging
from collections.abc import Collection

from pager.domain.alarm import Alarm, ClockJumped, once_an_hour
from pager.domain.delivery import DeliveryKind
from pager.domain.wording import alarm_sms
from pager.lifecycle.ports import StoreConflictError
from pager.lifecycle.queue import queue_message
from pager.lifecycle.turn import Context, Turn, writing

log = logging.getLogger(__name__)


def tell_of_clock(context: Context, alarm: ClockJumped) -> None:
    """Queue one SMS to each of PAGER_ALARM_TO, once an hour.

    Raises StoreUnavailableError: nobody was told then.
    """
    log.error("alarm: %s", alarm_sms(alarm))
    try:
        with writing(context) as turn:
            tell(turn, alarm, context.alarm_to, cause=once_an_hour("clock", turn.now))
    except StoreConflictError:
        log.info("another process has told of it at the same moment")


def tell(turn: Turn, alarm: Alarm, numbers: Collection[str], *, cause: str) -> None:
    """Queue an alarm's SMS to each of `numbers`; of one `cause` each is told once, a second one is a conflict."""
    for number in numbers:
        queue_message(turn, DeliveryKind.ALERT, number, alarm_sms(alarm), cause=cause)

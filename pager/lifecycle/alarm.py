"""Tell people that something is wrong with the service itself."""

from __future__ import annotations

import logging

from pager.domain.alarm import Alarm, alarm_cause
from pager.domain.delivery import DeliveryKind
from pager.domain.wording import alarm_sms
from pager.lifecycle.ports import StoreConflictError
from pager.lifecycle.queue import queue_message
from pager.lifecycle.turn import Context, writing

log = logging.getLogger(__name__)


def raise_alarm(context: Context, alarm: Alarm) -> None:
    """Queue one SMS to each of PAGER_ALARM_TO, once an hour for each kind of alarm.

    Raises StoreUnavailableError: nobody was told then.
    """
    log.error("alarm: %s", alarm_sms(alarm))
    try:
        with writing(context) as turn:
            for number in context.alarm_to:
                queue_message(
                    turn, DeliveryKind.ALERT, number, alarm_sms(alarm), cause=alarm_cause(alarm.kind, turn.now)
                )
    except StoreConflictError:
        log.info("another process has told of it at the same moment")

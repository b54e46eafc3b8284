"""The dispatcher's alert: a call to the callback and messages to those who are told when something is wrong."""

from __future__ import annotations

from datetime import timedelta

from pager.domain.alert import REPEAT_EVERY, Alert
from pager.domain.decision import Because
from pager.domain.delivery import Delivery, DeliveryKind, DeliveryState, Priority, other_key
from pager.domain.directory import Agency, Channel
from pager.domain.encounter import Encounter
from pager.domain.page import Page, PageState
from pager.domain.sender import sender_for
from pager.domain.timeline import EventKind
from pager.domain.wording import alert_sms
from pager.lifecycle.turn import Turn, shown_callback

# An alert that has not left by then is replaced by the next one.
EXPIRES_AFTER = REPEAT_EVERY - timedelta(seconds=1)


def raise_alert(turn: Turn, encounter: Encounter, page: Page, because: Because) -> None:
    """Alert the dispatcher because of one agency's page; once for each agency, one alert for the encounter."""
    alert = turn.work.encounters.alert(encounter.id)
    if alert is None:
        alert = Alert(encounter.id, begun_at=turn.now, due_at=turn.now)
        turn.work.encounters.add_alert(alert)
    if not alert.raise_for(page.agency, turn.now):
        return
    turn.note(encounter, EventKind.ALERTED, f"the dispatcher is alerted: {because.value}", agency=page.agency)
    _ring(turn, encounter, alert)


def repeat_alert(turn: Turn, encounter: Encounter) -> None:
    """Alert again where that is due; stop where no agency waits any more."""
    alert = turn.work.encounters.alert(encounter.id)
    if alert is None or alert.due_at is None:
        return
    if not waiting_agencies(turn, encounter):
        alert.stop()
        turn.work.deliveries.withdraw_alerts(encounter.id, turn.now)
    elif alert.due_at <= turn.now:
        _ring(turn, encounter, alert)


def agency_answered(turn: Turn, encounter: Encounter, page: Page) -> None:
    """An agency comes: the alert is about it no longer, and ends where no agency waits."""
    alert = turn.work.encounters.alert(encounter.id)
    if alert is not None:
        alert.drop(page.agency)
        repeat_alert(turn, encounter)


def hear_alert(turn: Turn, encounter: Encounter) -> list[Agency]:
    """The dispatcher is being told which agencies wait: return them."""
    turn.work.encounters.lock(encounter.id)
    alert = turn.work.encounters.alert(encounter.id)
    if alert is not None:
        alert.hear(turn.now)
    return waiting_agencies(turn, encounter)


def acknowledge_alert(turn: Turn, encounter: Encounter) -> bool:
    """The dispatcher pressed 1: the alert is taken, no page is. False where it began anew, unheard by them."""
    alert = turn.work.encounters.alert(encounter.id)
    if alert is None or alert.acknowledged_at is not None:
        return True
    if not alert.was_heard:
        return False
    alert.acknowledge(turn.now)
    turn.work.deliveries.withdraw_alerts(encounter.id, turn.now)
    turn.note(encounter, EventKind.ALERTED, "the dispatcher has taken the alert")
    return True


def redirect_alert(turn: Turn, encounter: Encounter) -> None:
    """The callback was corrected: an alert that goes on calls the right telephone, now."""
    alert = turn.work.encounters.alert(encounter.id)
    if alert is not None and alert.due_at is not None:
        turn.work.deliveries.withdraw_alerts(encounter.id, turn.now)
        alert.due_at = turn.now
        repeat_alert(turn, encounter)


def stop_alert(turn: Turn, encounter: Encounter) -> None:
    """The encounter has ended."""
    alert = turn.work.encounters.alert(encounter.id)
    if alert is not None:
        alert.stop()
        turn.work.deliveries.withdraw_alerts(encounter.id, turn.now)


def waiting_agencies(turn: Turn, encounter: Encounter) -> list[Agency]:
    """Return the agencies of which nobody has acknowledged."""
    pages = turn.work.encounters.pages(encounter.id)
    return [turn.work.directory.agency(page.agency) for page in pages if page.state is PageState.PAGING]


def _ring(turn: Turn, encounter: Encounter, alert: Alert) -> None:
    """Queue the call and the messages. What is still queued of an earlier one says the newest instead."""
    text = alert_sms(
        encounter.reference,
        encounter.is_drill,
        turn.work.directory.station(encounter.station).short,
        [agency.short for agency in waiting_agencies(turn, encounter)],
        shown_callback(encounter),
    )
    queued = {
        (delivery.to_number, delivery.channel): delivery
        for delivery in turn.work.deliveries.of_encounter(encounter.id)
        if delivery.kind is DeliveryKind.ALERT and delivery.state is DeliveryState.QUEUED
    }
    alert.ring(turn.now)
    lines = [(encounter.callback, Channel.VOICE), *((number, Channel.SMS) for number in turn.context.alarm_to)]
    for number, channel in lines:
        body = text if channel is Channel.SMS else None
        if (number, channel) in queued:
            queued[number, channel].body, queued[number, channel].expires_at = body, turn.now + EXPIRES_AFTER
        else:
            turn.work.deliveries.add([_delivery(turn, encounter, alert, number, channel, body)])


def _delivery(
    turn: Turn, encounter: Encounter, alert: Alert, number: str, channel: Channel, body: str | None
) -> Delivery:
    return Delivery(
        key=other_key(f"alert:{encounter.id}:{alert.times}", number, channel),
        token=turn.context.make_token(),
        kind=DeliveryKind.ALERT,
        priority=Priority.ALERT,
        channel=channel,
        to_number=number,
        from_number=sender_for(number, turn.context.senders),
        created_at=turn.now,
        due_at=turn.now,
        encounter_id=encounter.id,
        body=body,
        expires_at=turn.now + EXPIRES_AFTER,
    )

"""Queue what is to be said to somebody: a page, an answer, a stand-down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from pager.domain.decision import Target
from pager.domain.delivery import Delivery, DeliveryKind, Priority, other_key, paging_key
from pager.domain.directory import Channel, Responder
from pager.domain.encounter import Encounter
from pager.domain.number_code import GOOD_FOR
from pager.domain.page import Page, PageState
from pager.domain.sender import sender_for
from pager.domain.wording import page_sms
from pager.lifecycle.turn import Turn

# An answer to something said is of no use much later, and a code none at all.
_EXPIRE_AFTER = {DeliveryKind.CONFIRMATION: timedelta(minutes=15), DeliveryKind.CODE: GOOD_FOR}
_PRIORITIES = {
    DeliveryKind.ALERT: Priority.ALERT,
    DeliveryKind.CORRECTION: Priority.ESCALATION,
    DeliveryKind.STAND_DOWN: Priority.STAND_DOWN,
    DeliveryKind.REMINDER: Priority.STAND_DOWN,
    DeliveryKind.WARNING: Priority.STAND_DOWN,
}


def queue_page(
    turn: Turn,
    encounter: Encounter,
    page: Page,
    rung: int,
    targets: Sequence[Target],
    *,
    priority: Priority,
    expires_at: datetime | None,
) -> None:
    """Queue one rung's messages and calls. What a call says is made when it is answered, from what is true then."""
    text = page_sms(turn.facts(encounter, page.agency))
    deliveries = []
    for target in targets:
        responder = turn.work.directory.responder(target.responder)
        for channel in target.channels:
            deliveries.append(
                Delivery(
                    key=paging_key(page.id, page.round, rung, responder.id, channel),
                    token=turn.context.make_token(),
                    kind=DeliveryKind.PAGE,
                    priority=priority,
                    channel=channel,
                    to_number=responder.number(channel),
                    from_number=sender_for(responder.number(channel), turn.context.senders),
                    created_at=turn.now,
                    due_at=turn.now,
                    encounter_id=encounter.id,
                    page_id=page.id,
                    responder=responder.id,
                    round=page.round,
                    rung=rung,
                    body=text if channel is Channel.SMS else None,
                    expires_at=expires_at,
                )
            )
    if page.round > 1 or page.state is not PageState.PAGING:  # before the first acknowledgement nobody is stood down
        turn.work.deliveries.withdraw_stand_downs(page.id, [target.responder for target in targets], turn.now)
    turn.work.deliveries.add(deliveries)


def queue_message(
    turn: Turn,
    kind: DeliveryKind,
    to_number: str,
    text: str,
    *,
    cause: str,
    encounter: Encounter | None = None,
    page: Page | None = None,
    responder: str | None = None,
    from_number: str | None = None,
    due_at: datetime | None = None,
) -> None:
    """Queue one SMS that is no page; `cause` names the event that it follows from, so that it is said once."""
    turn.work.deliveries.add(
        [
            Delivery(
                key=other_key(cause, to_number, Channel.SMS),
                token=turn.context.make_token(),
                kind=kind,
                priority=_PRIORITIES.get(kind, Priority.CONFIRMATION),
                channel=Channel.SMS,
                to_number=to_number,
                created_at=turn.now,
                due_at=due_at or turn.now,
                encounter_id=None if encounter is None else encounter.id,
                page_id=None if page is None else page.id,
                responder=responder,
                body=text,
                from_number=from_number or sender_for(to_number, turn.context.senders),
                expires_at=_expires_at(turn, kind),
            )
        ]
    )


def queue_notice(
    turn: Turn,
    kind: DeliveryKind,
    responder: Responder,
    text: str,
    speech: Sequence[str],
    *,
    cause: str,
    encounter: Encounter,
    page: Page | None,
) -> None:
    """Tell a responder something: by SMS, or by a call where SMS does not reach them and to every duty phone."""
    lost = frozenset() if page is None else turn.work.deliveries.lost_channels([page.id])[page.id]
    channels = {channel for channel in responder.channels if (responder.id, channel) not in lost}
    if Channel.SMS in channels and not responder.is_duty:
        queue_message(
            turn,
            kind,
            responder.number(Channel.SMS),
            text,
            cause=cause,
            encounter=encounter,
            page=page,
            responder=responder.id,
        )
    elif Channel.VOICE in channels:
        queue_call(turn, kind, responder, speech, cause=cause, encounter=encounter, page=page)


def queue_call(
    turn: Turn,
    kind: DeliveryKind,
    responder: Responder,
    speech: Sequence[str],
    *,
    cause: str,
    encounter: Encounter | None = None,
    page: Page | None = None,
) -> None:
    """Queue one call that is no page and says what is fixed now; `cause` as for `queue_message`."""
    turn.work.deliveries.add(
        [
            Delivery(
                key=other_key(cause, responder.number(Channel.VOICE), Channel.VOICE),
                token=turn.context.make_token(),
                kind=kind,
                priority=_PRIORITIES.get(kind, Priority.CONFIRMATION),
                channel=Channel.VOICE,
                to_number=responder.number(Channel.VOICE),
                from_number=sender_for(responder.number(Channel.VOICE), turn.context.senders),
                created_at=turn.now,
                due_at=turn.now,
                encounter_id=None if encounter is None else encounter.id,
                page_id=None if page is None else page.id,
                responder=responder.id,
                body="\n".join(speech),
                expires_at=_expires_at(turn, kind),
            )
        ]
    )


def _expires_at(turn: Turn, kind: DeliveryKind) -> datetime | None:
    return turn.now + _EXPIRE_AFTER[kind] if kind in _EXPIRE_AFTER else None

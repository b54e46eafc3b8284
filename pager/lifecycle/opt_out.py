"""A responder has told the carrier to bring no more of our messages, or to bring them again.

From then on every SMS to that number is refused, so that they are called only; people are told, since it is seldom
meant and halves what reaches this responder.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator

from pager.domain.alarm import OptedOut
from pager.domain.authority import Deed, may_to
from pager.domain.directory import Responder
from pager.lifecycle.alarm import tell
from pager.lifecycle.look_again import lock_waiting_pages, look_again
from pager.lifecycle.turn import Context, Turn, writing

log = logging.getLogger(__name__)


def opt_out(turn: Turn, number: str, sender: str) -> None:
    """Mark SMS as unusable for whoever has `number`, and tell administrators; nothing where it is so already.

    `sender` is the number of ours that they wrote STOP to, and can write START to.
    """
    for responder in _holders(turn, number):
        if responder.sms_opted_out_at is None:
            pages = lock_waiting_pages(turn, [responder.agency])
            responder.sms_opted_out_at = turn.now
            look_again(turn, pages)
            _tell(turn, responder, sender)


def opt_in(turn: Turn, number: str) -> None:
    """Write again to whoever has this number."""
    for responder in _holders(turn, number):
        if responder.sms_opted_out_at is not None:
            pages = lock_waiting_pages(turn, [responder.agency])
            responder.sms_opted_out_at = None
            look_again(turn, pages)
            log.info("%s takes SMS again", responder.id)


def note_refusals(context: Context, refused: Iterable[tuple[str, str]]) -> None:
    """The carrier refuses messages because people have opted out: each a pair of their number and ours."""
    for number, sender in refused:
        with writing(context) as turn:
            opt_out(turn, number, sender)


def _holders(turn: Turn, number: str) -> Iterator[Responder]:
    """Yield those who are written to at a number: one who has left may have passed it on."""
    return (one for one in turn.work.directory.responders_with(number) if one.sms == number)


def _tell(turn: Turn, responder: Responder, sender: str) -> None:
    log.error("alarm: %s takes no SMS any more", responder.id)
    agency = turn.work.directory.agency(responder.agency)
    numbers = {*turn.context.alarm_to, *_administrators(turn, agency.code)} - {responder.sms}
    tell(
        turn,
        OptedOut(responder.id, agency.short, sender),
        sorted(number for number in numbers if number),
        cause=f"opt-out:{responder.id}:{turn.now.isoformat()}",
    )


def _administrators(turn: Turn, agency: str) -> Iterator[str | None]:
    for user in turn.work.users.all():
        if may_to(user, Deed.MANAGE_PEOPLE, agency=agency):
            yield user.sms

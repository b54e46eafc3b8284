"""Handle again what could not be handled when the carrier told us."""

from __future__ import annotations

from collections.abc import Mapping

from pager.lifecycle.call import Press, press_key
from pager.lifecycle.reply import KIND as SMS
from pager.lifecycle.reply import Message, reply
from pager.lifecycle.turn import Context


class UnreadableFormError(Exception):
    """A kept event that this process cannot read; another one, with its key, may."""


def handle_again(context: Context, carrier_id: str, kind: str, form: Mapping[str, str] | None) -> None:
    """Act on a kept event; a key's answer cannot be spoken any more, but what it says still counts.

    `form` is None where it cannot be read: raises UnreadableFormError.
    """
    if form is None:
        raise UnreadableFormError("the key it was encrypted with is missing; see PAGER_ENCRYPTION_KEYS")
    if kind == SMS:
        reply(context, Message(carrier_id, **form))
        return
    call_id, _, step = carrier_id.rpartition(":")
    press_key(context, Press(call_id, int(step), form["token"], form["digit"]))

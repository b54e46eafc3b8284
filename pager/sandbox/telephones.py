"""What the wall shows of each telephone: its conversation, what rings, what is said, what is unread."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from pager.sandbox.records import Call, Message, Telephone
from pager.sandbox.switchboard import OTHERS, Switchboard

LONGEST_CONVERSATION = 50
LONGEST_CALL_LIST = 20
LONGEST_HISTORY = 24
_ORDER = {"ringing": 0, "talking": 1, "unread": 2, "quiet": 3}


def wall_state(board: Switchboard, messages: Sequence[Message], calls: Sequence[Call]) -> dict[str, Any]:
    """Return every telephone in its group, as plain JSON types; who rings or has not read comes first in its group."""
    messages_of, calls_of = defaultdict[str, list[Message]](list), defaultdict[str, list[Call]](list)
    for message in messages:
        messages_of[message.to if message.direction != "inbound" else message.from_].append(message)
    for call in calls:
        calls_of[call.telephone_number].append(call)
    shown = [
        _telephone(board, telephone, messages_of[telephone.number], calls_of[telephone.number])
        for telephone in board.telephones.values()
    ]
    groups: dict[str, list[dict[str, Any]]] = {}
    for telephone in sorted(shown, key=lambda one: (one["group"] == OTHERS, _ORDER[one["state"]])):
        groups.setdefault(telephone["group"], []).append(telephone)
    order = list(dict.fromkeys(telephone["group"] for telephone in shown))
    return {
        "groups": [
            {"name": name, "telephones": groups[name]} for name in sorted(order, key=lambda name: name == OTHERS)
        ],
        "ringing": [one for one in shown if one["state"] == "ringing"],
        "talking": [one for one in shown if one["state"] == "talking"],
        "unread": [one for one in shown if one["unread"]],
        "numbers": list(board.account.numbers),
        "faults": [vars(fault) for fault in board.faults.standing if fault.times != 0],
    }


def _telephone(
    board: Switchboard, telephone: Telephone, messages: Sequence[Message], calls: Sequence[Call]
) -> dict[str, Any]:
    """Return what is shown of one telephone; the messages and the calls are its own."""
    current = next((call for call in calls if call.status in ("ringing", "in-progress")), None)
    conversation = sorted(
        (one for one in messages if one.arrived_at is not None),
        key=lambda one: one.arrived_at or one.created_at,
    )
    lost = [one for one in messages if one.status in ("failed", "undelivered")]
    unread = sum(1 for one in conversation if one.to == telephone.number and _is_unread(telephone, one))
    return {
        "id": telephone.id,
        "number": telephone.number,
        "label": telephone.label,
        "group": telephone.group,
        "state": _state_of(current, unread),
        "unread": unread,
        "is_opted_out": telephone.number in board.opted_out,
        "call": None if current is None else _call(current),
        "messages": [_message(telephone, one) for one in conversation[-LONGEST_CONVERSATION:]],
        "past_calls": [_call(call) for call in reversed(calls) if call.is_over][:LONGEST_CALL_LIST],
        "history": _history(
            telephone,
            [*conversation[-LONGEST_HISTORY:], *lost[-LONGEST_HISTORY:]],
            [call for call in calls if call.is_over],
        ),
    }


def _history(telephone: Telephone, messages: Sequence[Message], calls: Sequence[Call]) -> list[dict[str, Any]]:
    """Return messages and calls as a telephone lists them, oldest first; those that never arrived among them."""
    entries = [{"kind": "message", **_message(telephone, one)} for one in messages]
    entries += [{"kind": "call", **_call(one)} for one in calls[-LONGEST_HISTORY:]]
    return sorted(entries, key=lambda one: str(one["at"]))[-LONGEST_HISTORY:]


def _state_of(call: Call | None, unread: int) -> str:
    if call is not None:
        return "ringing" if call.status == "ringing" else "talking"
    return "unread" if unread else "quiet"


def _is_unread(telephone: Telephone, message: Message) -> bool:
    return telephone.seen_at is None or (message.arrived_at or message.created_at) > telephone.seen_at


def _message(telephone: Telephone, message: Message) -> dict[str, Any]:
    is_mine = message.direction == "inbound"
    return {
        "sid": message.sid,
        "is_mine": is_mine,
        "text": message.text,
        "other": message.to if is_mine else message.from_,
        "at": (message.arrived_at or message.created_at).isoformat(),
        "is_unread": not is_mine and message.arrived_at is not None and _is_unread(telephone, message),
        "status": message.status,
        "error_code": message.error_code,
    }


def _call(call: Call) -> dict[str, Any]:
    return {
        "sid": call.sid,
        "is_mine": call.direction == "inbound",
        "other": call.to if call.direction == "inbound" else call.from_,
        "status": call.status,
        "was_answered": call.answered_at is not None,
        "at": call.created_at.isoformat(),
        "seconds": call.duration,
        "is_machine": call.is_machine,
        "is_listening": call.gather is not None and not call.is_machine,
        "heard": list(call.heard),
        "pressed": call.pressed,
    }

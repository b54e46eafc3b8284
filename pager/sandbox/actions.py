"""What somebody can do at the wall, by name and fields: one table for its forms and its JSON API."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pager.sandbox.faults import fault_from_fields
from pager.sandbox.messages import UNREACHABLE
from pager.sandbox.records import E164, Mistake
from pager.sandbox.sandbox import Sandbox

Fields = Mapping[str, Any]


def perform(sandbox: Sandbox, action: str, fields: Fields) -> dict[str, str]:
    """Do one of ACTIONS and return what is worth knowing, e.g. a sid. Raises Mistake, KeyError for no such action.

    `number` is a telephone's, `call` a call's sid; of the two, `number` means the call it rings or talks on.
    """
    return ACTIONS[action](sandbox, fields) or {}


def _reply(sandbox: Sandbox, fields: Fields) -> dict[str, str]:
    to = str(fields["to"]) if fields.get("to") else None
    return {"sid": sandbox.reply(_number(fields), to, str(fields.get("text", "")))}


def _dial(sandbox: Sandbox, fields: Fields) -> dict[str, str]:
    return {"sid": sandbox.dial(_number(fields), str(fields["to"]) if fields.get("to") else None)}


def _answer(sandbox: Sandbox, fields: Fields) -> None:
    sandbox.answer(_call(sandbox, fields))


def _voicemail(sandbox: Sandbox, fields: Fields) -> None:
    sandbox.voicemail(_call(sandbox, fields))


def _reject(sandbox: Sandbox, fields: Fields) -> None:
    sandbox.reject(_call(sandbox, fields))


def _press(sandbox: Sandbox, fields: Fields) -> None:
    sandbox.press(_call(sandbox, fields), str(fields.get("digits", "")))


def _hang_up(sandbox: Sandbox, fields: Fields) -> None:
    sandbox.hang_up(_call(sandbox, fields))


def _seen(sandbox: Sandbox, fields: Fields) -> None:
    sandbox.mark_seen(_number(fields))


def _undeliver(sandbox: Sandbox, fields: Fields) -> None:
    code = str(fields.get("code", UNREACHABLE))
    if not code.isdigit():
        raise Mistake(f"code: {code!r} is not a number")
    sandbox.undeliver(str(fields.get("message", "")), int(code))


def _fault(sandbox: Sandbox, fields: Fields) -> None:
    sandbox.add_fault(fault_from_fields(fields))


def _clear_faults(sandbox: Sandbox, _fields: Fields) -> None:
    sandbox.clear_faults()


ACTIONS: dict[str, Callable[[Sandbox, Fields], dict[str, str] | None]] = {
    "reply": _reply,
    "dial": _dial,
    "answer": _answer,
    "voicemail": _voicemail,
    "reject": _reject,
    "press": _press,
    "hang-up": _hang_up,
    "seen": _seen,
    "undeliver": _undeliver,
    "fault": _fault,
    "clear-faults": _clear_faults,
}


def _number(fields: Fields) -> str:
    number = str(fields.get("number", ""))
    if not E164.fullmatch(number):
        raise Mistake("number: name the telephone like +12135550101")
    return number


def _call(sandbox: Sandbox, fields: Fields) -> str:
    if fields.get("call"):
        return str(fields["call"])
    sid = sandbox.open_call(_number(fields))
    if sid is None:
        raise Mistake("this telephone neither rings nor talks")
    return sid

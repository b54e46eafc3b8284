"""What can be made to go wrong, for one number, for one kind of request, and how many times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from pager.sandbox.records import E164, Mistake

Choice = TypeVar("Choice", bound=StrEnum)


class FaultKind(StrEnum):
    """What goes wrong.

    REFUSE answers with an error and does nothing. DELAY, LOSE, EMPTY and HTML do what was asked and then answer late,
    not at all, with nothing, with a web page. LAG keeps a record out of the lists for a while. STUCK leaves a
    message queued until its validity ends. UNDELIVERED and FAILED are how a message, or a call, ends. The others
    are about its receipts.
    """

    REFUSE = "refuse"
    DELAY = "delay"
    LOSE = "lose"
    EMPTY = "empty"
    HTML = "html"
    LAG = "lag"
    STUCK = "stuck"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    NO_RECEIPTS = "no_receipts"
    DOUBLED_RECEIPTS = "doubled_receipts"
    REVERSED_RECEIPTS = "reversed_receipts"


class Asked(StrEnum):
    """The kinds of request."""

    MESSAGE = "message"
    CALL = "call"
    READ = "read"


@dataclass
class Fault:
    """One thing that goes wrong; `None` in `number`, `on` or `times` means any number, any request, for ever."""

    kind: FaultKind
    number: str | None = None
    on: Asked | None = None
    times: int | None = None
    http_status: int = 503
    code: int | None = None
    seconds: float = 0.0

    def concerns(self, on: Asked, number: str | None) -> bool:
        """Tell whether a request of this kind, about this number, meets the fault."""
        return self.times != 0 and self.on in (None, on) and self.number in (None, number)


class Faults:
    """The faults that were asked for, oldest first."""

    def __init__(self) -> None:
        self.standing: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self.standing.append(fault)

    def remove(self, fault: Fault) -> None:
        self.standing = [one for one in self.standing if one is not fault]

    def clear(self) -> None:
        self.standing.clear()

    def take(self, kind: FaultKind, on: Asked, number: str | None) -> Fault | None:
        """Return the first fault of this kind that the request meets, used up by one, or None."""
        for fault in self.standing:
            if fault.kind is kind and fault.concerns(on, number):
                if fault.times is not None:
                    fault.times -= 1
                return fault
        return None


def fault_from_fields(fields: Mapping[str, Any]) -> Fault:
    """Read a fault from a JSON object or a form with the names of Fault; raises Mistake naming the wrong field."""
    unknown = set(fields) - set(Fault.__dataclass_fields__)
    if unknown:
        raise Mistake(f"unknown field {min(unknown)!r}; a fault has {', '.join(Fault.__dataclass_fields__)}")
    number = fields.get("number") or None
    if number is not None and not E164.fullmatch(str(number)):
        raise Mistake("number: write it like +12135550101, or leave it out for every number")
    times = fields.get("times")
    code = fields.get("code")
    return Fault(
        kind=_choice(FaultKind, "kind", fields.get("kind")),
        number=number,
        on=_choice(Asked, "on", fields["on"]) if fields.get("on") else None,
        times=None if times in (None, "") else int(_amount("times", times)),
        http_status=int(_amount("http_status", fields.get("http_status", 503))),
        code=None if code in (None, "") else int(_amount("code", code)),
        seconds=_amount("seconds", fields.get("seconds", 0)),
    )


def _choice(choices: type[Choice], name: str, value: object) -> Choice:
    try:
        return choices(str(value))
    except ValueError:
        raise Mistake(f"{name}: {value!r} is none of {', '.join(choices)}") from None


def _amount(name: str, value: object) -> float:
    try:
        amount = float(str(value))
    except ValueError:
        raise Mistake(f"{name}: {value!r} is not a number") from None
    if not 0 <= amount < 1e9:
        raise Mistake(f"{name}: {value!r} is not between 0 and a thousand million")
    return amount

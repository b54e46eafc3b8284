"""Whoever brings messages and calls to telephones, as the verbs see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from pager.domain.delivery import Delivery


class OutcomeKind(StrEnum):
    """What became of one request to the carrier."""

    TAKEN = "taken"
    REFUSED = "refused"  # for good: this number cannot be reached so
    NOT_TAKEN = "not_taken"  # surely not sent; may be tried again
    UNKNOWN = "unknown"  # may have been sent
    NOT_FOUND = "not_found"  # the carrier's own list does not have it: it was not sent
    UNAUTHORISED = "unauthorised"  # our credentials were refused
    NOT_BEGUN = "not_begun"  # no request was made: its page was answered meanwhile, or it was too late for one


@dataclass(frozen=True)
class Outcome:
    """The result of sending one delivery. `error` is the carrier's code or a short name of the fault.
    `is_lasting`: a refusal that this number will always meet on this channel; `is_opted_out`: because its holder has
    opted out. `attempt` is the delivery's attempt that it is the result of, None where there is only one.
    """

    delivery_id: int
    kind: OutcomeKind
    sid: str | None = None
    error: str | None = None
    is_lasting: bool = False
    is_opted_out: bool = False
    attempt: int | None = None


class CarrierUnavailableError(Exception):
    """The carrier does not answer."""


class Carrier(Protocol):
    """Whoever brings messages and calls to telephones.

    `send` never raises for what the carrier does. `find` returns the ids of what the carrier has that may be this
    delivery, and raises CarrierUnavailableError where it cannot tell.
    """

    @property
    def is_authorised(self) -> bool: ...
    def send(self, delivery: Delivery) -> Outcome: ...
    def find(self, delivery: Delivery) -> Sequence[str]: ...

"""Where a process can be killed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    BEFORE_COMMIT = "before_commit"
    AFTER_COMMIT = "after_commit"
    BEFORE_REQUEST = "before_request"
    AFTER_REQUEST = "after_request"


@dataclass(frozen=True)
class Point:
    """The `number`th time, counted from 1, that a process passes `what` in this way.

    It is named by what is committed or asked, so that a commit more or fewer elsewhere does not move it. Of a commit
    `what` is who commits, by a request's route or else the thread, and the states that deliveries take by it:
    `POST /twilio/sms, queued`. Of a carrier request it is what is said, and to whom: `page to +12135550101`.
    """

    kind: Kind
    what: str
    number: int = 1

    def __str__(self) -> str:
        return f"{self.kind} {self.number}: {self.what}"

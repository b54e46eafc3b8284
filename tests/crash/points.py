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
    """The `number`th of its kind that a process passes, counted from 1."""

    kind: Kind
    number: int

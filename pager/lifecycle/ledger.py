"""What the carrier has written down, as the verbs see it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from pager.domain.delivery import Delivery
from pager.lifecycle.receipt import Receipt
from pager.lifecycle.reply import Message


class Ledger(Protocol):
    """The carrier's own lists. Both raise CarrierUnavailableError where it does not answer."""

    def inbound(self, number: str, since: datetime) -> Sequence[Message]:
        """Return the messages to one of our numbers since then, oldest first."""
        ...

    def progress(self, delivery: Delivery) -> Receipt | None:
        """Return how far a delivery has come; None where that is not known."""
        ...

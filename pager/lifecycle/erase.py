"""Delete what the carrier keeps, one after the other, until it refuses or is away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pager.domain.retention import CarrierCopy
from pager.lifecycle.carrier import CarrierUnavailableError
from pager.lifecycle.retention_ports import Erasure, NotErasedError


@dataclass
class Eraser:
    """Remembers whether the carrier is away: nothing more is asked of it then. `why` is what it said last."""

    erasure: Erasure
    is_away: bool = False
    why: str | None = None

    def erase(self, copies: Iterable[CarrierCopy]) -> bool:
        """Delete copies and return whether all of them are gone."""
        for copy in copies:
            if self.is_away:
                return False
            try:
                self.erasure.erase(copy)
            except NotErasedError as error:
                self.why = str(error)
                return False
            except CarrierUnavailableError as error:
                self.is_away, self.why = True, str(error)
                return False
        return True

"""The heartbeat: an outside monitor hears from us each minute while we do our work, and tells people when it does not.

The monitor's address is a secret between it and us, so no log line holds it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import requests

from pager.adapters.guarded_http import ForbiddenAddressError, guarded_session
from pager.lifecycle.trigger import ENGINE_IS_SILENT_AFTER
from pager.lifecycle.turn import Context, reading

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 5.0
UNSENT_IS_TOO_LATE_AFTER = timedelta(minutes=1)


@dataclass(frozen=True)
class Heartbeat:
    """`last_beat_at` is of this process's own engine; `is_carrier_ok` tells whether our credentials are taken."""

    context: Context
    url: str
    last_beat_at: Callable[[], datetime | None]
    is_carrier_ok: Callable[[], bool]

    def send(self) -> None:
        """Call the monitor, unless something is wrong. Raises StoreUnavailableError, and the monitor is not called."""
        wrong = self._what_is_wrong()
        if wrong is not None:
            log.warning("the heartbeat is held back: %s", wrong)
            return
        try:
            # The answer's body is of no interest, however long it may be.
            with (
                guarded_session() as session,
                session.get(self.url, timeout=TIMEOUT_SECONDS, allow_redirects=False, stream=True) as answer,
            ):
                if not answer.ok or answer.is_redirect:
                    log.warning("the heartbeat was answered with %s", answer.status_code)
        except ForbiddenAddressError:
            log.warning("the heartbeat is not sent: its address is link-local or a cloud's metadata")
        except (requests.RequestException, ValueError) as error:  # ValueError: an address that cannot be
            log.warning("the heartbeat reached nobody: %s", type(error).__name__)

    def _what_is_wrong(self) -> str | None:
        with reading(self.context) as turn:
            unsent_since = turn.work.deliveries.oldest_unsent(turn.now)
        beat_at = self.last_beat_at()
        if beat_at is None:
            return "the engine has not beaten yet"
        if turn.now - beat_at >= ENGINE_IS_SILENT_AFTER:
            return "the engine does not beat"
        if not self.is_carrier_ok():
            return "the carrier refuses our credentials"
        if unsent_since is not None and turn.now - unsent_since > UNSENT_IS_TOO_LATE_AFTER:
            return "something has waited unsent for over a minute"
        return None

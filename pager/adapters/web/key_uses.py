"""When each key was used last: noted in memory with each answer, and written every minute beside the requests.

So no request waits for it or fails because of it. What a process noted in its last minute is lost when it dies.
"""

from __future__ import annotations

from datetime import datetime
from threading import Lock

from flask import g
from werkzeug.wrappers import Response

from pager.domain.api_key import ApiKey
from pager.lifecycle.ports import StoreUnavailableError
from pager.lifecycle.turn import Context, writing


class KeyUses:
    """The uses that this process has seen."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._uses: dict[int, datetime] = {}
        self._guard = Lock()

    def note(self, response: Response) -> Response:
        """Note after a request that a key was let in by it."""
        key: ApiKey | None = g.get("api_key")
        if key is not None:
            with self._guard:
                self._uses[key.id] = self._context.clock.now()
        return response

    def write(self) -> None:
        """Write what was noted since the last time. Raises StoreUnavailableError; it is then written the next time."""
        with self._guard:
            uses, self._uses = self._uses, {}
        if not uses:
            return
        try:
            with writing(self._context) as turn:
                turn.work.keys.note_uses(uses)
        except StoreUnavailableError:
            with self._guard:
                self._uses = uses | self._uses
            raise

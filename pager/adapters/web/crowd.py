"""Lets few check passwords at once and sends the others away: the threads of the server are there for triggers."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from threading import BoundedSemaphore
from typing import Any, TypeVar, cast

from werkzeug.exceptions import ServiceUnavailable

AT_ONCE = 3  # of the server's threads, in each process
RETRY_SECONDS = 2

View = TypeVar("View", bound=Callable[..., Any])


class CrowdedError(ServiceUnavailable):
    """As many as may are signing in, or setting a password, at this moment."""

    def __init__(self) -> None:
        super().__init__(retry_after=RETRY_SECONDS)


class Crowd:
    """One for all views of a process that check or hash a password."""

    def __init__(self) -> None:
        self._places = BoundedSemaphore(AT_ONCE)

    def few(self, view: View) -> View:
        """Return a view for few at once; nobody waits, and who is sent away has read and written nothing.

        Goes between the decorator that adds the route and whatever looks at who asks. Raises CrowdedError.
        """

        @wraps(view)
        def entered(*args: Any, **values: Any) -> Any:
            if not self._places.acquire(blocking=False):
                raise CrowdedError
            try:
                return view(*args, **values)
            finally:
                self._places.release()

        return cast(View, entered)

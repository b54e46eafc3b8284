"""Logging: one line an event on standard error; references and ids, never telephone numbers or names."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import TypeAlias

ExcInfo: TypeAlias = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

# Libraries that tell of every request at INFO; the SDK's lines hold telephone numbers.
QUIET = ("twilio.http_client", "apscheduler", "urllib3", "alembic", "waitress.queue")


class Formatter(logging.Formatter):
    """Tells where an error happened and its kind. What it says is left out but for errors of our own: those of
    libraries quote what they were given, such as the URL that a telephone number stands in.

    What stands in an event is one line: nothing that somebody sent us can look like another event, or steer a terminal.
    """

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 -- the base class's name
        return in_one_line(super().formatMessage(record))

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 -- the base class's name
        return "\n".join(_told(ei[1])) if ei[1] is not None else ""


def in_one_line(text: str) -> str:
    """Return a text with line ends, control characters and what turns the reading direction written out, as `\\n`."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


def _told(error: BaseException) -> Iterator[str]:
    """Yield an error with what it came from first, as Python does."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _told(before)
        yield "which led to:"
    yield "".join(traceback.format_tb(error.__traceback__)).rstrip()
    kind = type(error)
    says = f": {in_one_line(str(error))}" if kind.__module__.partition(".")[0] == "pager" else ""
    yield f"{kind.__module__}.{kind.__qualname__}{says}"


def set_up_logging(level: int = logging.INFO) -> None:
    """Send the log to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(Formatter())
    logging.basicConfig(level=level, handlers=[handler])
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)

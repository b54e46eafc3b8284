"""What the log says of an error: where and of what kind, and nothing that a library quoted."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

from pager.lifecycle.ports import StoreUnavailableError
from pager.logs import Formatter

URL = "https://carrier.test/Messages.json?To=%2B12135550101"


def logged(step: Callable[[], None]) -> str:
    """Return the line of an error that a step ends in."""
    try:
        step()
    except Exception:
        record = logging.LogRecord("pager", logging.ERROR, __file__, 1, "delivery %s failed", (7,), sys.exc_info())
        return Formatter().format(record)
    raise AssertionError("nothing was raised")


def unreachable() -> None:
    raise ConnectionError(f"cannot reach {URL}")


def away() -> None:
    try:
        unreachable()
    except ConnectionError as error:
        raise StoreUnavailableError("no connection") from error


def test_says_where_and_of_what_kind_and_nothing_that_it_quotes() -> None:
    line = logged(unreachable)
    assert "ERROR pager: delivery 7 failed" in line
    assert "in unreachable" in line
    assert line.endswith("builtins.ConnectionError")
    assert "2135550101" not in line


def test_an_error_of_ours_is_quoted_and_what_it_came_from_is_not() -> None:
    line = logged(away)
    assert line.endswith("pager.lifecycle.ports.StoreUnavailableError: no connection")
    assert line.index("builtins.ConnectionError") < line.index("which led to:") < line.index("StoreUnavailableError:")
    assert "carrier.test" not in line


def test_what_is_hidden_on_purpose_stays_hidden() -> None:
    def hide() -> None:
        try:
            unreachable()
        except ConnectionError:
            raise StoreUnavailableError("away") from None

    assert "ConnectionError" not in logged(hide)

"""What the log says: one line an event, and of an error where and of what kind, nothing that a library quoted."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Callable
from typing import Any

import pytest
from flask import request
from hypothesis import given
from hypothesis import strategies as st

from pager.adapters.web.authority import PUBLIC, declared
from pager.lifecycle.ports import StoreUnavailableError
from pager.logs import Formatter
from tests.web.whole_app import serve_app

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


FORGED = "x\n2026-01-05 20:00:00,000 INFO pager: all is well"


def line_of(message: str, *values: object) -> str:
    return Formatter().format(logging.LogRecord("pager", logging.INFO, __file__, 1, message, values, None))


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029"])
def test_an_event_is_one_line_whatever_stands_in_it(end: str) -> None:
    line = line_of("station %s", FORGED.replace("\n", end))
    assert len(line.splitlines()) == 1
    assert end.encode("unicode_escape").decode() in line


@given(st.text(st.characters()))
def test_nothing_that_is_logged_steers_a_terminal(text: str) -> None:
    assert line_of("%s", text).isprintable()


def test_what_can_be_read_stays_as_it_is() -> None:
    assert line_of("7K2QD: Señor Ibáñez, 子").endswith("INFO pager: 7K2QD: Señor Ibáñez, 子")


def test_an_error_of_ours_forges_no_event_either() -> None:
    def forge() -> None:
        raise StoreUnavailableError(FORGED)

    assert not any(line.startswith("2026-01-05") for line in logged(forge).splitlines())


@pytest.mark.parametrize(
    ("method", "path", "sent"),
    [
        ("GET", "/api/v1/encounters/x%0a2026-01-05%20INFO%20forged", {}),
        ("GET", "/api/v1/encounters/x", {"headers": {"Cookie": "x\v2026-01-05 INFO forged"}}),
        ("POST", "/api/v1/encounters", {"json": {"station": FORGED}}),
        ("POST", "/api/v1/encounters", {"data": FORGED}),
    ],
    ids=["path", "header", "field", "body"],
)
def test_no_request_forges_an_event(sqlite_url: str, method: str, path: str, sent: dict[str, Any]) -> None:
    whole, stream = serve_app(sqlite_url), io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Formatter())
    logging.getLogger().addHandler(handler)
    whole.app.view_functions |= dict.fromkeys(("api.encounter", "api.trigger"), declared(fail, PUBLIC))
    whole.app.test_client().open(path, method=method, **sent)
    logging.getLogger().removeHandler(handler)
    whole.store.engine.dispose()
    assert "WARNING pager: cannot do" in stream.getvalue()
    assert not any(line.startswith(("2026-01-05", "forged")) for line in stream.getvalue().splitlines())


def fail(**_: object) -> str:
    """Fail with what was asked for, and log it: as bad as a view of ours could be."""
    field = (request.get_json(silent=True) or {}).get("station")
    asked = f"{request.path} {request.get_data(as_text=True)} {field} {request.headers.get('Cookie')}"
    logging.getLogger("pager").warning("cannot do %s", asked)
    raise StoreUnavailableError(asked)

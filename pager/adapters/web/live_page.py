"""Pages that ask every few seconds for what has changed: each answer says when it was so."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from pager.adapters.web.authority import session_ends_at
from pager.domain.readable import clock_time
from pager.lifecycle.turn import Context


def live_page(template: str, context: Context, now: datetime, status: int = HTTPStatus.OK, **values: Any) -> Response:
    """Return a page as it was at `now`; where the session ends soon, it says when."""
    ends_at = session_ends_at()
    ends = None if ends_at is None else clock_time(ends_at.astimezone(context.zone))
    page = render_template(template, now_utc=now.isoformat(), zone=context.zone.key, ends=ends, **values)
    response = make_response(page, status)
    response.headers["Board-Time"] = now.isoformat()  # the viewer's own clock may be wrong
    if ends_at is not None:
        response.headers["Session-Ends"] = ends_at.isoformat()
    return response


def if_changed(response: Response) -> Response:
    """Return 304 to whoever has the page as it is."""
    response.add_etag()
    return response.make_conditional(request)

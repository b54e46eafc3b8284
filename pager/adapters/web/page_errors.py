"""Every error of a page that people look at, as a page in plain words."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, current_app, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from pager.adapters.web.crowd import CrowdedError
from pager.lifecycle.ports import StoreConflictError, StoreUnavailableError

SAID: dict[int, tuple[str, str]] = {
    HTTPStatus.NOT_FOUND: ("There is no such page", "The address is mistyped, or what was there is gone."),
    HTTPStatus.METHOD_NOT_ALLOWED: ("This page takes nothing", "What was sent there belongs to another page."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("That was too much", "No page asks for anything as large."),
    HTTPStatus.INTERNAL_SERVER_ERROR: ("Something went wrong here", "It is not your doing; it has been written down."),
}
NOT_FROM_HERE = (
    "Please do that once more",
    "The page from which this was sent is no longer good: you have signed in or out since it was loaded, or cookies "
    "are off. Nothing was changed. Go back, load the page again, and try once more.",
)
NO_COOKIE = (
    "Your browser sent no cookie",
    "Cookies are off, or the page was not opened by https: this service gives its cookie to https alone. Nothing was "
    "changed. Open the page by its https address, and try once more.",
)
CROWDED = (
    "Many people are signing in",
    "Try again in a moment: go back, and send it once more. Nothing was looked at, and nothing was changed.",
)
NOT_FOR_YOU = "This page is not for you"


class PageErrors:
    """Turns errors into pages. `fallback_text` says what to do while the database is away."""

    def __init__(self, fallback_text: str) -> None:
        self._fallback_text = fallback_text

    def handle_in(self, blueprint: Blueprint) -> None:
        """Answer every error within a blueprint as a page."""
        blueprint.register_error_handler(HTTPException, self.page)
        for error in (StoreUnavailableError, StoreConflictError):
            blueprint.register_error_handler(error, self._unavailable)

    def page(self, error: HTTPException) -> Any:
        """Return the page of an error; a redirection stays one."""
        status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
        if status < HTTPStatus.BAD_REQUEST:
            return error
        title, text = self._words(error, status)
        headers = [(name, value) for name, value in error.get_headers() if name.lower() != "content-type"]
        page = render_template("pages/error.html", title=title, text=text)
        return Response(page, status, headers, mimetype="text/html")

    def _words(self, error: HTTPException, status: int) -> tuple[str, str]:
        if isinstance(error, CSRFError):
            is_without = current_app.config["SESSION_COOKIE_SECURE"] and not request.cookies
            return NO_COOKIE if is_without else NOT_FROM_HERE
        if isinstance(error, CrowdedError):
            return CROWDED
        if status == HTTPStatus.FORBIDDEN:
            return NOT_FOR_YOU, error.description or ""
        return SAID.get(status) or (HTTPStatus(status).phrase, error.description or "")

    def _unavailable(self, _error: Exception) -> tuple[str, int]:
        page = render_template("pages/unavailable.html", fallback_text=self._fallback_text)
        return page, HTTPStatus.SERVICE_UNAVAILABLE

"""What every answer carries and what every request must pass: headers, the host's name, the size of a body."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from urllib.parse import urlsplit

from flask import Flask, current_app, request
from flask_talisman import Talisman
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from pager.adapters.web.api_keys import sent_secret
from pager.adapters.web.authority import PUBLIC, SANDBOX, authority_of, refuse_undeclared
from pager.adapters.web.json_body import LARGEST_BODY

HSTS_SECONDS = 365 * 24 * 60 * 60
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})

# Nothing is fetched from elsewhere and nothing stands inline; Bootstrap's and the viewer's style sheets hold images.
CONTENT_POLICY = {
    "default-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}

# Load balancers ask by address. What the carrier sends is signed, and the signature covers PAGER_PUBLIC_URL with its
# host already: that the Host header says so too would add nothing, and a proxy that rewrites it would cost answers.
ANY_HOST = ("health", "twilio")

_HOST = re.compile(r"([a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")


def protect(app: Flask, public_url: str, hosts: Collection[str]) -> None:
    """Put the edges around `app`, before anything else looks at a request. `hosts` may be asked for besides our own."""
    is_secure = public_url.startswith("https://")
    app.config |= {"MAX_CONTENT_LENGTH": LARGEST_BODY, "SESSION_COOKIE_SECURE": is_secure}
    app.before_request(_host_check(_names(public_url, hosts)))
    app.before_request(_refuse_what_no_address_holds)
    app.before_request(refuse_undeclared)
    app.after_request(_keep_out_of_caches)
    Talisman(
        app,
        # To https leads the proxy, if any: a trigger or a webhook that is sent elsewhere may never arrive.
        force_https=False,
        # Its own is left out where a proxy does not say that it speaks TLS; ours goes by PAGER_PUBLIC_URL.
        strict_transport_security=False,
        session_cookie_secure=is_secure,
        session_cookie_samesite="Lax",
        frame_options="DENY",
        content_security_policy=CONTENT_POLICY,
        referrer_policy="no-referrer",
    )
    if is_secure:
        app.after_request(_remember_https)


def _names(public_url: str, hosts: Collection[str]) -> frozenset[str]:
    """Return every name that we answer to, as a Host header has it: an IPv6 address stands in brackets."""
    names = {*hosts, urlsplit(public_url).hostname or ""}
    return LOOPBACK | {f"[{name}]" if ":" in name and not name.startswith("[") else name.lower() for name in names}


def _host_check(names: Collection[str]) -> Callable[[], None]:
    def check_host() -> None:
        """A page of another site that has its name lead to us (DNS rebinding) still says that name here."""
        host = request.headers.get("Host")
        # A browser that was led astray has no key to send; a dispatch system that calls us by an address has, and what
        # it triggers must not be refused for the name it uses.
        if host is None or request.blueprint in ANY_HOST or sent_secret() is not None:
            return
        found = _HOST.fullmatch(host.lower())
        if found is None or found[1] not in names:
            asked = found[1] if found else "what the Host header says"
            raise BadRequest(f"This service does not go by the name of {asked}. If it should, add that to PAGER_HOSTS.")

    return check_host


def _refuse_what_no_address_holds() -> None:
    """Nothing is called by a name with a NUL in it, and PostgreSQL cannot be asked for one."""
    if "\0" in request.path:
        raise NotFound


def _keep_out_of_caches(response: Response) -> Response:
    """Let nobody keep an answer, but files that come with the code and say how long they are good."""
    authority = request.endpoint and authority_of(current_app, request.endpoint)
    if authority not in (PUBLIC, SANDBOX) or "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response


def _remember_https(response: Response) -> Response:
    response.headers["Strict-Transport-Security"] = f"max-age={HSTS_SECONDS}"
    return response
